/** @module Removes what a command could leave behind: processes that it started, and a folder. */
import { rmSync } from 'node:fs';

/** Kills every process of the group that `pid` leads; harmless when none is left. */
export function killGroup(pid: number): void {
  signalGroup(pid, 'SIGKILL');
}

/** Sends `signal` to every process of the group that `pid` leads; harmless when none is left. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // No such process (ESRCH), or only ended ones that are not reaped yet (EPERM on some systems).
  }
}

/** Removes `folder` and all in it; harmless when it is gone already. */
export function removeFolder(folder: string | undefined): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
