/** @module The state of other processes, for tests: whether they run, and their parents. Reads `/proc`, so needs no `ps`. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';

interface Status {
  /** One letter: `R` running, `S` sleeping, `T` stopped, `Z` ended but not yet reaped by its parent. */
  readonly state: string;
  readonly parent: number;
}

/** From `/proc/PID/stat` (proc(5)); `undefined` when there is no such process. */
function statusOf(pid: number): Status | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name of the program, in parentheses, and may contain anything.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: state!, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

/** Whether process `pid` runs. A zombie does not, even if its parent is slow to reap it. */
export function alive(pid: number): boolean {
  const status = statusOf(pid);
  return status !== undefined && status.state !== 'Z';
}

/** Whether process `pid` is stopped, as by SIGSTOP. */
export const isStopped = (pid: number): boolean => statusOf(pid)?.state === 'T';

/** The process id of the parent of `pid`. */
export function parentOf(pid: number): number {
  const status = statusOf(pid);
  if (status === undefined) throw new Error(`there is no process ${pid}`);
  return status.parent;
}

/** Process ids of everything that `pid` started, directly or not, and that still exists: parents before children. */
export function descendantsOf(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')
    .map(Number)
    .filter(Boolean)
    .sort((a, b) => a - b)) {
    const parent = statusOf(entry)?.parent ?? 0;
    children.set(parent, [...(children.get(parent) ?? []), entry]);
  }
  const below = (parent: number): number[] =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

/** Resolves when all of `pids` have ended. */
export const gone = (...pids: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(pids.filter(alive)).toEqual([]), { timeout: 10_000, interval: 10 });
