/** @module Properties of the comparison of JSON values. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, digestOf } from './canonical.ts';

/** `value` with the members of its objects in another order, and metadata added. */
function disordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(disordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).toReversed();
  return {
    _meta: { at: members.length },
    ...Object.fromEntries(members.map(([k, v]) => [k, disordered(v)])),
  };
}

/** Values as they come over the wire. */
const json = fc.jsonValue({ maxDepth: 4 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

/** Whether metadata occurs in it, which is not compared. */
const hasMeta = (value: unknown): boolean => JSON.stringify(value).includes('"_meta"');

describe('canonical JSON', () => {
  it('is the same whatever the order of members and the metadata', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(digestOf(disordered(value))).toBe(digestOf(value));
      }),
    );
  });

  it('is JSON that says the same as the value', () => {
    fc.assert(
      fc.property(json, (value) => {
        fc.pre(!hasMeta(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
      }),
    );
  });

  it('differs for values that differ', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        fc.pre(!hasMeta(one) && !hasMeta(other));
        const same = canonicalJson(one) === canonicalJson(other);
        // `toEqual` of Vitest, as a value.
        expect(same).toBe(isEqual(one, other));
      }),
    );
  });

  it('keeps the order of lists', () => {
    expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
  });

  it('ends for a value as deep as a message may be', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    expect(canonicalJson(deep).length).toBeLessThan(1000);
  });
});

function isEqual(one: unknown, other: unknown): boolean {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
}
