/** @module The loads of the bench: the same tools/call for every client, as a plan for the engine and as constant bytes for the others. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONNECTIONS, planOf } from '../src/experiment/calibration/load.ts';
import type { LoadCache } from '../src/generator/engine/load-cache.ts';
import type { LoadPlan } from '../src/generator/engine/plan.ts';
import type { CallSettings, DriverName, Era, LoadSettings, Shape } from '../src/profile/settings.ts';
import { jsonText } from '../src/protocol/call-arguments.ts';
import { statelessCall } from '../src/protocol/stateless.ts';
import { traceContexts } from '../src/protocol/trace.ts';
import type { Generator, Summary } from '../src/result/document.ts';
import { type Build, buildsWith } from './build.ts';
import { CORE, output } from './command.ts';
import { type FakeCredentials, fakeAuth } from './fake-credentials.ts';

export { CONNECTIONS };

/** Time to open connections and to compile code before the figures count. */
export const WARMUP_SECONDS = 2;

export interface Load {
  readonly url: string;
  readonly driver: DriverName;
  readonly shape: Shape;
  readonly seconds: number;
  readonly checkIds?: boolean;
  readonly connections?: number;
  /** Other settings of the load, such as the version of HTTP. */
  readonly settings?: Partial<LoadSettings>;
  /** File of the certificate of the server. */
  readonly caFile?: string | undefined;
  readonly era?: Era;
  /** The whole mix of calls, in place of {@link Load.call} and {@link Load.tool}. */
  readonly calls?: readonly CallSettings[];
  /** Constant when absent. */
  readonly arrivals?: 'constant' | 'poisson';
  /** The tool to call, without arguments; `echo` with a text when absent. */
  readonly tool?: string;
  /** The call to make in place of a tool's. */
  readonly call?: CallSettings;
  /** What agents do about results that can be kept; nothing when absent. */
  readonly cache?: LoadCache;
  readonly seed?: number;
  readonly agents?: number;
  /** What the agents send; nothing when absent. */
  readonly credentials?: FakeCredentials;
  /** The build that runs the load; this one when absent. */
  readonly build?: Build | undefined;
}

/** The load of a calibration, with what the bench varies. */
export function planFor(load: Load): LoadPlan {
  const {
    url,
    driver,
    shape,
    seconds,
    checkIds = true,
    connections = CONNECTIONS,
    arrivals = 'constant',
  } = load;
  const spans = { warmupUs: WARMUP_SECONDS * 1e6, durationUs: seconds * 1e6 };
  const plan = planOf(url, driver, shape, spans);
  const agents = load.agents ?? plan.load.agents;
  return {
    ...plan,
    calls: callsOf(load) ?? plan.calls,
    ...(load.cache && { cache: load.cache }),
    seed: load.seed ?? plan.seed,
    era: load.era ?? plan.era,
    tls: { insecure: false, ...(load.caFile !== undefined && { caFile: load.caFile }) },
    ...(load.credentials && { auth: fakeAuth(load.credentials, agents, url) }),
    load: {
      ...plan.load,
      agents,
      arrivals,
      connections,
      checkIds,
      timeoutUs: 10e6,
      ...load.settings,
    },
  };
}

function callsOf({ call, calls, tool }: Load): readonly CallSettings[] | undefined {
  if (calls !== undefined) return calls;
  if (call !== undefined) return [call];
  return tool === undefined ? undefined : [callOfTool(tool)];
}

function callOfTool(tool: string): CallSettings {
  return { name: `tools/call ${tool}`, method: 'tools/call', tool, arguments: {}, weight: 1 };
}

/** The results of one run of Paceline's client. */
export interface Measured {
  readonly summary: Omit<Summary, 'histograms' | 'windows'>;
  readonly generator: Generator;
  readonly peakRssBytes: number;
  /** Resident memory, read once per second from the start of the load. */
  readonly rssBytes: readonly number[];
  /** CPU time of the process within the measured time, user and system, of all threads. Absent of builds that do not tell it. */
  readonly cpuUs?: number;
  /** From the start of the load threads to the start of the load: sessions and connections were opened. Absent of builds that do not tell it. */
  readonly preparedUs?: number;
}

/** Runs `load` in its own process: on the core of the client, unless it has several threads. */
export async function measure(load: Load): Promise<Measured> {
  const { build = buildsWith(undefined)[0] } = load;
  const script = join(build.folder, 'bench/client.js');
  const core = (load.settings?.workers ?? 1) === 1 ? CORE.client : undefined;
  // Before the load, sessions are opened.
  const limit = WARMUP_SECONDS + load.seconds + 30 + Math.ceil((load.agents ?? 0) / 300);
  const folder = mkdtempSync(join(tmpdir(), 'paceline-load-'));
  try {
    // A command line may not hold arguments of a megabyte.
    const file = join(folder, 'plan.json');
    writeFileSync(file, JSON.stringify(planFor(load)));
    return JSON.parse(await output(core, [process.execPath, script, file], limit)) as Measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One call as constant bytes, for clients that repeat one request. */
export interface StaticCall {
  /** Without `host` and `content-length`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A call as the engine makes it in the middle of a run. */
export function staticCall(): StaticCall {
  const encode = statelessCall({ method: 'tools/call', tool: 'echo' }, {}, traceContexts(1));
  const { head, body } = encode(54_321, jsonText('{"text":"hello 31 54321"}'));
  const headers: Record<string, string> = {};
  for (let i = 0; i < head.headers.length; i += 2) headers[head.headers[i]!] = head.headers[i + 1]!;
  return { headers, body };
}

/** The answer of a static server to {@link staticCall}. */
export const STATIC_ANSWER =
  '{"jsonrpc":"2.0","id":54321,"result":{"resultType":"complete","content":[{"type":"text","text":"hello 31 54321"}]}}';
