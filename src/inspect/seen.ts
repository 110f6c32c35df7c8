/** @module What an inspection has seen, as its checks read it. */
import type { Era } from '../profile/settings.ts';
import type { OtherAnswer, RawHints, ResultAnswer } from './answer.ts';

/** What was asked for. */
export interface Subject {
  readonly method: string;
  /** Of `resources/read`. */
  readonly uri?: string;
}

/** All pages of a list as one connection got them in a row, or the one result of another method. */
export interface Reading {
  readonly subject: Subject;
  /** Its place among the identities. */
  readonly identity: number;
  /** Its place among the connections. */
  readonly connection: number;
  readonly pages: readonly ResultAnswer[];
  /** Why there may be more pages than these; `undefined`: there are none. `time`: the inspection ended. */
  readonly missing?: OtherAnswer | 'time' | 'too-many' | 'repeated-cursor';
}

/** An answer that must not carry hints. */
export interface Uncacheable {
  /** `tools/call echo`, or what the error or the request for input answered. */
  readonly where: string;
  readonly what: 'result' | 'error' | 'input-required';
  readonly hints: RawHints;
}

/** Everything that was seen, in the order of time. */
export interface Seen {
  readonly era: Era;
  /** Names, for display. */
  readonly identities: readonly string[];
  readonly readings: readonly Reading[];
  readonly uncacheable: readonly Uncacheable[];
  /** What the server says it can do; `undefined` when it did not say. */
  readonly capabilities: Readonly<Record<string, unknown>> | undefined;
}

/** How messages name a subject: the method, and the URI after it. */
export const nameOf = ({ method, uri }: Subject): string => (uri === undefined ? method : `${method} ${uri}`);

/** Readings with all of their pages. */
export const isWhole = ({ missing }: Reading): boolean => missing === undefined;

/** The readings of each subject, in the order in which the subjects were first seen. */
export function bySubject(readings: readonly Reading[]): ReadonlyMap<string, readonly Reading[]> {
  return grouped(readings, ({ subject }) => nameOf(subject));
}

/** `list` in groups of one key each, in the order in which the keys first came. */
export function grouped<Key, Value>(
  list: readonly Value[],
  keyOf: (value: Value) => Key,
): ReadonlyMap<Key, readonly Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of list) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
