import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDifference, varyingIn } from './differing.ts';

const text = (value: unknown): unknown => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });

describe('answers of two instances', () => {
  it.each<readonly [string, readonly unknown[], unknown, string | undefined]>([
    ['the same', [{ a: 1 }, { a: 1 }], { a: 1 }, undefined],
    ['another value', [{ a: 1 }, { a: 1 }], { a: 2 }, '/a'],
    [
      'a value that varies',
      [
        { a: 1, b: 1 },
        { a: 2, b: 1 },
      ],
      { a: 3, b: 1 },
      undefined,
    ],
    [
      'a value beside one that varies',
      [
        { a: 1, b: 1 },
        { a: 2, b: 1 },
      ],
      { a: 3, b: 2 },
      '/b',
    ],
    ['a member that is missing', [{ a: 1 }, { a: 1 }], {}, '/a'],
    ['a member that comes and goes', [{ a: 1 }, {}], {}, undefined],
    [
      'an entry of a list',
      [
        [1, 2],
        [1, 2],
      ],
      [1, 3],
      '/1',
    ],
    ['a longer list', [{ l: [1] }, { l: [1] }], { l: [1, 2] }, '/l'],
    ['a list whose length varies', [{ l: [1] }, { l: [] }], { l: [1, 2, 3] }, undefined],
    ['a name with a slash', [{ 'a/b': 1 }], { 'a/b': 2 }, '/a~1b'],
    ['a time in a text', ['now 12:00 ok', 'now 12:01 ok'], 'now 12:02 ok', undefined],
    ['a word beside a time', ['now 12:00 ok', 'now 12:01 ok'], 'now 12:02 bad', '#2'],
    ['a text that is one word', ['x'], 'y', ''],
    ['JSON in a text', [text({ id: 1, n: 2 }), text({ id: 9, n: 2 })], text({ id: 5, n: 2 }), undefined],
    [
      'beside it',
      [text({ id: 1, n: 2 }), text({ id: 9, n: 2 })],
      text({ id: 5, n: 3 }),
      '/content/0/text#/n',
    ],
    ['another type', [{ a: 1 }], { a: '1' }, '/a'],
    ['null and absent', [{ a: null }], {}, '/a'],
  ])('%s', (_, here, there, expected) => {
    expect(firstDifference(here[0], there, varyingIn(here))?.at).toBe(expected);
  });

  it.each<readonly [string, unknown, unknown, object]>([
    ['a member', { a: 1 }, { a: 2 }, { at: '/a', values: [1, 2] }],
    ['a member that is missing', { a: 1 }, {}, { at: '/a', values: [1, undefined] }],
    ['JSON in a text', text({ n: 2 }), text({ n: 3 }), { at: '/content/0/text#/n', values: [2, 3] }],
    ['a word', 'a  b c', 'long b d', { at: '#0', values: ['a  b c', 'long b d'], starts: [0, 0] }],
    ['a later word', 'a  b c', 'a b d', { at: '#2', values: ['a  b c', 'a b d'], starts: [5, 4] }],
  ])('have each their value there: %s', (_, here, there, expected) => {
    expect(firstDifference(here, there)).toEqual(expected);
  });

  it('differ nowhere where one instance gave them', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }), (answers) => {
        const varying = varyingIn(answers);
        for (const answer of answers) expect(firstDifference(answers[0], answer, varying)).toBeUndefined();
      }),
    );
  });

  it('differ at the member that was changed, whatever varies beside it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.integer(), (one, other, value) => {
        const varying = varyingIn([
          { vary: one, fixed: value },
          { vary: other, fixed: value },
        ]);
        expect(
          firstDifference({ vary: one, fixed: value }, { vary: one, fixed: value + 1 }, varying),
        ).toEqual({ at: '/fixed', values: [value, value + 1] });
      }),
    );
  });
});
