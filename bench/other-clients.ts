/** @module Runs the other load generators with the same call, and reads their throughput from what they print. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../src/process/find-program.ts';
import type { Build } from './build.ts';
import { CORE, output, timed } from './command.ts';
import { CONNECTIONS, type StaticCall, staticCall, WARMUP_SECONDS } from './load.ts';
import type { Arm, Sample } from './rounds.ts';

/** Calls per second and, where it was measured, CPU time of the client per call, user and system, of all its threads. */
interface Throughput extends Sample {
  readonly perSecond: number;
}

/** A client of the bench: an arm for any server. */
export interface BenchClient extends Pick<Arm, 'name' | 'of'> {
  measure(url: string, seconds: number, build: Build): Promise<Sample>;
}

/** Another program as a client. */
export interface OtherClient extends BenchClient {
  readonly of: 'other program';
  measure(url: string, seconds: number): Promise<Throughput>;
}

/** `clients` as arms that call `url`. */
export function armsAt(url: string, clients: readonly BenchClient[]): readonly Arm[] {
  return clients.map(({ name, of, measure }) => ({
    name,
    of,
    measure: (seconds, build) => measure(url, seconds, build),
  }));
}

/** The argument of a client that is one of our scripts, as JSON. */
export interface ScriptLoad extends StaticCall {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly warmupSeconds: number;
  /** Requests under way on each connection; absent: one at a time, over HTTP/1.1. */
  readonly streams?: number;
}

const GRACE_SECONDS = 30;

/** What varies of a client: how it connects. */
export interface Connecting {
  /** As tables show it. */
  readonly name: string;
  readonly connections?: number;
  /** Requests under way on each connection of HTTP/2; absent: HTTP/1.1. */
  readonly streams?: number;
}

/** autocannon and bare undici, and those of wrk, h2load and hey that are installed. */
export function otherClients(): readonly OtherClient[] {
  return [
    script({ name: 'autocannon' }, 'autocannon-client'),
    script({ name: 'undici dispatch' }, 'dispatch-client'),
    ...installed('wrk', wrk),
    ...installed('h2load', (program) => h2load(program, { name: 'h2load --h1' })),
    ...installed('hey', hey),
  ];
}

/** What `of` makes of a program, if that is installed. */
export function installed<Client>(name: string, of: (program: string) => Client): readonly Client[] {
  const program = findProgram(name);
  return program === undefined ? [] : [of(program)];
}

let files: string | undefined;

/** The path of a file with `text`, which ends with this process. */
function fileWith(name: string, text: string): string {
  if (files === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'paceline-bench-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    files = folder;
  }
  const path = join(files, name);
  writeFileSync(path, text);
  return path;
}

/** A client that is one of our scripts: `file` beside this one. */
export function script({ name, connections = CONNECTIONS, streams }: Connecting, file: string): OtherClient {
  const path = fileURLToPath(new URL(`./${file}.js`, import.meta.url));
  return {
    name,
    of: 'other program',
    async measure(url, seconds) {
      const load: ScriptLoad = {
        url,
        ...staticCall(),
        connections,
        seconds,
        warmupSeconds: WARMUP_SECONDS,
        ...(streams !== undefined && { streams }),
      };
      const limit = seconds + WARMUP_SECONDS + GRACE_SECONDS;
      const printed = await output(CORE.client, [process.execPath, path, JSON.stringify(load)], limit);
      return JSON.parse(printed) as Throughput;
    },
  };
}

/** wrk with one thread. */
export function wrk(program: string): OtherClient {
  const { headers, body } = staticCall();
  const quoted = (text: string): string => JSON.stringify(text);
  const lines = Object.entries(headers).map(
    ([name, value]) => `wrk.headers[${quoted(name)}] = ${quoted(value)}`,
  );
  const file = fileWith('call.lua', `wrk.method = "POST"\nwrk.body = ${quoted(body)}\n${lines.join('\n')}\n`);
  return {
    name: 'wrk',
    of: 'other program',
    async measure(url, seconds) {
      const args = ['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '-s', file, url];
      const { printed, cpuUs } = await timed(CORE.client, [program, ...args], seconds + GRACE_SECONDS);
      return withCpu(readWrk(printed), figure(printed, /(\d+) requests in/), cpuUs);
    },
  };
}

/** h2load with one thread, over HTTP/1.1 or HTTP/2. */
export function h2load(
  program: string,
  { name, connections = CONNECTIONS, streams }: Connecting,
): OtherClient {
  const headers = Object.entries(staticCall().headers).flatMap(([field, value]) => [
    '-H',
    `${field}: ${value}`,
  ]);
  const bodyFile = fileWith('body.json', staticCall().body);
  const version = streams === undefined ? ['--h1'] : ['-m', String(streams)];
  return {
    name,
    of: 'other program',
    async measure(url, seconds) {
      const args = [...version, '-t', '1', '-c', String(connections), '-D', String(seconds), '-d', bodyFile];
      const command: [string, ...string[]] = [program, ...args, ...headers, url];
      const { printed, cpuUs } = await timed(CORE.client, command, seconds + GRACE_SECONDS);
      return withCpu(readH2load(printed), figure(printed, /(\d+) done/), cpuUs);
    },
  };
}

function withCpu(throughput: Throughput, calls: number, cpuUs: number | undefined): Throughput {
  return cpuUs === undefined ? throughput : { ...throughput, cpuUs: cpuUs / calls };
}

function hey(program: string): OtherClient {
  const bodyFile = fileWith('body.json', staticCall().body);
  const { Accept, 'Content-Type': type, ...others } = staticCall().headers;
  const headers = Object.entries(others).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  return {
    name: 'hey',
    of: 'other program',
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
