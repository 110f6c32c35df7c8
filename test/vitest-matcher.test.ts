/** @module The matcher in vitest itself: what passes, what fails with which message, and with `.not`. */
import { describe, expect, it } from 'vitest';
import { demo } from '../src/report/sample-document.case.ts';
import type { ResultDocument, VariantResult } from '../src/result/document.ts';
import { BOUND, recordingOf, variantOf } from '../src/result/summary/result.case.ts';
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

  it.each<[string, () => void, readonly string[]]>([
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
    ['p(99) < 50ms', 42],
    ['p(99) < 50ms', undefined],
  ])('throws for "%s" of %s, also with .not', (threshold, received) => {
    expect(() => expect(received).toMeet(threshold)).toThrow(UserError);
    expect(() => expect(received).not.toMeet(threshold)).toThrow(UserError);
  });
});
