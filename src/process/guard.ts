/** @module Entry of a guard process: runs one command, passes on its output, exits with the same status, and kills the command when the parent process ends. */
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

/** Reported as soon as the command runs; the parent checks whether it answers. */
export interface GuardReady {
  readonly pid: number;
}

/** Time from SIGTERM to SIGKILL: shorter than the time this process has to stop, so that it can report how the command ended. */
const GRACE: Micros = 300_000;

// A closing terminal (or Ctrl-\) signals the parent and this process, but not the command, which has its own session.
// So this process ignores both signals and outlives the parent until it detects that the parent has ended.
for (const signal of ['SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {});

serveParent<GuardInput, GuardReady>(async ({ name, file, args, env, cwd, scratch }) => {
  if (cwd !== null && !existsSync(cwd))
    throw new UserError({ where: name, what: `folder not found: "${cwd}"` });
  const command = spawn(file, args, {
    // Its own process group: Ctrl-C in a terminal does not reach it, and it can be killed together with its child processes.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    ...(cwd === null ? {} : { cwd }),
  });
  const ended = new Promise<void>((resolve) => command.once('exit', () => resolve()));
  await spawned(command, name, file);
  const pid = command.pid!;
  // Runs however this process ends, except after kill -9: then the parent kills the group.
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
    const what = code === 'ENOENT' ? `program not found: "${file}"` : message;
    throw new UserError({ where: name, what }, { cause: error });
  }
}

/** Ends this process with the exit code or signal of the command, so that the parent can read it. */
function endLike({ exitCode, signalCode, pid }: ChildProcess): void {
  killGroup(pid!);
  if (signalCode === null) process.exit(exitCode ?? 1);
  process.removeAllListeners(signalCode);
  process.kill(process.pid, signalCode);
}
