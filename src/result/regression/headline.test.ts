import { describe, expect, it } from 'vitest';
import { variantOf } from '../summary/result.case.ts';
import { blocksOf } from './blocks.ts';
import { compareResults } from './compare-results.ts';
import { detectableWith, judgeHeadline } from './headline.ts';
import { measuredOf, timed } from './measured.case.ts';

const [{ settings }] = [variantOf('a', [])];

describe('the headline metric so far', () => {
  const [base, candidate] = [timed([1000, 1020, 990, 1010]), timed([1100, 1130, 1080, 1120])];
  const blocks = blocksOf(base.repetitions as never, candidate.repetitions as never);

  it('is judged as in a comparison of results', () => {
    const options = { minEffect: 0.05 };
    const whole = compareResults(measuredOf([base]), measuredOf([candidate]), {
      ...options,
      acceptsUnlike: false,
      createdAt: new Date(0),
    });
    expect(judgeHeadline(blocks, settings, options, 0.05)).toEqual(whole.changes[0]);
  });

  it('finds smaller changes with more pairs, and with as many those that it has now', () => {
    const change = judgeHeadline(blocks, settings, { minEffect: 0.05 }, 0.05);
    expect(detectableWith(change, 4, 0.05)).toBeCloseTo(change.detectable!, 9);
    expect(detectableWith(change, 30, 0.05)!).toBeLessThan(change.detectable!);
    expect(detectableWith(change, 30, 0.05)!).toBeGreaterThan(change.margin);
    expect(detectableWith({ ...change, noise: null }, 30, 0.05)).toBeNull();
  });
});
