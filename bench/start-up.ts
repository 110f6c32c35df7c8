/** @module Start-up: time from process start to the first byte on the wire and to the first call of the load. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { NullRequests } from '../src/server/null/requests.ts';
import { systemClock } from '../src/units/clock.ts';
import { CORE, pinned } from './command.ts';
import type { Context } from './context.ts';
import { goalOf } from './goal.ts';
import { formatSpread, spreadOf } from './ratio.ts';
import type { Outcome, Section } from './section.ts';

const STARTS = 9;
const LIMIT_MS = 30_000;

/** On two cores with the cache, from the start of the process. */
const GOAL_MS = { firstByte: 140, firstCall: 200 } as const;

/** Measures how soon `paceline run --target` sends its first request. */
export const startUp: Section = {
  name: 'start-up',
  title: 'From process start to the first request',
  method: `\`paceline run PROFILE --target URL\` is started ${STARTS} times in each way, in turn, against a server in this process, which records the time of the first byte and of the first call of the load. Between the two, Paceline probes the server (is it MCP, and of which era?) and starts the load thread. Without the cache, a copy of the command runs whose folder for the cache is a file.`,
  run,
};

interface Start {
  readonly firstByteMs: number;
  readonly firstCallMs: number;
}

/** One way to start the command. */
interface Way {
  readonly cores: 'two cores' | 'one core';
  readonly code: 'with the cache' | 'without the cache' | 'modules';
  readonly script: string;
}

async function run({ say }: Context): Promise<Outcome> {
  if (!existsSync(resolve('bundle/cli/main.js')))
    throw new Error('bundle/ is not built: run npm run build first');
  const folder = mkdtempSync(join(tmpdir(), 'paceline-start-'));
  try {
    const profile = join(folder, 'profile.yaml');
    writeFileSync(profile, PROFILE);
    const ways = waysOf(withoutCache(folder));
    const starts = new Map<Way, Start[]>(ways.map((way) => [way, []]));
    for (let index = 0; index < STARTS; index += 1) {
      say(`start ${index + 1}/${STARTS}`);
      for (const way of ways) starts.get(way)!.push(await startOnce(way, profile, folder));
    }
    return outcomeOf(starts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function waysOf(bare: string): readonly Way[] {
  const scripts = [
    ['with the cache', resolve('bin/paceline.js')],
    ['without the cache', join(bare, 'bin/paceline.js')],
    ['modules', resolve('dist/cli/main.js')],
  ] as const;
  return (['two cores', 'one core'] as const).flatMap((cores) =>
    scripts.map(([code, script]) => ({ cores, code, script })),
  );
}

/** A copy of the command that cannot store a cache. */
function withoutCache(folder: string): string {
  const copy = join(folder, 'copy');
  const filter = (path: string): boolean => basename(path) !== 'cache';
  for (const name of ['bin', 'bundle', 'package.json'])
    cpSync(resolve(name), join(copy, name), { recursive: true, filter });
  for (const name of ['dist', 'node_modules']) symlinkSync(resolve(name), join(copy, name));
  for (const name of ['command', 'thread']) writeFileSync(join(copy, 'bundle', name, 'cache'), '');
  return copy;
}

function outcomeOf(measured: ReadonlyMap<Way, readonly Start[]>): Outcome {
  const rows = [...measured].map(([{ cores, code }, starts]) => ({
    cores,
    code,
    byte: spreadOf(starts.map(({ firstByteMs }) => firstByteMs))!,
    call: spreadOf(starts.map(({ firstCallMs }) => firstCallMs))!,
  }));
  const [{ byte, call }] = rows as [(typeof rows)[number]];
  const atMost = (bound: number) => ({ direction: 'at most', bound, unit: 'ms' }) as const;
  return {
    tables: [
      {
        caption: `Milliseconds since the start of the process: median (min .. max) of ${STARTS}`,
        head: ['cores', 'code', 'first byte on the wire (a probe)', 'first call of the load'],
        rows: rows.map((row) => [row.cores, row.code, formatSpread(row.byte, 0), formatSpread(row.call, 0)]),
      },
    ],
    goals: [
      goalOf({ what: 'first byte, two cores, with the cache', ...atMost(GOAL_MS.firstByte) }, byte.median),
      goalOf({ what: 'first call, two cores, with the cache', ...atMost(GOAL_MS.firstCall) }, call.median),
    ],
    notes: [],
    data: { starts: [...measured].map(([{ cores, code }, each]) => ({ cores, code, starts: each })) },
  };
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

async function startOnce({ cores, script }: Way, profile: string, folder: string): Promise<Start> {
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
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const args = ['run', profile, '--target', url, '--out', join(folder, 'out'), '--force', '--quiet'];
  const command: [string, ...string[]] = [process.execPath, script, ...args];
  const [program, ...rest] = cores === 'one core' ? pinned(CORE.client, command) : command;
  const startUs = systemClock.now();
  const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'], timeout: LIMIT_MS });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await once(child, 'close');
  server.close();
  if (firstByteUs === undefined || firstCallUs === undefined)
    throw new Error(`no call was made:\n${printed}`);
  return { firstByteMs: (firstByteUs - startUs) / 1000, firstCallMs: (firstCallUs - startUs) / 1000 };
}
