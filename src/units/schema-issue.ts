/** @module What an issue of a schema says about a value, in words for people: those of the library are for programmers. */
import type { z } from 'zod';
import { alternatives, listOf } from './words.ts';

/** Kinds of values, by the names that schemas give them. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'null',
};

/** The maximum length of a quoted value. */
const LONGEST = 60;

/** What is wrong at the place of `issue` in `document`, as the end of a sentence: `a number where text belongs`. */
export function issueText(issue: z.core.$ZodIssue, document: unknown): string {
  const value = valueAt(document, issue.path);
  if (value === undefined && issue.code !== 'unrecognized_keys') return 'nothing is there';
  switch (issue.code) {
    case 'invalid_type':
      return `${kindOf(value)} where ${KINDS[issue.expected] ?? 'something else'} belongs`;
    case 'invalid_value':
      return `${quoted(value)} is not ${alternatives(issue.values.map(quoted))}`;
    case 'too_small':
      return `${measureOf(value)} is less than ${issue.minimum}`;
    case 'too_big':
      return `${measureOf(value)} is more than ${issue.maximum}`;
    case 'unrecognized_keys':
      return `unknown key ${listOf(issue.keys.map(quoted))}`;
    case 'invalid_key':
      return 'a key is not valid';
    case 'invalid_format':
      return `${quoted(value)} has another form than it should have`;
    default:
      return `${kindOf(value)} that does not belong there`;
  }
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (outer, key) =>
      typeof outer === 'object' && outer !== null && Object.hasOwn(outer, key)
        ? (outer as Readonly<Record<PropertyKey, unknown>>)[key]
        : undefined,
    document,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number without end';
  return KINDS[Array.isArray(value) ? 'array' : typeof value] ?? 'a value';
}

/** A number, or the length of a text or a list. */
function measureOf(value: unknown): string {
  if (typeof value === 'string' || Array.isArray(value)) return `a length of ${value.length}`;
  return String(value);
}

function quoted(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? '');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`;
}
