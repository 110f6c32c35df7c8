import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { issueText } from './schema-issue.ts';

/** The wording of the library, in none of its forms. */
const LIBRARY = /\bInvalid\b|, received |Too (small|big)|Unrecognized|\bexpected\b/;

const textOf = (schema: z.ZodType, value: unknown): string => {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  return issue === undefined ? 'valid' : issueText(issue, value);
};

const Sample = z.strictObject({
  name: z.string(),
  count: z.int().min(0).max(10),
  kind: z.enum(['a', 'b']),
  list: z.array(z.number()).min(1),
  table: z.record(z.string().regex(/^[a-z]+$/), z.boolean()),
  when: z.iso.datetime(),
  either: z.union([z.string(), z.number()]),
  odd: z.number().refine((value) => value % 2 === 1),
});

const RIGHT = {
  name: 'x',
  count: 1,
  kind: 'a',
  list: [1],
  table: { a: true },
  when: '2026-01-01T00:00:00Z',
  either: 1,
  odd: 1,
};

describe('an issue of a schema', () => {
  it.each<[string, object, string]>([
    ['another kind', { name: 5 }, 'a number where text belongs'],
    ['null', { name: null }, 'null where text belongs'],
    ['nothing', { name: undefined }, 'nothing is there'],
    ['a fraction', { count: 1.5 }, 'a number where a whole number belongs'],
    ['too few', { count: -20 }, '-20 is less than 0'],
    ['too many', { count: 11 }, '11 is more than 10'],
    ['an infinite number', { odd: Number.POSITIVE_INFINITY }, 'a number without end where a number belongs'],
    ['none of the words', { kind: 'c' }, '"c" is not "a" or "b"'],
    ['an empty list', { list: [] }, 'a length of 0 is less than 1'],
    ['a key of another form', { table: { A: true } }, 'a key is not valid'],
    ['an unknown key', { more: 1 }, 'unknown key "more"'],
    ['a text of another form', { when: 'now' }, '"now" has another form than it should have'],
    ['no branch', { either: [] }, 'a list that does not belong there'],
    ['a rule', { odd: 2 }, 'a number that does not belong there'],
  ])('about %s', (_, change, expected) => {
    expect(textOf(Sample, { ...RIGHT, ...change })).toBe(expected);
  });

  it('is told in our words, whatever the value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(RIGHT)), fc.anything({ maxDepth: 2 }), (key, value) => {
        expect(textOf(Sample, { ...RIGHT, [key]: value })).not.toMatch(LIBRARY);
      }),
    );
  });
});
