/** @module Where answers to equal requests differ, without what differs on one instance too: times, random ids, counters. */
import { isObject, jsonIn } from '../protocol/json-object.ts';

/** A place in an answer, as a JSON pointer (RFC 6901); `#` and a number in a text mean its words. */
export type Pointer = string;

/** A place where two answers differ. */
export interface Difference {
  readonly at: Pointer;
  /** What each of them has there; `undefined`: nothing. Of a word, the text that it is in. */
  readonly values: readonly [unknown, unknown];
  /** Of a word: where it begins in each text. */
  readonly starts?: readonly [number, number];
}

/** What every answer of one instance may differ in. */
export type Varying = ReadonlySet<Pointer>;

/** The places where `answers`, which one instance gave to the same request, are not all the same. Fewer than two vary nowhere. */
export function varyingIn(answers: readonly unknown[]): Varying {
  const [first, ...rest] = answers;
  return new Set(
    rest.flatMap((answer) => [...differences(first, answer, '', new Set())].map(({ at }) => at)),
  );
}

/** The first difference of `one` and `other`, apart from what is `varying`; `undefined` when there is none. */
export function firstDifference(
  one: unknown,
  other: unknown,
  varying: Varying = new Set(),
): Difference | undefined {
  for (const difference of differences(one, other, '', varying)) return difference;
  return undefined;
}

/** The deepest differing places, in the order of `one`. */
function* differences(one: unknown, other: unknown, at: Pointer, without: Varying): Generator<Difference> {
  if (without.has(at) || Object.is(one, other)) return;
  if (isObject(one) && isObject(other)) yield* inMembers(one, other, at, without);
  else if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    for (const [index, each] of one.entries())
      yield* differences(each, other[index], `${at}/${index}`, without);
  } else if (typeof one === 'string' && typeof other === 'string') yield* inTexts(one, other, at, without);
  else yield { at, values: [one, other] };
}

function* inMembers(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
  at: Pointer,
  without: Varying,
): Generator<Difference> {
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const place = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (name in one && name in other) yield* differences(one[name], other[name], place, without);
    else if (!without.has(place)) yield { at: place, values: [one[name], other[name]] };
  }
}

/** Texts that are JSON by their members, others word by word when they have as many words. */
function* inTexts(one: string, other: string, at: Pointer, without: Varying): Generator<Difference> {
  const [first, second] = [jsonIn(one), jsonIn(other)];
  if (isStructure(first) && isStructure(second)) {
    yield* differences(first, second, `${at}#`, without);
    return;
  }
  const [words, theirs] = [one.split(SPACE), other.split(SPACE)];
  if (words.length === 1 || words.length !== theirs.length) {
    yield { at, values: [one, other] };
    return;
  }
  for (const [index, word] of words.entries()) {
    const place = `${at}#${index}`;
    if (word !== theirs[index] && !without.has(place))
      yield { at: place, values: [one, other], starts: [startOf(one, index), startOf(other, index)] };
  }
}

const SPACE = /\s+/;

/** Where word number `index` of `text` begins. */
function startOf(text: string, index: number): number {
  const spaces = [...text.matchAll(/\s+/g)];
  const before = spaces[index - 1];
  return before === undefined ? 0 : before.index + before[0].length;
}

const isStructure = (value: unknown): boolean => isObject(value) || Array.isArray(value);
