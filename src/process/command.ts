/** @module Starts commands (nginx, HAProxy, a user's server), each under a guard process that kills it when this process ends. */
import { after } from '../units/clock.ts';
import { compiledModule } from '../units/compiled.ts';
import type { Micros } from '../units/time.ts';
import { startChild } from './child.ts';
import { killGroup, removeFolder } from './cleanup.ts';
import type { Exit } from './exit.ts';
import type { GuardInput, GuardReady } from './guard.ts';
import { StartError } from './start-error.ts';

export interface CommandOptions {
  /** Its name in messages: `instance 2`, `nginx`. */
  readonly name: string;
  /** Program and arguments, or one line for `/bin/sh`. If `port` is given, `{{port}}` is replaced by it, and `\{{` by `{{`. */
  readonly command: readonly [string, ...string[]] | string;
  /** Added to the environment of this process; `{{port}}` in a value is replaced by `port`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its working directory; absent: that of this process. */
  readonly cwd?: string;
  /** The value of `{{port}}`. */
  readonly port?: number;
  /** Its private folder, removed when it has ended, even if it ended because this process did. */
  readonly scratch?: string;
  /** Called repeatedly until it resolves with true, which means that the command is up. Must not reject; `signal` aborts when the start is over. */
  readonly answers: (signal: AbortSignal) => Promise<boolean>;
  /** The time limit for its first answer. */
  readonly readyWithinUs: Micros;
  /** A file to which its stdout and stderr are appended; created when missing. */
  readonly outputFile?: string | undefined;
}

/** A running command that has answered. */
export interface Command {
  /** Process id of the command itself, not of its guard; its process group has the same number. */
  readonly pid: number;
  /** Resolves when it has ended, for whatever reason; never rejects. */
  readonly exited: Promise<Exit>;
  /** Sends SIGTERM, 0.3 s later SIGKILL to its whole process group, and resolves when it has ended. */
  stop(): Promise<void>;
}

/** Time limit for the start of the guard itself, a small Node process. */
const GUARD_WITHIN: Micros = 30_000_000;
const ASK_EVERY: Micros = 20_000;

/**
 * Starts a command and resolves when it answers. It runs in its own process group under a small guard process that
 * kills the group as soon as this process ends, even by kill -9. Rejects with a `UserError` when there is no such
 * program or folder, with a {@link StartError} when it exits or does not answer in time, and with the signal's reason
 * when `signal` is aborted first; in all these cases it has ended and its `scratch` is removed. Once it is up, `signal` has no further effect.
 */
export async function startCommand(options: CommandOptions, signal?: AbortSignal): Promise<Command> {
  const { name } = options;
  signal?.throwIfAborted();
  // Without the signal: if a guard is killed before it has reported the process it started, that process is lost.
  const guard = await startChild<GuardReady>({
    name,
    module: compiledModule(import.meta.url, './guard'),
    input: guardInput(options),
    readyWithinUs: GUARD_WITHIN,
    outputFile: options.outputFile,
  });
  const { pid } = guard.ready;
  // Also covers the case that the guard was killed.
  const exited = guard.exited.then((exit) => {
    killGroup(pid);
    removeFolder(options.scratch);
    return exit;
  });
  const stop = async (): Promise<void> => {
    await guard.stop();
    await exited;
  };
  try {
    await untilAnswered(options, exited, signal);
  } catch (error) {
    await stop();
    if (!(error instanceof Late)) throw error;
    const { log } = await exited;
    throw new StartError(name, { kind: 'late', withinUs: options.readyWithinUs, log });
  }
  return { pid, exited, stop };
}

class Late extends Error {}

async function untilAnswered(
  { name, answers, readyWithinUs }: CommandOptions,
  exited: Promise<Exit>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const over = new AbortController();
  const cancel = after(readyWithinUs, () => over.abort(new Late()));
  const onAbort = (): void => over.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  void exited.then((exit) => over.abort(new StartError(name, { kind: 'exited', exit })));
  try {
    signal?.throwIfAborted();
    // A check that never answers must not delay the end of the start.
    const ended = new Promise<false>((resolve) =>
      over.signal.addEventListener('abort', () => resolve(false)),
    );
    while (!over.signal.aborted && !(await Promise.race([answers(over.signal), ended]))) {
      await new Promise<void>((resolve) => after(ASK_EVERY, resolve));
    }
    over.signal.throwIfAborted();
  } finally {
    cancel();
    signal?.removeEventListener('abort', onAbort);
  }
}

function guardInput({ name, command, env = {}, cwd, port, scratch }: CommandOptions): GuardInput {
  const fill = (text: string): string =>
    port === undefined
      ? text
      : text.replace(/\\\{\{|\{\{\s*port\s*\}\}/g, (piece) => (piece === '\\{{' ? '{{' : String(port)));
  const [file, ...args] = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
  return {
    name,
    file: fill(file!),
    args: args.map(fill),
    env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, fill(value)])),
    cwd: cwd ?? null,
    scratch: scratch ?? null,
  };
}
