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

/** Runs `command` on `core` and resolves with its standard output. Kills it and rejects after `seconds`. */
export async function output(
  core: Core,
  command: readonly [string, ...string[]],
  seconds: number,
): Promise<string> {
  const [program, ...args] = pinned(core, command);
  const { stdout } = await execute(program, args, {
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
