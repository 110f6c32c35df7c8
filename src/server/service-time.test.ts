import { describe, expect, it } from 'vitest';
import type { ServiceTime } from '../profile/settings.ts';
import { randomAt } from '../units/random.ts';
import { drawServiceTime } from './service-time.ts';

const DRAWS = 20_000;

function draws(distribution: ServiceTime): readonly number[] {
  const random = randomAt(7, 'service', 3);
  return Array.from({ length: DRAWS }, () => drawServiceTime(distribution, random)).sort((a, b) => a - b);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor(q * sorted.length)]!;

describe('service times', () => {
  it('are always the same when constant', () => {
    expect(new Set(draws({ kind: 'constant', us: 1500 }))).toEqual(new Set([1500]));
  });

  it('fill their range when uniform', () => {
    const values = draws({ kind: 'uniform', minUs: 1000, maxUs: 3000 });
    expect(values[0]).toBeGreaterThanOrEqual(1000);
    expect(values.at(-1)).toBeLessThan(3000);
    expect(mean(values)).toBeCloseTo(2000, -2);
  });

  it('have the mean and the median of an exponential distribution', () => {
    const values = draws({ kind: 'exponential', meanUs: 5000 });
    expect(mean(values) / 5000).toBeCloseTo(1, 1);
    expect(quantile(values, 0.5) / (5000 * Math.LN2)).toBeCloseTo(1, 1);
    expect(quantile(values, 0.99) / (5000 * Math.log(100))).toBeCloseTo(1, 1);
  });

  it('have the median and the spread of a log-normal distribution', () => {
    const values = draws({ kind: 'lognormal', medianUs: 2000, sigma: 0.5 });
    expect(quantile(values, 0.5) / 2000).toBeCloseTo(1, 1);
    expect(Math.log(quantile(values, 0.8413) / 2000)).toBeCloseTo(0.5, 1);
    expect(Math.log(quantile(values, 0.1587) / 2000)).toBeCloseTo(-0.5, 1);
  });

  it('are fast or slow, in their shares, when bimodal', () => {
    const values = draws({ kind: 'bimodal', fastUs: 1000, slowUs: 50_000, slowShare: 0.1 });
    expect(new Set(values)).toEqual(new Set([1000, 50_000]));
    expect(values.filter((value) => value === 50_000).length / DRAWS).toBeCloseTo(0.1, 1);
  });
});
