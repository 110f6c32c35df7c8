/** @module Thresholds in confidence: on the interval of the mean over repetitions. */
import { describe, expect, it } from 'vitest';
import { type Check, type Repetition, Verdict } from '../document.ts';
import { BOUND, recordingOf, variantOf } from '../summary/result.case.ts';
import { check, judge } from './judge.ts';

/** A variant whose repetitions have these means, in milliseconds. */
const variantWith = (meansMs: readonly number[], over: Partial<Repetition> = {}) =>
  variantOf(
    'v',
    meansMs.map((ms) => recordingOf([{ count: 200, responseUs: ms * 1000 }])),
    over,
  );

const one = (means: readonly number[], threshold: string, over: Partial<Repetition> = {}): Check =>
  check([variantWith(means, over)], [threshold])[0]!;

describe('a threshold in confidence', () => {
  // Mean 10 and deviation 1: Student's t for 95 % with 2 degrees of freedom is 4.303, so the interval is 10 +- 2.484.
  const MEANS = [9, 10, 11];

  it.each<[string, Check['status']]>([
    ['mean < 12.5ms with 95%', 'pass'],
    ['mean < 12.4ms with 95%', 'inconclusive'],
    ['mean < 7.6ms with 95%', 'inconclusive'],
    ['mean < 7.5ms with 95%', 'fail'],
    ['mean > 7.5ms with 95%', 'pass'],
    ['mean > 12.5ms with 95%', 'fail'],
    // With 2 degrees of freedom t is 1.886 for 80 %: 10 +- 1.089.
    ['mean < 11.1ms with 80%', 'pass'],
    ['mean < 11ms with 80%', 'inconclusive'],
  ])('%s: %s', (threshold, status) => {
    expect(one(MEANS, threshold).status).toBe(status);
  });

  it('shows the interval, and how many repetitions would tell', () => {
    expect(one(MEANS, 'mean < 11ms with 95%')).toMatchObject({
      measured: '10 ms (7.52 ms to 12.5 ms with 95 %)',
      // t with 6 degrees of freedom is 2.447: 2.447 / sqrt(7) = 0.925 is the first below 1.
      why: 'the bound is within the interval of 3 repetitions; about 7 would tell if they vary as these do',
    });
    expect(one(MEANS, 'mean < 10ms with 95%').why).toBe('the bound is within the interval of 3 repetitions');
  });

  it.each<[string, readonly number[], string, Partial<Repetition>, RegExp]>([
    ['too few repetitions', [9, 10], 'mean < 1s with 95%', {}, /2 repetitions are too few .* needs 3/],
    ['one repetition', [9], 'mean < 1s with 95%', {}, /1 repetition is too few/],
    ['trials that were cut off', [9, 10, 11], 'mean < 1s with 95%', { complete: false }, /too few/],
    ['a generator that was the bottleneck', MEANS, 'mean < 1s with 95%', { generator: BOUND }, /bottleneck/],
    ['too few calls in a repetition', MEANS, 'p(99.9) < 1s with 95%', {}, /^repetition 1: 200 calls/],
  ])('is not judged by %s', (_, means, threshold, over, why) => {
    expect(one(means, threshold, over)).toMatchObject({
      status: 'inconclusive',
      why: expect.stringMatching(why),
    });
  });

  it('passes an exact value that every repetition has', () => {
    expect(one(MEANS, 'error_rate == 0 with 95%').status).toBe('pass');
    expect(one(MEANS, 'rate == 1/s with 95%').status).toBe('fail');
  });

  it('fails without a sample where the server had to give one', () => {
    const refused = recordingOf([{ count: 9, responseUs: 0, outcome: 'refused' }]);
    const variant = variantOf('v', [refused, refused, refused]);
    expect(Verdict.parse(judge([variant], ['p(99) < 1s with 95%'])).checks).toMatchObject([
      { status: 'fail', why: 'no call ended ok' },
    ]);
  });
});
