/** @module Proves that comparisons of variants that do not differ claim nothing, whatever drifts, and that a planted difference is found. */
import { describe, expect, it } from 'vitest';
import { type Experiments, simulateComparisons } from '../bench/aa-simulation.ts';
import { MINIMUM_EFFECT } from '../src/result/document.ts';

const RUNS = 120;
/** 5 %, and three standard errors of so many runs. */
const MOST = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / RUNS);

const SAME: Experiments = { variants: 2, repetitions: 3, drift: 0, noise: 0.03, planted: 0 };

/** The share of experiments with a comparison for which `holds` is true. */
function shareOf(experiments: Experiments, holds: Parameters<typeof matches>[1]): number {
  const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);
  return seeds.filter((seed) => matches(simulateComparisons(experiments, seed), holds)).length / RUNS;
}

type Compared = ReturnType<typeof simulateComparisons>;
const matches = (all: Compared, holds: (one: Compared[number]) => boolean): boolean => all.some(holds);

const SIZES = [
  { variants: 2, repetitions: 3 },
  { variants: 2, repetitions: 10 },
  { variants: 4, repetitions: 3 },
  { variants: 6, repetitions: 5 },
];
const CASES = [0, 0.05, 0.1].flatMap((drift) => SIZES.map((size) => ({ ...size, drift })));

describe('a report of variants that do not differ claims a difference in one of twenty at most', () => {
  it.each(CASES)('$variants variants, $repetitions repetitions, drift of $drift a trial', (size) => {
    const claims = shareOf(
      { ...SAME, ...size },
      ({ verdict }) => verdict === 'better' || verdict === 'worse',
    );
    expect(claims).toBeLessThan(MOST);
  });
});

describe('a difference of the margin itself, at which a claim is easiest to get wrong,', () => {
  it.each(CASES)('is claimed in one of twenty reports at most: $variants, $repetitions, $drift', (size) => {
    const claims = shareOf(
      { ...SAME, ...size, planted: MINIMUM_EFFECT },
      ({ verdict }) => verdict === 'better' || verdict === 'worse',
    );
    expect(claims).toBeLessThan(MOST);
  });
});

describe('a median that is 20 % longer', () => {
  it.each([0, 0.05])('is found with 3 repetitions on a steady machine, drift %f a trial', (drift) => {
    const found = shareOf(
      { ...SAME, drift, noise: 0.01, planted: 0.2 },
      ({ metric, verdict }) => metric === 'responseTime.p50Us' && verdict === 'worse',
    );
    expect(found).toBeGreaterThan(0.99);
  });

  it('is found with 10 repetitions on a noisy one', () => {
    const found = shareOf(
      { ...SAME, repetitions: 10, drift: 0.05, noise: 0.06, planted: 0.2 },
      ({ metric, verdict }) => metric === 'responseTime.p50Us' && verdict === 'worse',
    );
    expect(found).toBeGreaterThan(0.9);
  });
});
