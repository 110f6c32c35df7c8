import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROFILE_FORMAT } from '../profile.ts';
import { problemsIn } from '../sample-profile.case.ts';
import type { JsonSchema } from './json-schema.ts';

type Key = string | number;

/** Every place that a profile may have a value at, down through all alternatives; `some` is a key of a mapping with any keys. */
function placesIn(schema: JsonSchema, place: readonly Key[] = []): readonly (readonly Key[])[] {
  const { properties = {}, items, additionalProperties, anyOf = [], oneOf = [] } = schema;
  const named = Object.entries(properties).flatMap(([key, one]) => placesIn(one, [...place, key]));
  const listed = items === undefined ? [] : placesIn(items, [...place, 0]);
  const any =
    typeof additionalProperties === 'object' ? placesIn(additionalProperties, [...place, 'some']) : [];
  const others = [...anyOf, ...oneOf].flatMap((one) => placesIn(one, place));
  return [place, ...named, ...listed, ...any, ...others];
}

const withoutRepeats = (places: readonly (readonly Key[])[]): readonly (readonly Key[])[] => [
  ...new Map(places.map((place) => [JSON.stringify(place), place])).values(),
];

const PLACES = withoutRepeats(placesIn(PROFILE_FORMAT.jsonSchema)).filter((place) => place.length > 0);

const START = { version: 1, load: { rate: '1/s' }, calls: [{ list: 'tools' }], fleet: {} };

/** A profile with `value` at `place`, and nothing else in the mappings around it than the start has. */
function profileWith(place: readonly Key[], value: unknown): string {
  const nested = place
    .toReversed()
    .reduce<unknown>((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), value);
  const { fleet, ...others } = START;
  return written({ ...(place[0] === 'target' ? others : { ...others, fleet }), ...(nested as object) });
}

const INFINITE = '(infinite)';

/** As JSON, which is YAML, except for a number that JSON does not have. */
const written = (document: object): string =>
  JSON.stringify(document, (_, value) => (value === Number.POSITIVE_INFINITY ? INFINITE : value)).replace(
    `"${INFINITE}"`,
    '.inf',
  );

const WRONG: readonly unknown[] = [
  5,
  -1,
  1.5,
  1e300,
  Number.POSITIVE_INFINITY,
  true,
  null,
  '',
  'x',
  '{{',
  'x'.repeat(10_000),
  [],
  [5],
  [[]],
  {},
  { some: null },
  { 'some key': {}, '': 5 },
];

/** Longer than any list may be; only a list is checked for its length. */
const LONG_LIST = Array.from({ length: 1001 }, (_, at) => `x${at}`);
const LISTS: ReadonlySet<string> = new Set(
  PLACES.filter((place) => place.at(-1) === 0).map((place) => place.slice(0, -1).join('.')),
);

/** How the schema library words its own messages. */
const LIBRARY =
  /\bInvalid (input|option|key|string|number|element)|, received |\bToo (small|big)\b|Unrecognized key/;

describe('the wording of the schema library', () => {
  it.each([
    [z.string(), 5],
    [z.int(), 1.5],
    [z.enum(['a']), 'b'],
    [z.literal(1), 2],
    [z.union([z.string(), z.int()]), []],
    [z.array(z.string()).min(1), []],
    [z.string().max(1), 'ab'],
    [z.string().regex(/a/), 'b'],
    [z.record(z.string().regex(/a/), z.int()), { b: 1 }],
    [z.strictObject({}), { a: 1 }],
    [z.number().multipleOf(2), 3],
    [z.number().refine(() => false), 1],
  ])('is known: %#', (schema, value) => {
    expect(schema.safeParse(value).error!.issues[0]!.message).toMatch(LIBRARY);
  });
});

describe('a wrong value', () => {
  it('is looked for at every key', () => {
    const paths = PLACES.map((place) => place.join('.'));
    expect(paths).toEqual(
      expect.arrayContaining([
        'load.rate',
        'calls.0.arguments',
        'fleet.tools.work.uniform.min',
        'variants.0.name',
      ]),
    );
    expect(PLACES.length).toBeGreaterThan(150);
  });

  it.each(PLACES.map((place) => [place.join('.'), place] as const))(
    'at %s is told in our words',
    (path, place) => {
      const wrong = LISTS.has(path) ? [...WRONG, LONG_LIST] : WRONG;
      const told = wrong.flatMap((value) => problemsIn(profileWith(place, value)));
      expect(told.length).toBeGreaterThan(0);
      expect(told.filter((problem) => LIBRARY.test(problem))).toEqual([]);
    },
  );
});
