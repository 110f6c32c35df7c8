/** @module Loads of many agents and many kinds of calls: what the generator needs for each of them. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadPlan } from '../src/generator/engine/plan.ts';
import type { CallSettings, Era } from '../src/profile/settings.ts';
import { CORE, output } from './command.ts';
import { CONNECTIONS, planFor, WARMUP_SECONDS } from './load.ts';

/** How large a load is. */
export interface Growth {
  readonly era: Era;
  readonly agents: number;
  /** Kinds of calls in the mix, each of a tool of its own. */
  readonly kinds: number;
}

/** What the generator needed. */
export interface Grown {
  readonly perSecond: number;
  readonly failed: number;
  /** CPU time of the process per call, collection of garbage included. */
  readonly cpuUs: number;
  /** Until every agent was ready to call: its session was open, where the era has some. */
  readonly openSeconds: number;
  /** The most resident memory, from the start of the process to the end of the load. */
  readonly peakRssBytes: number;
}

/** The most agents that any load opens, and so long it may take. */
const MOST_OPEN_SECONDS = 120;

/** Runs a closed loop of `growth` against the null responder at `url`, in its own process on one core. */
export async function measureGrowth(url: string, growth: Growth, seconds: number): Promise<Grown> {
  const script = join(fileURLToPath(new URL('..', import.meta.url)), 'bench/growth-client.js');
  const limit = WARMUP_SECONDS + seconds + MOST_OPEN_SECONDS;
  const args = JSON.stringify(growthPlan(url, growth, seconds));
  return JSON.parse(await output(CORE.client, [process.execPath, script, args], limit)) as Grown;
}

function growthPlan(url: string, { era, agents, kinds }: Growth, seconds: number): LoadPlan {
  const shape = { kind: 'closed', concurrency: CONNECTIONS } as const;
  const plan = planFor({ url, driver: 'wire', shape, seconds, agents });
  const [call] = plan.calls as readonly [CallSettings];
  const calls = Array.from({ length: kinds }, (_, kind) => ({
    ...call,
    name: `tools/call echo-${kind}`,
    tool: `echo-${kind}`,
  }));
  return { ...plan, era, calls };
}
