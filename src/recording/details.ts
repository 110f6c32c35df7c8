/** @module Error details of outcomes other than `ok`, counted by kind in bounded memory. */
import { OUTCOMES, type Outcome } from '../protocol/outcome.ts';
import { errorKind } from './error-kind.ts';

/** An error detail and how often it occurred. */
export interface DetailCount {
  readonly outcome: Outcome;
  /** As the calls had it; where those of one kind differed, {@link errorKind} of them. */
  readonly detail: string;
  readonly count: number;
  /** One of the details that differed. */
  readonly example?: string;
}

/** Maximum number of kinds kept in a recording. */
const KEPT = 50;
/** Maximum number of kinds counted while recording, so that a server with a new text for every call cannot fill the memory. */
const COUNTED = 500;
/** Maximum number of details whose kind is remembered, so that a repeated error costs a look-up. */
const REMEMBERED = 500;
const LONGEST = 200;
/** Replaces error details beyond these limits. */
export const OTHER = '(other)';

/** The details of one kind. */
interface Group {
  readonly outcome: Outcome;
  readonly kind: string;
  count: number;
  /** The first in the order of code units, whichever came first: workers then agree on it. */
  example: string;
  differs: boolean;
}

/** Counts error details. */
export class DetailLog {
  readonly #groups = new Map<string, Group>();
  readonly #remembered = new Map<Outcome, Map<string, Group>>();
  #memory = REMEMBERED;

  add(outcome: Outcome, detail: string): void {
    const group = this.#remembered.get(outcome)?.get(detail) ?? this.#groupOf(outcome, detail);
    group.count += 1;
  }

  close(): readonly DetailCount[] {
    return mostFrequent([...this.#groups.values()].map(countOf));
  }

  #groupOf(outcome: Outcome, detail: string): Group {
    const short = detail.length > LONGEST ? `${detail.slice(0, LONGEST - 1)}…` : detail;
    const known = this.#groups.size < COUNTED || this.#groups.has(keyOf(outcome, errorKind(short)));
    const group = join(this.#groups, outcome, known ? short : OTHER);
    this.#remember(outcome, detail, group);
    return group;
  }

  #remember(outcome: Outcome, detail: string, group: Group): void {
    if (this.#memory === 0) return;
    this.#memory -= 1;
    const known = this.#remembered.get(outcome) ?? new Map<string, Group>();
    this.#remembered.set(outcome, known.set(detail, group));
  }
}

/** Merges lists; the counts of one kind are added. */
export function mergeDetails(lists: readonly (readonly DetailCount[])[]): readonly DetailCount[] {
  return mostFrequent(lists.flat());
}

/** The most frequent first, ties in a fixed order; what does not fit goes to {@link OTHER} of its outcome. */
function mostFrequent(list: readonly DetailCount[]): readonly DetailCount[] {
  const sorted = sum(list).sort(byCount);
  const kept = sorted.slice(0, KEPT);
  const folded = sorted.slice(KEPT).map(({ outcome, count }) => ({ outcome, detail: OTHER, count }));
  return folded.length === 0 ? kept : sum([...kept, ...folded]).sort(byCount);
}

function sum(list: readonly DetailCount[]): DetailCount[] {
  const groups = new Map<string, Group>();
  for (const { outcome, detail, count, example = detail } of list) {
    const group = join(groups, outcome, example);
    if (example !== detail) group.differs = true;
    group.count += count;
  }
  return [...groups.values()].map(countOf);
}

const keyOf = (outcome: Outcome, kind: string): string => `${outcome} ${kind}`;

/** The group of `detail`, which is one of its details from now on. */
function join(groups: Map<string, Group>, outcome: Outcome, detail: string): Group {
  const kind = errorKind(detail);
  const key = keyOf(outcome, kind);
  const group = groups.get(key);
  if (group === undefined) {
    const fresh = { outcome, kind, count: 0, example: detail, differs: false };
    groups.set(key, fresh);
    return fresh;
  }
  if (group.example !== detail) group.differs = true;
  if (detail < group.example) group.example = detail;
  return group;
}

function countOf({ outcome, kind, count, example, differs }: Group): DetailCount {
  return differs ? { outcome, detail: kind, count, example } : { outcome, detail: example, count };
}

function byCount(a: DetailCount, b: DetailCount): number {
  return (
    b.count - a.count ||
    OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome) ||
    (a.detail < b.detail ? -1 : 1)
  );
}
