/** @module Start-up: time from process start to the first byte on the wire and to the first call of the load. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { NullRequests } from '../src/server/null/requests.ts';
import { systemClock } from '../src/units/clock.ts';
import type { Build } from './build.ts';
import { CORE, pinned } from './command.ts';
import type { Context } from './context.ts';
import type { FigureName } from './figures.ts';
import { type Goal, goalOf } from './goal.ts';
import { formatSpread, ratioOf } from './ratio.ts';
import { type Arm, type Rounds, roundsOf, runRounds, type Sample, spreadIn } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import type { Table } from './table.ts';

const STARTS = 9;
const LIMIT_MS = 30_000;

/** Measures how soon `paceline run --target` sends its first request. */
export const startUp: Section = {
  name: 'start-up',
  title: 'From process start to the first request',
  method: `\`paceline run PROFILE --target URL\` is started ${STARTS} times in each way, by turns, against a server in this process, which records the time of the first byte and of the first call of the load. Between the two, Paceline probes the server (is it MCP, and of which era?) and starts the load thread. Without the cache, a copy of the command runs whose folder for the cache is a file. \`node\` alone runs one line that connects and sends a byte: no program on Node can be sooner.`,
  run,
};

/** One way to start the command. */
interface Way {
  readonly cores: 'two cores' | 'one core';
  readonly code: 'with the cache' | 'without the cache' | 'modules';
}

const CORES = ['two cores', 'one core'] as const;
const WAYS: readonly Way[] = CORES.flatMap((cores) =>
  (['with the cache', 'without the cache', 'modules'] as const).map((code) => ({ cores, code })),
);
const nameOf = ({ cores, code }: Way): string => `${cores}, ${code}`;
const nodeAlone = (cores: Way['cores']): string => `${cores}, node alone`;
/** Sends a byte to the port that is its argument. */
const ONE_BYTE = "require('node:net').connect(Number(process.argv[1]), '127.0.0.1').end('x')";

