/** @module Runs the other load generators with the same call, and reads their throughput from what they print. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../src/process/find-program.ts';
import { CORE, output } from './command.ts';
import { CONNECTIONS, type StaticCall, staticCall, WARMUP_SECONDS } from './load.ts';

/** Calls per second, and how many failed, because failed calls can be faster. */
export interface Throughput {
  readonly perSecond: number;
  readonly failed: number;
  /** Busy time of the load thread per call; absent of other clients. */
  readonly busyUs?: number;
}

/** A client of the bench. */
export interface BenchClient {
  readonly name: string;
  measure(url: string, seconds: number): Promise<Throughput>;
}

/** The argument of a client that is one of our scripts, as JSON. */
export interface ScriptLoad extends StaticCall {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly warmupSeconds: number;
}

const GRACE_SECONDS = 30;

/** autocannon and bare undici, and those of wrk, h2load and hey that are installed. */
export function otherClients(): readonly BenchClient[] {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const bodyFile = join(folder, 'body.json');
  writeFileSync(bodyFile, staticCall().body);
  const native: readonly ((program: string) => BenchClient)[] = [
    (program) => wrk(program, folder),
    (program) => h2load(program, bodyFile),
    (program) => hey(program, bodyFile),
  ];
  const installed = ['wrk', 'h2load', 'hey'].flatMap((name, index) => {
    const program = findProgram(name);
    return program === undefined ? [] : [native[index]!(program)];
  });
  return [
    script('autocannon', 'autocannon-client'),
    script('undici dispatch', 'dispatch-client'),
    ...installed,
  ];
}

function script(name: string, file: string): BenchClient {
  const path = fileURLToPath(new URL(`./${file}.js`, import.meta.url));
  return {
    name,
    async measure(url, seconds) {
      const load: ScriptLoad = {
        url,
        ...staticCall(),
        connections: CONNECTIONS,
        seconds,
        warmupSeconds: WARMUP_SECONDS,
      };
      const limit = seconds + WARMUP_SECONDS + GRACE_SECONDS;
      const printed = await output(CORE.client, [process.execPath, path, JSON.stringify(load)], limit);
      return JSON.parse(printed) as Throughput;
    },
  };
}

function wrk(program: string, folder: string): BenchClient {
  const { headers, body } = staticCall();
  const file = join(folder, 'call.lua');
  const quoted = (text: string): string => JSON.stringify(text);
  const lines = Object.entries(headers).map(
    ([name, value]) => `wrk.headers[${quoted(name)}] = ${quoted(value)}`,
  );
  writeFileSync(file, `wrk.method = "POST"\nwrk.body = ${quoted(body)}\n${lines.join('\n')}\n`);
  return {
    name: 'wrk',
    async measure(url, seconds) {
      const args = ['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '-s', file, url];
      return readWrk(await output(CORE.client, [program, ...args], seconds + GRACE_SECONDS));
    },
  };
}

function h2load(program: string, bodyFile: string): BenchClient {
  const headers = Object.entries(staticCall().headers).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ]);
  return {
    name: 'h2load --h1',
    async measure(url, seconds) {
      const args = ['--h1', '-t', '1', '-c', String(CONNECTIONS), '-D', String(seconds), '-d', bodyFile];
      const printed = await output(CORE.client, [program, ...args, ...headers, url], seconds + GRACE_SECONDS);
      return readH2load(printed);
    },
  };
}

function hey(program: string, bodyFile: string): BenchClient {
  const { Accept, 'Content-Type': type, ...others } = staticCall().headers;
  const headers = Object.entries(others).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  return {
    name: 'hey',
    async measure(url, seconds) {
      const call = ['-m', 'POST', '-D', bodyFile, '-T', type!, '-A', Accept!, '-disable-compression'];
      const args = ['-cpus', '1', '-c', String(CONNECTIONS), '-z', `${seconds}s`, ...call, ...headers, url];
      return readHey(await output(CORE.client, [program, ...args], seconds + GRACE_SECONDS));
    },
  };
}

/** Reads the output of wrk. */
export function readWrk(printed: string): Throughput {
  const socket = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(printed);
  const errors = socket?.slice(1).reduce((sum, count) => sum + Number(count), 0) ?? 0;
  return {
    perSecond: figure(printed, /Requests\/sec:\s+([\d.]+)/),
    failed: errors + Number(/Non-2xx or 3xx responses: (\d+)/.exec(printed)?.[1] ?? 0),
  };
}

/** Reads the output of h2load. */
export function readH2load(printed: string): Throughput {
  const good = figure(printed, /status codes: (\d+) 2xx/);
  const done = figure(printed, /(\d+) done/);
  return { perSecond: figure(printed, /, ([\d.]+) req\/s/), failed: Math.max(0, done - good) };
}

/** Reads the output of hey. */
export function readHey(printed: string): Throughput {
  const statuses = [...printed.matchAll(/^\s+\[(\d+)\]\s+(\d+) responses$/gm)];
  const bad = statuses.filter(([, status]) => status !== '200').reduce((sum, [, , n]) => sum + Number(n), 0);
  const errors = [...printed.matchAll(/^\s+\[(\d+)\]\s+(?!\d+ responses$)\S/gm)];
  return {
    perSecond: figure(printed, /Requests\/sec:\s+([\d.]+)/),
    failed: bad + errors.reduce((sum, [, count]) => sum + Number(count), 0),
  };
}

function figure(printed: string, pattern: RegExp): number {
  const value = Number(pattern.exec(printed)?.[1]);
  if (!Number.isFinite(value)) throw new Error(`no figure ${pattern.source} in:\n${printed}`);
  return value;
}
