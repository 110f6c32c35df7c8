/** @module Starts commands that are not ours (nginx, HAProxy, a user's server), each on a leash that does not let it outlive us. */

import { after } from '../units/clock.ts';
import { compiledModule } from '../units/compiled.ts';
import { formatMicros, type Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { describeExit, type Exit, startChild } from './child.ts';
import { killGroup, removeFolder } from './cleanup.ts';
import type { LeashInput, LeashReady } from './guard.ts';

export interface CommandOptions {
  /** What it is, for people: `instance 2`, `nginx`. */
  readonly name: string;
  /** Program and arguments, or one line for `/bin/sh`. `{{port}}` stands for `port`, where that is given, and `\{{` for `{{`. */
  readonly command: readonly [string, ...string[]] | string;
  /** Added to our environment; `{{port}}` in a value stands for `port`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs; ours when absent. */
  readonly cwd?: string;
  /** What `{{port}}` stands for. */
  readonly port?: number;
  /** A folder of its own, removed when it has ended, also when that was because we are gone. */
  readonly scratch?: string;
  /** Asked again and again until it resolves with true: the command is up. Must not reject; `signal` aborts when nobody waits any more. */
  readonly answers: (signal: AbortSignal) => Promise<boolean>;
  /** How long it may take to answer. */
  readonly readyWithinUs: Micros;
}

/** A command that runs and has answered. */
export interface Command {
  /** Of the command itself, not of its leash; its process group has the same number. */
  readonly pid: number;
  /** Resolves when it has ended, whatever ended it; never rejects. */
  readonly exited: Promise<Exit>;
  /** Sends SIGTERM, 0.3 s later SIGKILL to its whole process group, and resolves when it is gone. */
  stop(): Promise<void>;
}

/** Time for the leash itself, a small Node process, to come up. */
const LEASH_WITHIN: Micros = 30_000_000;
const ASK_EVERY: Micros = 20_000;

/**
 * Starts a command and resolves when it answers. It runs in a process group of its own below a small process that
 * kills the group as soon as we are gone, even after kill -9. Rejects with a {@link UserError} that names it and quotes the
 * end of its output when it cannot be started, ends, or does not answer in time, and with the signal's reason
 * when `signal` is aborted first; then it is gone, and so is its `scratch`. Once up, `signal` means nothing any more.
 */
export async function startCommand(options: CommandOptions, signal?: AbortSignal): Promise<Command> {
  const { name } = options;
  signal?.throwIfAborted();
  // Without the signal: a leash that is killed before it has said which process it holds would lose it.
  const leash = await startChild<LeashReady>({
    name,
    module: compiledModule(import.meta.url, './guard'),
    input: leashInput(options),
    readyWithinUs: LEASH_WITHIN,
  });
  const { pid } = leash.ready;
  // Also when it is the leash that was killed.
  const exited = leash.exited.then((exit) => {
    killGroup(pid);
    removeFolder(options.scratch);
    return exit;
  });
  const stop = async (): Promise<void> => {
    await leash.stop();
    await exited;
  };
  try {
    await untilAnswered(options, exited, signal);
  } catch (error) {
    await stop();
    if (!(error instanceof Late)) throw error;
    const { log } = await exited;
    const what = `did not answer within ${formatMicros(options.readyWithinUs)}`;
    throw new UserError({ where: name, what, ...lastWords(log) });
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
  void exited.then((exit) => {
    const what = `${describeExit(exit)} while starting`;
    over.abort(new UserError({ where: name, what, ...lastWords(exit.log) }));
  });
  try {
    signal?.throwIfAborted();
    // What never answers must not hold up the news that there is no more to wait for.
    const given = new Promise<false>((resolve) =>
      over.signal.addEventListener('abort', () => resolve(false)),
    );
    while (!over.signal.aborted && !(await Promise.race([answers(over.signal), given]))) {
      await new Promise<void>((resolve) => after(ASK_EVERY, resolve));
    }
    over.signal.throwIfAborted();
  } finally {
    cancel();
    signal?.removeEventListener('abort', onAbort);
  }
}

function lastWords(log: string): { readonly todo?: string } {
  return log === '' ? {} : { todo: `its last words:\n${log}` };
}

function leashInput({ name, command, env = {}, cwd, port, scratch }: CommandOptions): LeashInput {
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
