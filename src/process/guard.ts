/** @module Entry of a guard process: runs one command, passes its output on, ends as it ends, and kills it when the parent is gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { after } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { killGroup, removeFolder, signalGroup } from './cleanup.ts';
import { serveParent } from './serve.ts';

export interface GuardInput {
  /** For people. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | null;
  /** Removed at the end. */
  readonly scratch: string | null;
}

/** Reported as soon as the command runs; the parent finds out whether it answers. */
export interface GuardReady {
  readonly pid: number;
}

/** From SIGTERM to SIGKILL: less than this process is given to stop, so that it sees the command end. */
const GRACE: Micros = 300_000;

// A closing terminal (or Ctrl-\) ends the parent and this process, but not the command, which has a session of its own.
// So this process ignores both signals and outlives the parent, until it sees that the parent is gone.
for (const signal of ['SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {});

serveParent<GuardInput, GuardReady>(async ({ name, file, args, env, cwd, scratch }) => {
  if (cwd !== null && !existsSync(cwd))
    throw new UserError({ where: name, what: `there is no folder "${cwd}"` });
  const command = spawn(file, args, {
    // A group of its own: Ctrl-C in a terminal does not reach it, and it can be ended together with what it started.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    ...(cwd === null ? {} : { cwd }),
  });
  const ended = new Promise<void>((resolve) => command.once('exit', () => resolve()));
  await spawned(command, name, file);
  const pid = command.pid!;
  // However this process ends, short of kill -9: then the parent does it.
  process.on('exit', () => {
    killGroup(pid);
    removeFolder(scratch ?? undefined);
  });
  let stopping = false;
  void ended.then(() => {
    if (!stopping) endLike(command);
  });
  return {
    ready: { pid },
    async stop() {
      stopping = true;
      signalGroup(pid, 'SIGTERM');
      const cancel = after(GRACE, () => killGroup(pid));
      await ended;
      cancel();
    },
  };
});

async function spawned(command: ChildProcess, name: string, file: string): Promise<void> {
  try {
    await once(command, 'spawn');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? `there is no program "${file}"` : message;
    throw new UserError({ where: name, what }, { cause: error });
  }
}

/** Ends this process as the command ended, so that the parent can read how from it. */
function endLike({ exitCode, signalCode, pid }: ChildProcess): void {
  killGroup(pid!);
  if (signalCode === null) process.exit(exitCode ?? 1);
  process.removeAllListeners(signalCode);
  process.kill(process.pid, signalCode);
}
