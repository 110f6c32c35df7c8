import { describe, expect, it } from 'vitest';
import type { VariantNoise } from '../result/noise/document.ts';
import { modelOf } from './model.ts';
import { noiseLine, outlierFindings } from './noise.ts';
import { demo } from './sample-document.case.ts';

const names = demo().variants.map(({ name }) => name);
const NOISE: VariantNoise = {
  variant: names[0]!,
  metric: 'responseTime.p50Us',
  repetitions: 5,
  variation: 0.021,
  detectable: 0.0731,
  outliers: [],
};
const modelWith = (noise: VariantNoise[]) => modelOf({ ...demo(), noise });

describe('the noise in words', () => {
  it('is that of the noisiest variant', () => {
    expect(noiseLine(modelWith([NOISE]))).toBe(
      'Noise from repetition to repetition: 2.1 % in the p50 response time; 5 repetitions find a change of 7.3 % in 80 % of comparisons.',
    );
    const worse = { ...NOISE, variant: names[1]!, variation: 0.04, detectable: 0.12 };
    expect(noiseLine(modelWith([NOISE, worse]))).toContain(
      `repetition, in “${names[1]}” as the noisiest variant: 4.0 % in the p50 response time; 5 repetitions find a change of 12 %`,
    );
    expect(noiseLine(modelWith([{ ...NOISE, variation: 1.339, detectable: 428.5 }]))).toContain(
      '134 % in the p50 response time; 5 repetitions find a change of 42,850 %',
    );
  });

  it('is nothing where there are too few repetitions, and in older results', () => {
    expect(noiseLine(modelWith([]))).toBeUndefined();
    expect(noiseLine(modelOf(demo()))).toBeUndefined();
  });

  it('names a repetition that is an outlier, with its value and the median of the others; a healthy twin is not told', () => {
    const outlier = { repetition: 3, value: 12_300, othersMedian: 5100 };
    expect(outlierFindings(modelWith([{ ...NOISE, outliers: [outlier] }]))).toEqual([
      {
        tone: 'warning',
        text: `“${names[0]}” repetition 4 is an outlier: its p50 response time is 12.3 ms, the median of the others 5.10 ms. It counts in all figures.`,
      },
    ]);
    expect(outlierFindings(modelWith([NOISE]))).toEqual([]);
  });
});
