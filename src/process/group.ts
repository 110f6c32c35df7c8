/** @module Process groups: a command together with what it started. */

/** Kills every process of the group that `pid` leads; harmless when none is left. */
export function killGroup(pid: number): void {
  signalGroup(pid, 'SIGKILL');
}

/** Sends `signal` to every process of the group that `pid` leads; harmless when none is left. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody there (ESRCH), or only what has ended already and is not reaped (EPERM on some systems).
  }
}
