import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomAt } from '../../units/random.ts';
import { CHANGE_POINT_DEFAULTS, changePoints } from './change-points.ts';
import { bestSplit } from './divergence.ts';

const series = (text: string): readonly number[] => text.trim().split(/\s+/).map(Number);
const placesIn = (values: readonly number[], options = CHANGE_POINT_DEFAULTS): readonly number[] =>
  changePoints(values, options).map(({ at }) => at);

/** tests/change_point_divisive_test.py of Apache Otava. */
const OTAVA = series('0.3 2.4 1.5 -0.9 -0.5 99.7 98.3 99.1 149.0 149.7 149.5 149.1 148.8 150.0');
/** tests/series_test.py of Hunter. */
const HUNTER = [
  series('1.02 .95 .99 1.00 1.12 .90 .50 .51 .48 .48 .55'),
  series('2.02 2.03 2.01 2.04 1.82 1.85 1.79 1.81 1.80 1.76 1.78'),
] as const;
/** tests/analysis_test.py of Apache Otava, with the changes that it expects of a window of 5 at 0.0001. */
const LONG = series(
  `1.02 0.95 0.99 1.00 1.12 1.00 1.01 0.98 1.01 0.96 0.50 0.51 0.48 0.48 0.55 0.50 0.49 0.51 0.50 0.49
   0.47 0.48 0.45 0.01 0.1 0.22`,
);

/** A standard normal draw, by Box and Muller. */
function normalAt(run: number, at: number): number {
  const random = randomAt(run, 'service', at);
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

describe('change points', () => {
  it.each([
    { of: 'Otava’s series', values: OTAVA, maxP: 0.01, expected: [5, 8] },
    { of: 'Otava’s series at the default level', values: OTAVA, maxP: 0.001, expected: [5, 8] },
    { of: 'Hunter’s first series', values: HUNTER[0], maxP: 0.001, expected: [6] },
    { of: 'Hunter’s second series', values: HUNTER[1], maxP: 0.001, expected: [4] },
    { of: 'Otava’s longer series', values: LONG.slice(0, 20), maxP: 0.0001, expected: [10] },
    { of: 'Otava’s longer series to its end', values: LONG, maxP: 0.0001, expected: [10, 23] },
  ])('of $of are $expected', ({ values, maxP, expected }) => {
    expect(placesIn(values, { ...CHANGE_POINT_DEFAULTS, maxP })).toEqual(expected);
  });

  it('leave out those below the magnitude', () => {
    expect(placesIn(HUNTER[1], { ...CHANGE_POINT_DEFAULTS, minMagnitude: 0.2 })).toEqual([]);
    expect(placesIn(HUNTER[0], { ...CHANGE_POINT_DEFAULTS, minMagnitude: 0.2 })).toEqual([6]);
  });

  it('carry the means of the segments on both sides', () => {
    const [change] = changePoints(series('10 10 10 10 12 12 12 12'));
    expect(change).toMatchObject({ at: 4, before: 10, after: 12, p: 0 });
  });

  it('are none in a constant series', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.nat(70), (value, count) => {
        expect(changePoints(Array(count).fill(value))).toEqual([]);
      }),
    );
  });

  it('stay at their places when the unit changes', () => {
    const values = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 50 });
    fc.assert(
      fc.property(values, fc.constantFrom(2, 1024, 0.25), (given, scale) => {
        expect(placesIn(given.map((value) => value * scale))).toEqual(placesIn(given));
      }),
    );
  });

  it('are the same each time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 50 }), (given) => {
        expect(changePoints(given)).toEqual(changePoints(given));
      }),
    );
  });

  it('find a planted step of 10 % in noise of 2 %, and nothing in noise alone', () => {
    const runs = 200;
    const found = { planted: 0, false: 0 };
    for (let run = 0; run < runs; run += 1) {
      const noise = Array.from({ length: 30 }, (_, at) => 100 * (1 + 0.02 * normalAt(run, at)));
      if (changePoints(noise).length > 0) found.false += 1;
      if (placesIn(noise.map((value, at) => (at < 15 ? value : value * 1.1))).includes(15))
        found.planted += 1;
    }
    expect(found.planted).toBeGreaterThan(0.95 * runs);
    expect(found.false).toBeLessThan(0.02 * runs);
  });
});

describe('the best split', () => {
  /** Q as it is defined, from all pairs. */
  function divergence(first: readonly number[], second: readonly number[]): number {
    const [m, n] = [first.length, second.length];
    const distances = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((sum, x) => sum + b.reduce((inner, y) => inner + Math.abs(x - y), 0), 0);
    const within = (part: readonly number[]): number =>
      part.length < 2 ? 0 : distances(part, part) / (part.length * (part.length - 1));
    return ((m * n) / (m + n)) * ((2 / (m * n)) * distances(first, second) - within(first) - within(second));
  }

  it('has the greatest Q of all splits', () => {
    const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 14 });
    fc.assert(
      fc.property(values, (given) => {
        let greatest = 0;
        for (let at = 1; at < given.length; at += 1)
          for (let end = at + 1; end <= given.length; end += 1)
            greatest = Math.max(greatest, divergence(given.slice(0, at), given.slice(at, end)));
        const split = bestSplit(given, 0, given.length);
        expect(split?.divergence ?? 0).toBeCloseTo(greatest, 6);
      }),
    );
  });
});
