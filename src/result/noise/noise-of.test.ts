import { describe, expect, it } from 'vitest';
import { randomAt } from '../../units/random.ts';
import { MINIMUM_CHANGE } from '../regression/compare-results.ts';
import { judgeTested, testPairs } from '../regression/judge-pairs.ts';
import { FAMILY_LEVEL } from '../statistics/holm.ts';
import { recordingOf, variantOf } from '../summary/result.case.ts';
import { noiseOf, smallestChange } from './noise-of.ts';

const variant = (times: readonly number[], over = {}) =>
  variantOf(
    'sticky',
    times.map((responseUs) => recordingOf([{ count: 200, responseUs }])),
    over,
  );

describe('the noise from repetition to repetition', () => {
  it('is the coefficient of variation of the headline metric', () => {
    const [noise] = noiseOf([variant([900, 1000, 1100])]);
    expect(noise).toMatchObject({
      variant: 'sticky',
      metric: 'responseTime.p50Us',
      repetitions: 3,
      outliers: [],
    });
    expect(noise!.variation).toBeCloseTo(0.1, 6);
    expect(noise!.detectable).toBe(smallestChange(noise!.variation, 3, 1));
  });

  it('names the repetition that was planted as an outlier, and none of a healthy twin', () => {
    const [planted] = noiseOf([variant([1000, 1010, 3000, 990, 1005])]);
    expect(planted!.outliers).toEqual([{ repetition: 2, value: 3000, othersMedian: 1002.5 }]);
    expect(noiseOf([variant([1000, 1010, 1020, 990, 1005])])[0]!.outliers).toEqual([]);
  });

  it.each([
    ['two repetitions', variant([900, 1000])],
    ['repetitions that did not run to the end', variant([900, 1000, 1100], { complete: false })],
    [
      'a variant without a time',
      variantOf(
        'none',
        [1, 2, 3].map(() => recordingOf([])),
      ),
    ],
  ])('is unknown of %s', (_, one) => {
    expect(noiseOf([one])).toEqual([]);
  });
});

describe('the smallest change that is found', () => {
  it('is the margin where there is no noise, and grows with noise, with fewer repetitions and with more variants', () => {
    expect(smallestChange(0, 5, 1)).toBeCloseTo(MINIMUM_CHANGE, 12);
    const usual = smallestChange(0.02, 5, 1);
    expect(smallestChange(0.03, 5, 1)).toBeGreaterThan(usual);
    expect(smallestChange(0.02, 4, 1)).toBeGreaterThan(usual);
    expect(smallestChange(0.02, 5, 4)).toBeGreaterThan(usual);
  });

  it('is found by the rule of comparisons in about 80 of 100 simulated pairs of results', () => {
    const [variation, repetitions] = [0.03, 10];
    const change = smallestChange(variation, repetitions, 1);
    const random = randomAt(5, 'service');
    const normal = (): number =>
      Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    const runs = 2000;
    let found = 0;
    for (let run = 0; run < runs; run += 1) {
      const pairs = Array.from({ length: repetitions }, () => ({
        base: Math.exp(variation * normal()),
        candidate: (1 + change) * Math.exp(variation * normal()),
      }));
      const { claim } = judgeTested(testPairs(pairs, 'ratio', MINIMUM_CHANGE), FAMILY_LEVEL);
      if (claim === 'above') found += 1;
    }
    expect(found / runs).toBeGreaterThan(0.77);
    expect(found / runs).toBeLessThan(0.83);
  });
});
