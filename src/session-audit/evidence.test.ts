import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDifference } from './differing.ts';
import { safeWithout, shownDifference } from './evidence.ts';

const safe = safeWithout([]);
const shown = (one: unknown, other: unknown) => shownDifference(firstDifference(one, other)!, safe);
const before = 'equal '.repeat(100);

describe('what differs between two results', () => {
  it.each<readonly [string, unknown, unknown, object]>([
    ['a number', { a: 1 }, { a: 2 }, { at: '/a', values: ['1', '2'] }],
    ['a short text', { a: 'x' }, { a: 'y' }, { at: '/a', values: ['"x"', '"y"'] }],
    ['a member of one only', { a: { b: 1 } }, {}, { at: '/a', values: ['{"b":1}', null] }],
    [
      'a secret',
      { token: 'one' },
      { token: 'other' },
      { at: '/token', values: ['"(removed)"', '"(removed)"'] },
    ],
    [
      'a secret that a schema names',
      { properties: { token: { default: 'one' } } },
      { properties: { token: { default: 'two' } } },
      { at: '/properties/token/default', values: ['"(removed)"', '"(removed)"'] },
    ],
    [
      'a schema with a secret of one only',
      { properties: { token: { default: 'one', enum: ['one', 'two'] } } },
      { properties: {} },
      { at: '/properties/token', values: ['{"default":"(removed)","enum":"(removed)"}', null] },
    ],
    ['the working directory', { PWD: '/a' }, { PWD: '/b' }, { at: '/PWD', values: ['"/a"', '"/b"'] }],
    [
      'a word beside a secret',
      'my api_key=abcdef is A',
      'my api_key=abcdef is B',
      { at: '#3', values: ['"my api_key=(removed) is A"', '"my api_key=(removed) is B"'] },
    ],
  ])('is shown: %s', (_, one, other, expected) => {
    expect(shown(one, other)).toEqual(expected);
  });

  it.each([
    ['a word after hundreds', `${before}A end`, `${before}B end`],
    ['a word after a long secret', `token=${'x'.repeat(500)} A end`, `token=${'x'.repeat(500)} B end`],
    ['a character after hundreds', 'e'.repeat(600).concat('A'), 'e'.repeat(600).concat('B')],
    ['a list after hundreds of characters', { l: [before, 'A'] }, { l: [before, 'B', 1] }],
  ])('is in the part of a long text that is shown: %s', (_, one, other) => {
    const { values } = shown(one, other);
    expect(values[0]).toContain('A');
    expect(values[1]).toContain('B');
    for (const value of values) expect(value!.length).toBeLessThan(150);
  });

  it('is shown differently for any two texts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (start, one, other) => {
        const difference = firstDifference([before + start + one], [before + start + other]);
        fc.pre(difference !== undefined);
        const { values } = shownDifference(difference!, (text) => text);
        expect(values[0]).not.toBe(values[1]);
      }),
    );
  });
});
