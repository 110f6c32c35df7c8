/** @module Error details of outcomes other than `ok`, counted in bounded memory. */
import { OUTCOMES, type Outcome } from '../protocol/outcome.ts';

/** An error detail and how often it occurred. */
export interface DetailCount {
  readonly outcome: Outcome;
  readonly detail: string;
  readonly count: number;
}

/** Maximum number of error details kept in a recording. */
const KEPT = 50;
/** Maximum number of distinct error details counted while recording, so that a server with a new id in every message cannot fill the memory. */
const COUNTED = 500;
const LONGEST = 200;
/** Replaces error details beyond these limits. */
export const OTHER = '(other)';

/** Counts error details. */
export class DetailLog {
  readonly #counts = new Map<Outcome, Map<string, number>>();
  #distinct = 0;

  add(outcome: Outcome, detail: string): void {
    let counts = this.#counts.get(outcome);
    if (!counts) {
      counts = new Map();
      this.#counts.set(outcome, counts);
    }
    let key = detail.length > LONGEST ? `${detail.slice(0, LONGEST - 1)}…` : detail;
    if (!counts.has(key)) {
      if (this.#distinct >= COUNTED) key = OTHER;
      else this.#distinct += 1;
    }
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  close(): readonly DetailCount[] {
    return mostFrequent(
      [...this.#counts].flatMap(([outcome, counts]) =>
        [...counts].map(([detail, count]) => ({ outcome, detail, count })),
      ),
    );
  }
}

/** Merges lists; the counts of equal details are added. */
export function mergeDetails(lists: readonly (readonly DetailCount[])[]): readonly DetailCount[] {
  return mostFrequent(lists.flat());
}

/** The most frequent first, ties in a fixed order; what does not fit goes to {@link OTHER} of its outcome. */
function mostFrequent(list: readonly DetailCount[]): readonly DetailCount[] {
  const sorted = sum(list).sort(byCount);
  const kept = sorted.slice(0, KEPT);
  const folded = sorted.slice(KEPT).map((entry) => ({ ...entry, detail: OTHER }));
  return folded.length === 0 ? kept : sum([...kept, ...folded]).sort(byCount);
}

function sum(list: readonly DetailCount[]): DetailCount[] {
  const counts = new Map<string, DetailCount>();
  for (const entry of list) {
    const key = `${entry.outcome} ${entry.detail}`;
    counts.set(key, { ...entry, count: entry.count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()];
}

function byCount(a: DetailCount, b: DetailCount): number {
  return (
    b.count - a.count ||
    OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome) ||
    (a.detail < b.detail ? -1 : 1)
  );
}
