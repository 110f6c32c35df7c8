/** @module The matcher in vitest itself: what passes, what fails with which message, and with `.not`. */
import { describe, expect, it } from 'vitest';
import { demo } from '../src/report/sample-document.case.ts';
import type { ResultDocument, VariantResult } from '../src/result/document.ts';
import { BOUND, recordingOf, variantOf } from '../src/result/summary/result.case.ts';
import { windowTimes } from '../src/result/summary/window-times.ts';
import { askedTimes } from '../src/result/verdict/asked-times.ts';
import { UserError } from '../src/units/user-error.ts';
import { matchers } from '../src/vitest.ts';

expect.extend(matchers);

const recording = recordingOf([{ count: 1000, responseUs: 10_000 }]);
const healthy = variantOf('v', [recording]);
const bound = variantOf('w', [recording], { generator: BOUND });
const few = variantOf('few', [recordingOf([{ count: 20, responseUs: 10_000 }])]);

const resultOf = (...variants: readonly VariantResult[]): ResultDocument => ({
  ...demo(),
  variants: [...variants],
});

/** The healthy variant, of a run whose profile had `threshold`: the times of its windows are kept. */
const kept = (threshold: string): VariantResult => ({
  ...healthy,
  repetitions: healthy.repetitions.map((one) => ({
    ...one,
    windowTimes: [...windowTimes(recording, askedTimes([threshold]))],
  })),
});

/** The message with which an expectation fails; empty when it holds. */
function messageOf(expectation: () => void): string {
  try {
    expectation();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('toMeet', () => {
  it('passes a threshold that a result, or a variant, keeps', () => {
    expect(resultOf(healthy)).toMeet('p(99) < 50ms');
    expect(healthy).toMeet('error_rate == 0');
    expect(resultOf(healthy, few)).toMeet('p(99) < 50ms for v');
  });

  it('with .not passes one that fails', () => {
    expect(resultOf(healthy)).not.toMeet('p(99) < 5ms');
    expect(healthy).not.toMeet('rate > 2000/s');
  });

  it('reads thresholds over windows: counts of every result, times where the profile asked for them', () => {
    expect(healthy).toMeet('error_rate < 1% every 1s');
    expect(healthy).toMeet('rate >= 1000/s every 1s');
    expect(resultOf(healthy)).not.toMeet('goodput > 1000/s every 1s');
    expect(kept('p(99) < 50ms every 1s')).toMeet('p(99) < 50ms every 1s');
    expect(kept('p(99) < 50ms every 1s')).not.toMeet('p(99) < 5ms every 1s');
  });

  it.each<[string, () => void, readonly string[]]>([
    [
      'times of windows that the result does not keep',
      () => expect(healthy).toMeet('p(99) < 50ms every 1s'),
      [
        'expected the result to meet "p(99) < 50ms every 1s", but it is inconclusive (it must pass)',
        'the result does not keep these times: put the threshold into its profile',
      ],
    ],
    [
      'windows that are longer than the run',
      () => expect(healthy).not.toMeet('rate > 2000/s every 10s'),
      ['but it is inconclusive', 'the measured time has no whole window of 10 s'],
    ],
    [
      'a threshold that fails: measured, and bound',
      () => expect(resultOf(healthy)).toMeet('p(99) < 5ms'),
      ['expected the result to meet "p(99) < 5ms", but it is fail', 'fail: v: p(99) < 5ms: measured 10 ms'],
    ],
    [
      'one that is met, with .not',
      () => expect(healthy).not.toMeet('p(99) < 50ms'),
      ['not to meet "p(99) < 50ms", but it is met', 'pass: v: p(99) < 50ms: measured 10 ms'],
    ],
    [
      'too few calls',
      () => expect(few).toMeet('p(99) < 50ms'),
      ['but it is inconclusive', '20 calls are too few for this percentile, it needs 100'],
    ],
    [
      'too few calls, with .not',
      () => expect(few).not.toMeet('p(99) < 50ms'),
      ['but it is inconclusive (.not passes only where the threshold fails)', 'it needs 100'],
    ],
    [
      'a generator that was the bottleneck',
      () => expect(bound).not.toMeet('p(99) < 5ms'),
      [
        'measured 10 ms, but the generator was the bottleneck',
        'w: repetition 1: p99 of the send lag is 80 ms',
      ],
    ],
    [
      'a run that was cut short',
      () => expect({ ...resultOf(healthy), complete: false }).toMeet('p(99) < 50ms'),
      ['but it is inconclusive', 'the run was not complete'],
    ],
    ['one variant of several', () => expect(resultOf(healthy, few)).toMeet('p(99) < 50ms'), ['few: p(99)']],
    ['no variant', () => expect(resultOf()).toMeet('p(99) < 50ms'), ['nothing was measured']],
  ])('fails with a message on %s', (_, expectation, parts) => {
    const message = messageOf(expectation);
    for (const part of parts) expect(message).toContain(part);
  });

  it.each<[string, unknown]>([
    ['p99 < 50ms', healthy],
    ['p(99) < 50ms every now and then', healthy],
    ['mean < 50ms every 1s', healthy],
    ['p(99) < 50ms', 42],
    ['p(99) < 50ms', undefined],
  ])('throws for "%s" of %s, also with .not', (threshold, received) => {
    expect(() => expect(received).toMeet(threshold)).toThrow(UserError);
    expect(() => expect(received).not.toMeet(threshold)).toThrow(UserError);
  });
});
