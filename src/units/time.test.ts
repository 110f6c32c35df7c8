import { describe, expect, it } from 'vitest';
import { formatMicros, parseDuration, parseRate } from './time.ts';

describe('durations in profiles', () => {
  it.each([
    ['250ms', 250_000],
    ['2s', 2_000_000],
    ['1.5m', 90_000_000],
    ['1h', 3_600_000_000],
    ['40us', 40],
    [' 2s ', 2_000_000],
  ])('%s is %i us', (text, us) => expect(parseDuration(text)).toBe(us));

  it.each(['', '2', 's', '-1s', '2 s', '1e3ms', '2sec', '1s2ms'])('%j is not a duration', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );
});

describe('rates in profiles', () => {
  it.each([
    ['400/s', 400],
    ['2k/s', 2000],
    ['0.5/s', 0.5],
    ['90/m', 1.5],
  ])('%s is %d per second', (text, perSecond) => expect(parseRate(text)).toBe(perSecond));

  it.each(['', '400', '400/h', '-1/s', '4 /s', 'k/s'])('%j is not a rate', (text) =>
    expect(parseRate(text)).toBeUndefined(),
  );
});

describe('formatted durations', () => {
  it.each([
    [0, '0 us'],
    [950, '950 us'],
    [1200, '1.2 ms'],
    [12_340, '12.3 ms'],
    [123_456, '123 ms'],
    [3_420_000, '3.42 s'],
    [Number.NaN, 'n/a'],
  ])('%d us reads %s', (us, text) => expect(formatMicros(us)).toBe(text));
});
