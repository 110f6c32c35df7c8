/** @module Start-up: time from process start to the first byte on the wire and to the first call of the load. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { NullRequests } from '../src/server/null/requests.ts';
import { systemClock } from '../src/units/clock.ts';
import { CORE, pinned } from './command.ts';
import { formatSpread, spreadOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';

const STARTS = 9;
const GOAL_MS = 400;
const LIMIT_MS = 30_000;

/** Measures how soon `paceline run --target` sends its first request. */
export const startUp: Section = {
  name: 'start-up',
  title: 'From process start to the first request',
  method: `\`paceline run PROFILE --target URL\` is started ${STARTS} times against a server in this process, which records the time of the first byte and of the first call of the load. Between the two, Paceline probes the server (is it MCP, and of which era?) and starts the load thread.`,
  run,
};

interface Start {
  readonly firstByteMs: number;
  readonly firstCallMs: number;
}

async function run({ say }: Context): Promise<Outcome> {
  const bin = resolve('bin/paceline.js');
  if (!existsSync(resolve('dist/cli/main.js')))
    throw new Error('dist/ is not built: run npm run build first');
  const folder = mkdtempSync(join(tmpdir(), 'paceline-start-'));
  const starts: Start[] = [];
  try {
    const profile = join(folder, 'profile.yaml');
    writeFileSync(profile, PROFILE);
    for (let index = 0; index < STARTS; index += 1) {
      say(`start ${index + 1}/${STARTS}`);
      starts.push(await startOnce(bin, profile, folder));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const byte = spreadOf(starts.map((start) => start.firstByteMs))!;
  const call = spreadOf(starts.map((start) => start.firstCallMs))!;
  return {
    tables: [
      {
        caption: `Time since the start of the process: median (min .. max) of ${STARTS}`,
        head: ['until', 'ms'],
        rows: [
          ['the first byte on the wire (a probe)', formatSpread(byte, 0)],
          ['the first call of the load', formatSpread(call, 0)],
        ],
      },
    ],
    notes: [
      `The first request is sent after ${byte.median.toFixed(0)} ms; the goal of less than ${GOAL_MS} ms is ${byte.median < GOAL_MS ? 'reached' : 'MISSED'}.`,
    ],
    data: { starts },
  };
}

const PROFILE = `version: 1
title: Start-up
load: { rate: 100/s, duration: 300ms, warmup: 0s, agents: 1, connections: 1 }
calls: [{ tool: echo, arguments: { text: hello } }]
target: { url: "http://127.0.0.1:1/mcp", era: auto }
`;

/** The shortest answer that identifies a server of the stateless era: unknown method, with status 404. */
const DISCOVERED =
  'HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 80\r\n\r\n' +
  '{"jsonrpc":"2.0","id":null,"error":{"code":-32601,"message":"Method not found"}}';

async function startOnce(bin: string, profile: string, folder: string): Promise<Start> {
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
  const args = ['run', profile, '--target', url, '--out', join(folder, 'out'), '--quiet'];
  const [program, ...rest] = pinned(CORE.client, [process.execPath, bin, ...args]);
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
