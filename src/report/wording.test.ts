import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  figure,
  inLines,
  interval,
  list,
  millis,
  percent,
  percentWithUnit,
  plain,
  ratio,
  shorten,
  shortenAll,
  unitShare,
} from './wording.ts';

describe('wording', () => {
  it.each([
    [0, '0'],
    [1, '100'],
    [1e-9, '<0.01'],
    [1 - 1e-9, '>99.99'],
    [0.00123, '0.12'],
    [0.74321, '74.3'],
    [0.9991, '99.91'],
    [1.004, '100.4'],
    [1.339, '133.9'],
    [9.9999, '1,000'],
    [428.5, '42,850'],
  ])('prints the share %d as %s: none and all are said only when they are exact', (share, text) => {
    expect(percent(share)).toBe(text);
  });

  it.each([
    [0.7432, '74 %'],
    [0.0154, '1.5 %'],
    [0.9991, '99.91 %'],
    [1, '100 %'],
    [1.004, '100.4 %'],
    [1.339, '134 %'],
    [428.5, '42,850 %'],
  ])('says %d as %s', (share, text) => {
    expect(percentWithUnit(share)).toBe(text);
  });

  it.each([
    [1, '1'],
    [0.9999, '>0.999'],
    [0.9991, '0.999'],
    [0.25175, '0.25'],
    [null, '–'],
  ])('prints the index %s as %s', (value, text) => {
    expect(unitShare(value)).toBe(text);
  });

  it.each([
    [950, '0.95'],
    [12_345, '12.3'],
    [123_456, '123'],
    [1_234_567, '1,235'],
    [0, '0'],
  ])('prints %d us as %s ms', (us, text) => {
    expect(millis(us)).toBe(text);
  });

  it('keeps names different however short they are cut', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 60 }), { maxLength: 30 }), (names) => {
        const short = shortenAll(names, 12);
        expect(new Set(short).size).toBe(names.length);
        for (const name of short) expect([...name].length).toBeLessThanOrEqual(12);
      }),
    );
  });

  it('cuts from the middle', () => {
    expect(shorten('abcdefghij', 7)).toBe('abc…hij');
    expect(shorten('short', 7)).toBe('short');
  });

  it('leaves nothing that moves a cursor or turns the direction of writing', () => {
    expect(plain('a\u001b[31m\r\nb\u202ec\u0000')).toBe('a [31m b c');
  });

  it('breaks lines without losing a word', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), (words) => {
        const lines = inLines(words.join(' '), 20);
        expect(lines.join(' ')).toBe(words.join(' '));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(20);
      }),
    );
  });

  it.each([
    [1.4, '1.40'],
    [0.0034, '0.0034'],
    [12_345, '12,345'],
  ])('prints the ratio %d as %s', (value, text) => {
    expect(ratio(value)).toBe(text);
  });

  it('joins and rounds', () => {
    expect(list(['a', 'b', 'c'])).toBe('a, b and c');
    expect(list([])).toBe('');
    expect(figure(Number.NaN)).toBe('–');
  });
});

it.each([
  [1.2, 1.7, '[1.20, 1.70]'],
  [1.1, 2.345, '[1.10, 2.35]'],
  [0.579, 0.9953, '[0.57, 0.996]'],
  [1.0046, 1.58, '[1.004, 1.58]'],
  [1, 1, '[1.00, 1.00]'],
  [0.999, 1.001, '[0.99, 1.01]'],
  [0.00345, 1234.5, '[0.0034, 1,235]'],
  [0, 0.5, '[0, 0.50]'],
])('an interval from %f to %f is %s: rounded outwards, and never onto 1', (low, high, text) => {
  expect(interval(low, high)).toBe(text);
});
