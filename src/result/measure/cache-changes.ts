/** @module Changes of the catalogue: for how long what was older was given, and when the last agent had what is new. */
import type { ChangeCounts } from '../../recording/measure/cache-counts.ts';
import type { Micros, Millis } from '../../units/time.ts';
import type { CacheChangeFigures, CacheFigures } from './cache-figures.ts';
import { distribution } from './distribution.ts';

const STEP_MS: Millis = 100;

const inMs = (us: Micros | null): Millis | null => (us === null ? null : us / 1000);

/** One change, over all repetitions. */
export function changeFigures(change: ChangeCounts): CacheChangeFigures {
  const { what, notify, atUs, confirmedUs, answered, old, agents, reached, steps, fanOut } = change;
  return {
    what,
    notify,
    atMs: atUs / 1000,
    confirmedUs,
    answered,
    old,
    lastOldMs: inMs(change.lastOldUs),
    agents,
    reached,
    lastAgentMs: inMs(change.lastAgentUs),
    steps: steps.map(({ step, ...counts }) => ({ atMs: step * STEP_MS, ...counts })),
    fanOut: fanOut.count === 0 ? null : distribution(fanOut),
  };
}

/** What holds for all changes together. */
export function staleness(
  changes: readonly CacheChangeFigures[],
): Pick<CacheFigures, 'servedAfterChange' | 'staleMaxMs' | 'lastAgentMs'> {
  const answered = changes.reduce((sum, change) => sum + change.answered, 0);
  const old = changes.reduce((sum, change) => sum + change.old, 0);
  return {
    servedAfterChange: answered === 0 ? null : old / answered,
    staleMaxMs: changes.length === 0 ? null : Math.max(...changes.map(({ lastOldMs }) => lastOldMs ?? 0)),
    lastAgentMs: lastAgent(changes.filter(({ agents }) => agents > 0)),
  };
}

/** The longest; null when no agent had anything older, and when one did not get what is new. */
function lastAgent(changes: readonly CacheChangeFigures[]): Millis | null {
  if (changes.length === 0 || changes.some(({ agents, reached }) => reached < agents)) return null;
  return Math.max(...changes.map(({ lastAgentMs }) => lastAgentMs ?? 0));
}
