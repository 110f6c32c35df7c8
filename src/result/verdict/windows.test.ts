/** @module Thresholds over windows of the measured time. */
import { describe, expect, it } from 'vitest';
import { Recorder } from '../../recording/recorder.ts';
import type { Recording } from '../../recording/recording.ts';
import type { Check, Repetition, VariantResult } from '../document.ts';
import { BOUND, type Calls, variantOf } from '../summary/result.case.ts';
import { windowTimes } from '../summary/window-times.ts';
import { askedTimes } from './asked-times.ts';
import { check } from './judge.ts';

/** Calls that fall due and end in these seconds, and some that are never sent. */
function recordingOf(seconds: readonly (readonly Calls[])[], dropped: readonly number[] = []): Recording {
  const durationUs = seconds.length * 1e6;
  const recorder = new Recorder({ calls: ['tools/call echo'], startUs: 0, durationUs });
  for (const [second, groups] of seconds.entries()) {
    const dueUs = second * 1e6;
    for (const { count, responseUs, ...over } of groups) {
      for (let i = 0; i < count; i += 1) {
        recorder.due(0, dueUs);
        const times = { dueUs, sentUs: dueUs, doneUs: dueUs + responseUs };
        recorder.add({ call: 0, outcome: 'ok', detail: undefined, servedBy: undefined, ...times, ...over });
      }
    }
    for (let i = 0; i < (dropped[second] ?? 0); i += 1) {
      recorder.due(0, dueUs);
      recorder.drop(0, dueUs);
    }
  }
  return recorder.close({ endUs: durationUs });
}

/** The one check of `threshold` on repetitions that keep what it asks for. */
function checked(threshold: string, recordings: readonly Recording[], over: Partial<Repetition> = {}): Check {
  const variant = variantOf('v', recordings, over);
  const repetitions = variant.repetitions.map((one, place) => ({
    ...one,
    windowTimes: [...windowTimes(recordings[place]!, askedTimes([threshold]))],
  }));
  return check([{ ...variant, repetitions }], [threshold])[0]!;
}

const even = [{ count: 200, responseUs: 10_000 }];
const slow = [...even, { count: 10, responseUs: 80_000 }];
const failing = [...even, { count: 50, responseUs: 1000, outcome: 'http-error' as const }];
const refused = [{ count: 200, responseUs: 500, outcome: 'refused' as const }];

/** Six seconds: only the fourth is slow and the sixth fails a fifth of its calls. */
const run = recordingOf([even, even, even, slow, even, failing]);
const calm = recordingOf([even, even, even, even, even, even]);

describe('a threshold over windows', () => {
  it.each<[string, Check['status'], string]>([
    ['p(99) < 50ms every 2s', 'fail', '80.4 ms from 2 s to 4 s'],
    ['p(99) < 100ms every 2s for v', 'inconclusive', '10 ms from 4 s to 6 s'],
    ['all_response_time max < 50ms every 3s', 'fail', '80.4 ms from 3 s to 6 s'],
    ['error_rate < 5% every 1s', 'fail', '20 % from 5 s to 6 s'],
    ['error_rate < 5% every 6s', 'pass', '3.97 % from 0 s to 6 s'],
    ['rate >= 200/s every 1s', 'pass', '200/s from 0 s to 1 s'],
    ['goodput > 200/s every 2s', 'fail', '200/s from 0 s to 2 s'],
  ])('%s: %s, %s', (threshold, status, measured) => {
    expect(checked(threshold, [run])).toMatchObject({ status, measured: expect.stringContaining(measured) });
  });

  it('does not pass on the fast failures of a window', () => {
    expect(checked('p(99) < 100ms every 2s', [run]).why).toMatch(/11\.1 % of the calls failed/);
    const { status } = checked('p(99) < 100ms every 2s', [calm]);
    expect(status).toBe('pass');
  });

  it('names the repetition of several', () => {
    expect(checked('p(99) < 50ms every 2s', [calm, run]).reason).toBe(
      'v: p(99) < 50ms every 2s: measured 80.4 ms from 2 s to 4 s of repetition 2',
    );
  });

  it('counts calls that were never sent as errors of the window in which they fell due', () => {
    const dropping = recordingOf([even, even], [0, 50]);
    expect(checked('error_rate < 1% every 1s', [dropping])).toMatchObject({
      status: 'fail',
      measured: '20 % from 1 s to 2 s',
    });
  });

  it('leaves out the rest of the measured time that is no whole window', () => {
    expect(checked('error_rate < 5% every 5s', [run]).status).toBe('pass');
  });

  it.each<[string, string, readonly Recording[], Partial<Repetition>, RegExp]>([
    ['the time is shorter', 'rate > 1/s every 10s', [run], {}, /has no whole window of 10 s/],
    ['too few calls ended', 'p(99.9) < 1s every 1s', [run], {}, /from 0 s to 1 s: 200 calls .* needs 1000/],
    ['the generator was the bottleneck', 'rate > 500/s every 1s', [run], { generator: BOUND }, /bottleneck/],
    ['the bound is too close', 'p(50) <= 10ms every 6s', [calm], {}, /two digits/],
    [
      'no call was due',
      'rate < 500/s every 1s',
      [recordingOf([even, []])],
      {},
      /from 1 s to 2 s: no call was due/,
    ],
  ])('is not judged when %s', (_, threshold, recordings, over, why) => {
    expect(checked(threshold, recordings, over)).toMatchObject({
      status: 'inconclusive',
      why: expect.stringMatching(why),
    });
  });

  it('fails when no call of a window had a time, though calls were due', () => {
    expect(checked('p(50) < 1s every 1s', [recordingOf([even, refused])])).toMatchObject({
      status: 'fail',
      why: 'from 1 s to 2 s: no call ended ok',
    });
  });

  it('is not judged on times that the result does not keep, nor on counts of older results', () => {
    const [variant] = [variantOf('v', [recordingOf([even], [1])])];
    const older: VariantResult = {
      ...variant!,
      repetitions: variant!.repetitions.map((one) => ({
        ...one,
        windows: one.windows.map(({ arrived: _, byDue: __, ...window }) => window),
      })),
    };
    const whys = check([older], ['p(99) < 1s every 1s', 'rate > 1/s every 1s', 'error_rate < 5% every 1s']);
    expect(whys.map(({ status, why }) => [status, why])).toEqual([
      ['inconclusive', expect.stringContaining('does not keep these times')],
      ['inconclusive', expect.stringContaining('does not have the answers of each second')],
      ['inconclusive', expect.stringContaining('does not say when calls were dropped')],
    ]);
  });
});
