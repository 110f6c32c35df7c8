import { describe, expect, it } from 'vitest';
import type { RecordedBucket } from '../../recording/buckets.ts';
import type { Recording } from '../../recording/recording.ts';
import type { InjectedEvent } from '../../testbed/events/injected.ts';
import { spread } from '../comparison/spread.ts';
import type { Repetition } from '../document.ts';
import { failedLater, faultEffects } from './fault-effects.ts';
import { summariseFaults } from './fault-summary.ts';

/** Tenths of a second in which each of `shares` instances "1", "2" ... answers so many calls. */
const even = (length: number, ...shares: readonly number[]): RecordedBucket[] =>
  Array.from({ length }, () => ({
    ok: shares.reduce((sum, calls) => sum + calls, 0),
    errors: 0,
    lost: 0,
    instances: shares.map((calls, index) => [String(index + 1), calls] as const),
    times: [[100, 1]],
  }));

const event = (over: Partial<InjectedEvent>): InjectedEvent => ({
  kind: 'kill',
  atUs: 1_000_000,
  forUs: 0,
  instances: ['3'],
  serving: ['1', '2'],
  ...over,
});

const withErrors = (buckets: RecordedBucket[], errors: Readonly<Record<number, number>>): RecordedBucket[] =>
  buckets.map((bucket, index) => ({ ...bucket, errors: errors[index] ?? 0, lost: errors[index] ?? 0 }));

describe('what a fault did', () => {
  it('counts failed calls up to the next fault, and the time until they stop', () => {
    const buckets = withErrors(even(60, 5, 5), { 3: 9, 10: 2, 14: 1, 30: 4 });
    const [first, second] = faultEffects([event({}), event({ atUs: 2_000_000 })], buckets);
    expect(first).toMatchObject({
      callsFailed: 3,
      sessionsLost: 3,
      errorsStopMs: 500,
      atMs: 1000,
      instance: '3',
      instances: ['3'],
    });
    expect(second).toMatchObject({ callsFailed: 4, errorsStopMs: 1100, inService: 2 });
    expect(first).not.toHaveProperty('inService');
  });

  it.each([
    [99, false],
    [100, true],
  ])('has a p99 response time only where a call lies beyond it: %d calls', (calls, expected) => {
    const buckets = even(60, 5, 5).map((bucket, index) => ({
      ...bucket,
      times: index === 10 ? ([[100, calls]] as const) : [],
    }));
    expect(faultEffects([event({})], buckets)[0]!.p99DuringUs !== null).toBe(expected);
  });

  it('counts calls that failed after the measured time for the last fault, whose errors did not stop then', () => {
    const buckets = withErrors(even(60, 5, 5), { 12: 2, 30: 1 });
    const byCall = [{ done: 611, ok: 596, aborted: 2, misuseRefused: 7 }] as unknown as Recording['byCall'];
    expect(failedLater({ byCall, buckets })).toBe(3);
    const [first, last] = faultEffects([event({}), event({ atUs: 2_000_000 })], buckets, 3);
    expect(first).toMatchObject({ callsFailed: 2, errorsStopMs: 300 });
    expect(first).not.toHaveProperty('failedLater');
    expect(last).toMatchObject({ callsFailed: 1, failedLater: 3, errorsStopMs: null });
    expect(faultEffects([event({})], buckets)[0]).not.toHaveProperty('failedLater');
  });

  it('tells what failed before it: back to the fault before, or the start', () => {
    const buckets = withErrors(even(60, 5, 5), { 3: 10, 10: 10, 19: 10, 30: 4 });
    const shares = (events: readonly InjectedEvent[]) =>
      faultEffects(events, buckets).map(({ failedBefore }) => failedBefore);
    expect(shares([event({}), event({ atUs: 2_000_000 })])).toEqual([10 / 110, 20 / 120]);
    expect(shares([event({ atUs: 0 })])).toEqual([null]);
  });

  it('blames one fault for each failed call, also when the next comes a little late', () => {
    const buckets = withErrors(even(30, 5, 5), { 12: 1, 20: 2, 21: 4 });
    const found = faultEffects([event({}), event({ atUs: 2_000_400 })], buckets);
    expect(found.map(({ callsFailed }) => callsFailed)).toEqual([1, 6]);
    expect(found[0]!.errorsStopMs).toBe(300);
  });

  it.each([
    ['no error at all', {}, 0],
    ['an error in the last tenths of a second', { 12: 1, 29: 1 }, null],
  ])('says when errors stop: %s', (_, errors, expected) => {
    expect(faultEffects([event({})], withErrors(even(30, 5, 5), errors))[0]!.errorsStopMs).toBe(expected);
  });

  it.each([
    ['at once, of a fleet that shares evenly', even(40, 6, 6), 0],
    ['never, while one is idle', even(40, 6, 0), null],
    ['when the leaning has passed', [...even(20, 12, 1), ...even(20, 6, 6)], 800],
  ])('says when the load is even: %s', (_, buckets, expected) => {
    const found = faultEffects([event({})], buckets)[0]!.rebalanceMs;
    if (expected === 800) expect(found).toBeGreaterThan(300);
    else expect(found).toBe(expected);
  });

  it('counts the handles that calls brought up to the next fault, and those that were refused', () => {
    const buckets = even(40, 5, 5).map((bucket, index) =>
      index === 12 || index === 25
        ? { ...bucket, handles: { calls: 8, refused: index === 12 ? 3 : 0 } }
        : bucket,
    );
    const found = faultEffects([event({}), event({ atUs: 2_000_000 }), event({ atUs: 3_000_000 })], buckets);
    expect(found.map(({ handles, handlesRefused }) => [handles, handlesRefused])).toEqual([
      [8, 3],
      [8, 0],
      [0, 0],
    ]);
    expect(faultEffects([event({})], even(40, 5, 5))[0]).not.toHaveProperty('handles');
  });

  it('allows for chance: few calls are not called uneven for one more or less', () => {
    expect(faultEffects([event({})], even(40, 1, 1))[0]!.rebalanceMs).toBe(0);
  });
});

describe('faults over repetitions', () => {
  it('gives an interval around the mean, and counts those without a figure', () => {
    expect(spread([2, null, 4, 3])).toMatchObject({ median: 3, min: 2, max: 4, mean: 3, never: 1 });
    const { ciLow, ciHigh } = spread([2, 4, 3])!;
    expect(ciLow).toBeLessThan(3);
    expect(ciHigh).toBeGreaterThan(3);
    expect(spread([null])).toBeNull();
    expect(spread([0, 5])!.ciLow).toBeGreaterThanOrEqual(0);
  });

  it('leaves out repetitions that were cut short', () => {
    const [effect] = faultEffects([event({})], even(30, 5, 5));
    const repetition = (complete: boolean): Repetition =>
      ({ complete, faults: [effect!] }) as unknown as Repetition;
    expect(summariseFaults([repetition(true), repetition(false)])).toMatchObject([
      { kind: 'kill', repetitions: 1 },
    ]);
    expect(summariseFaults([{ complete: true } as Repetition])).toBeUndefined();
  });
});