async function run(context: Context): Promise<Outcome> {
  if (!existsSync(resolve('bundle/cli/main.js')))
    throw new Error('bundle/ is not built: run npm run build first');
  const folder = mkdtempSync(join(tmpdir(), 'paceline-start-'));
  try {
    const profile = join(folder, 'profile.yaml');
    writeFileSync(profile, PROFILE);
    const ours = WAYS.map(
      (way): Arm => ({
        name: nameOf(way),
        of: 'paceline',
        measure: (_, build) => startOnce(way.cores, scriptOf(way, build, folder), profile, folder),
      }),
    );
    const alone = CORES.map(
      (cores): Arm => ({ name: nodeAlone(cores), of: 'other program', measure: () => startNode(cores) }),
    );
    const arms = [...ours, ...alone];
    const rounds = await runRounds(arms, { ...context, effort: { ...context.effort, rounds: STARTS } });
    return { tables: [tableOf(rounds)], goals: goalsOf(rounds), notes: [], rounds: [rounds] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The file to start in the checkout of `build`; a copy that it needs is made in `folder`. */
function scriptOf({ code }: Way, build: Build, folder: string): string {
  const checkout = resolve(build.folder, '..');
  switch (code) {
    case 'with the cache':
      return join(checkout, 'bin/paceline.js');
    case 'without the cache':
      return join(withoutCache(checkout, join(folder, build.kind)), 'bin/paceline.js');
    case 'modules':
      return join(checkout, 'dist/cli/main.js');
  }
}

/** A copy of the command that cannot store a cache: `copy`, made unless it is there. */
function withoutCache(checkout: string, copy: string): string {
  if (existsSync(copy)) return copy;
  const filter = (path: string): boolean => basename(path) !== 'cache';
  for (const name of ['bin', 'bundle', 'package.json'])
    cpSync(join(checkout, name), join(copy, name), { recursive: true, filter });
  for (const name of ['dist', 'node_modules']) symlinkSync(join(checkout, name), join(copy, name));
  for (const name of ['command', 'thread']) writeFileSync(join(copy, 'bundle', name, 'cache'), '');
  return copy;
}

/** Those of an arm, of this build or of the one before. */
const coresOf = (name: string): Way['cores'] => CORES.find((cores) => name.startsWith(cores))!;

function tableOf(rounds: Rounds): Table {
  const firstBytes = roundsOf(rounds, 'firstByteMs');
  return {
    caption: `Milliseconds since the start of the process: median (min .. max) of ${STARTS}`,
    head: ['cores and code', 'first byte on the wire (a probe)', 'x node alone', 'first call of the load'],
    rows: rounds.names.map((name) => [
      name,
      formatSpread(spreadIn(rounds, 'firstByteMs', name), 0),
      formatSpread(ratioOf(firstBytes, name, nodeAlone(coresOf(name))), 2),
      formatSpread(spreadIn(rounds, 'firstCallMs', name), 0),
    ]),
  };
}

/** On two cores with the cache, from the start of the process. */
function goalsOf(rounds: Rounds): readonly Goal[] {
  const name = nameOf(WAYS[0]!);
  const atMost = (what: string, bound: number, figure: FigureName): Goal =>
    goalOf(
      { what: `${what}, ${name}`, direction: 'at most', bound, unit: 'ms' },
      spreadIn(rounds, figure, name)?.median,
    );
  return [atMost('first byte', 140, 'firstByteMs'), atMost('first call', 200, 'firstCallMs')];
}

const PROFILE = `version: 1
title: Start-up
load: { rate: 100/s, duration: 300ms, warmup: 0s, agents: 1, connections: 1 }
calls: [{ tool: echo, arguments: { text: hello } }]
target: { url: "http://127.0.0.1:1/mcp", era: auto }
`;

const VERSIONS =
  '{"jsonrpc":"2.0","id":0,"result":{"resultType":"complete","supportedVersions":["2026-07-28"]}}';

/** The shortest answer that identifies a server of the stateless era. */
const DISCOVERED = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${VERSIONS.length}\r\n\r\n${VERSIONS}`;

/** When a started program sent its first byte, and its first call. */
interface Starts {
  readonly firstByteMs: number | undefined;
  readonly firstCallMs: number | undefined;
  /** What it printed on stderr. */
  readonly printed: string;
}

/** Runs the command that `argsOf` gives for the port of a server, to its end. */
async function started(cores: Way['cores'], argsOf: (port: number) => readonly string[]): Promise<Starts> {
  let firstByteUs: number | undefined;
  let firstCallUs: number | undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    const requests = new NullRequests();
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      const now = systemClock.now();
      firstByteUs ??= now;
      const method = /^mcp-method: (.*)$/im.exec(chunk.toString('latin1'))?.[1]?.trim();
      if (method === 'tools/call') firstCallUs ??= now;
      socket.write(method === 'server/discover' ? DISCOVERED : requests.receive(chunk), 'latin1');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const args = argsOf((server.address() as AddressInfo).port);
  const command: [string, ...string[]] = [process.execPath, ...args];
  const [program, ...rest] = cores === 'one core' ? pinned(CORE.client, command) : command;
  const startUs = systemClock.now();
  const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'], timeout: LIMIT_MS });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await once(child, 'close');
  server.close();
  const since = (us: number | undefined): number | undefined => us && (us - startUs) / 1000;
  return { firstByteMs: since(firstByteUs), firstCallMs: since(firstCallUs), printed };
}

async function startOnce(
  cores: Way['cores'],
  script: string,
  profile: string,
  folder: string,
): Promise<Sample> {
  const { firstByteMs, firstCallMs, printed } = await started(cores, (port) => {
    const url = `http://127.0.0.1:${port}/mcp`;
    return [script, 'run', profile, '--target', url, '--out', join(folder, 'out'), '--force', '--quiet'];
  });
  if (firstByteMs === undefined || firstCallMs === undefined)
    throw new Error(`no call was made:\n${printed}`);
  return { failed: 0, firstByteMs, firstCallMs };
}

async function startNode(cores: Way['cores']): Promise<Sample> {
  const { firstByteMs, printed } = await started(cores, (port) => ['-e', ONE_BYTE, `${port}`]);
  if (firstByteMs === undefined) throw new Error(`no byte was sent:\n${printed}`);
  return { failed: 0, firstByteMs };
}
