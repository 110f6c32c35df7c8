/** @module Runs other programs with a time limit and, if the system supports it, bound to a core. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { findProgram } from '../src/process/find-program.ts';

const execute = promisify(execFile);

/** The cores of the client and of the server under test. */
export const CORE = { client: '0', server: '1' } as const;
export type Core = (typeof CORE)[keyof typeof CORE];

const taskset = availableParallelism() >= 2 ? findProgram('taskset') : undefined;

/** Whether programs are bound to cores. */
export const pinning: boolean = taskset !== undefined;

/** `command`, bound to `core`. */
export function pinned(core: Core, command: readonly [string, ...string[]]): [string, ...string[]] {
  return taskset === undefined ? [...command] : [taskset, '-c', core, ...command];
}

/** Binds a running process, with all its threads. */
export async function pinProcess(core: Core, pid: number): Promise<void> {
  if (taskset !== undefined) await execute(taskset, ['-a', '-c', '-p', core, String(pid)]);
}

/** Runs `command` on `core`, on any when absent, and resolves with its standard output. Kills it and rejects after `seconds`. */
export async function output(
  core: Core | undefined,
  command: readonly [string, ...string[]],
  seconds: number,
): Promise<string> {
  return (await run(core === undefined ? [...command] : pinned(core, command), seconds)).stdout;
}

/** What a program printed, and the CPU time that it took with all its threads, user and system; absent without bash. */
export interface Timed {
  readonly printed: string;
  readonly cpuUs?: number;
}

const bash = findProgram('bash');
/** Runs its arguments, and prints their CPU time as the last line of standard error. */
const TIMED = 'TIMEFORMAT="%U %S"; time "$0" "$@"';

/** As {@link output}, with the CPU time. */
export async function timed(
  core: Core,
  command: readonly [string, ...string[]],
  seconds: number,
): Promise<Timed> {
  const whole = pinned(core, command);
  if (bash === undefined) return { printed: (await run(whole, seconds)).stdout };
  const { stdout, stderr } = await run([bash, '-c', TIMED, ...whole], seconds);
  const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return { printed: stdout, cpuUs: (user! + system!) * 1e6 };
}

function run(
  [program, ...args]: readonly [string, ...string[]],
  seconds: number,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return execute(program, args, {
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  });
}
