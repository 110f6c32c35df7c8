/** @module Removes what a command could leave behind: its child processes and its folder. */
import { rmSync } from 'node:fs';

/** Kills every process of the group with leader `pid`; has no effect when none is left. */
export function killGroup(pid: number): void {
  signalGroup(pid, 'SIGKILL');
}

/** Sends `signal` to every process of the group with leader `pid`; has no effect when none is left. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // No such process (ESRCH), or only zombies that are not reaped yet (EPERM on some systems).
  }
}

/** Removes `folder` with its content; has no effect when it does not exist. */
export function removeFolder(folder: string | undefined): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
