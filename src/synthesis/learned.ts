/** @module Values that results of tools have given, by name and type, to be arguments of later calls. */
import { isObject } from '../protocol/json-object.ts';
import { dataIn } from '../protocol/result-data.ts';
import { nounOf, wordsOf } from './words.ts';

/** Where a value was learned: the tool, and the names and places that lead to it in what {@link valuesIn} sees. */
export interface Source {
  readonly tool: string;
  readonly path: readonly (string | number)[];
}

/** A value that a result has given. */
export interface LearnedValue {
  readonly source: Source;
  readonly value: string | number | boolean;
  /** The words of its own name. */
  readonly words: readonly string[];
  /** The words of what it belongs to: of the member that holds it, or of the tool. */
  readonly noun: readonly string[];
}

/** Values deeper than this, or beyond this number, are not learned. */
const DEEPEST = 6;
const MOST = 200;

/** The named values in the result of `tool`. */
export function valuesIn(tool: string, result: unknown): readonly LearnedValue[] {
  const found: LearnedValue[] = [];
  const visit = (value: unknown, path: Source['path'], noun: readonly string[]): void => {
    if (path.length > DEEPEST || found.length >= MOST) return;
    if (Array.isArray(value)) {
      for (const [index, each] of value.entries()) visit(each, [...path, index], singular(noun));
    } else if (isObject(value)) {
      for (const [name, each] of Object.entries(value)) visitMember(name, each, [...path, name], noun);
    }
  };
  const visitMember = (name: string, value: unknown, path: Source['path'], noun: readonly string[]): void => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      found.push({ source: { tool, path }, value, words: wordsOf(name), noun });
    else visit(value, path, wordsOf(name));
  };
  visit(dataIn(result), [], singular(nounOf(tool)));
  return found;
}

/** The value at the path of `source` in a result; `undefined` when there is none. */
export function valueAt(result: unknown, { path }: Source): unknown {
  return path.reduce<unknown>(
    (value, key) => (Array.isArray(value) ? value[key as number] : isObject(value) ? value[key] : undefined),
    dataIn(result),
  );
}

/**
 * The learned value for a parameter called `name` that `accepts` it: one of exactly that name, else one whose name is that of the
 * parameter without its noun (`id` of a basket for `basket_id`), or the other way round. The newest of equals.
 */
export function learnedFor(
  name: string,
  tool: string,
  learned: readonly LearnedValue[],
  accepts: (value: unknown) => boolean,
): LearnedValue | undefined {
  const words = wordsOf(name);
  const noun = singular(nounOf(tool));
  const matches = [
    (one: LearnedValue) => same(one.words, words),
    (one: LearnedValue) => same([...one.noun, ...one.words], words),
    (one: LearnedValue) => same(one.words, [...noun, ...words]) && words.length > 0,
    (one: LearnedValue) => same(one.words, [...words, 'id']),
    (one: LearnedValue) => same(one.noun, words) && same(one.words, ['id']),
  ];
  for (const matchesName of matches) {
    const one = learned.findLast((each) => matchesName(each) && accepts(each.value));
    if (one !== undefined) return one;
  }
  return undefined;
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.join(' ') === b.join(' ');

/** `baskets` becomes `basket`. */
const singular = (words: readonly string[]): readonly string[] =>
  words.map((word, place) => (place === words.length - 1 && /[^s]s$/.test(word) ? word.slice(0, -1) : word));
