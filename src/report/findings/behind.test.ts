/** @module Proves that only a server whose queue grows is said to fall behind, with recordings of servers that are known. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../protocol/outcome.ts';
import { Recorder } from '../../recording/recorder.ts';
import type { Recording } from '../../recording/recording.ts';
import type { VariantResult } from '../../result/document.ts';
import { variantOf } from '../../result/summary/result.case.ts';
import { withConclusions } from '../../result/summary/variant-result.ts';
import { modelOf } from '../model.ts';
import { oneVariant } from '../sample-document.case.ts';
import { findings } from './findings.ts';

const SECOND = 1e6;

interface Run {
  readonly warmupUs?: number;
  readonly seconds: number;
  /** When the n-th call falls due, counted from the start of the warm-up. */
  readonly dueUs: (n: number) => number;
  readonly doneUs: (n: number, dueUs: number) => number;
  /** Default `ok`. */
  readonly outcome?: (n: number) => Outcome | 'dropped';
}

/** What is recorded of all calls due until the end. */
function record({ warmupUs = 0, seconds, dueUs, doneUs, outcome: outcomeOf = () => 'ok' }: Run): Recording {
  const endUs = warmupUs + seconds * SECOND;
  const recorder = new Recorder({ calls: ['c'], startUs: warmupUs, warmupUs, durationUs: seconds * SECOND });
  for (let n = 0; dueUs(n) < endUs; n += 1) {
    const due = dueUs(n);
    recorder.due(0, due);
    const outcome = outcomeOf(n);
    if (outcome === 'dropped') {
      recorder.drop(0, due);
      continue;
    }
    const times = { dueUs: due, sentUs: due, doneUs: doneUs(n, due) };
    recorder.add({ call: 0, outcome, detail: undefined, servedBy: undefined, ...times });
  }
  return recorder.close({ endUs });
}

const said = (run: Run, repetitions = 1): string => {
  const variant = variantOf(
    'v',
    Array.from({ length: repetitions }, () => record(run)),
  );
  const settings = { ...variant.settings, warmupUs: run.warmupUs ?? 0 };
  const variants = [withConclusions({ ...variant, settings })];
  return findings(modelOf({ ...oneVariant(), variants }))
    .map(({ text }) => text)
    .join('\n');
};

/** 100 calls a second. */
const steady = (n: number): number => n * 10_000;
const constant = (us: number) => (_: number, dueUs: number) => dueUs + us;
/** A fifth of the calls takes 3 s, in parallel with the others. */
const slowFifth = (n: number, dueUs: number): number => dueUs + (n % 5 === 0 ? 3 * SECOND : 10_000);
const TIMEOUT = 5 * SECOND;
/** One at a time, as long as each takes. */
const queue = (us: number) => (n: number, dueUs: number) => Math.max(dueUs, n * us) + us;

describe('a server that keeps up is not said to fall behind', () => {
  it.each<[string, Run, number]>([
    ['constant 700 ms, no warm-up', { seconds: 5, dueUs: steady, doneUs: constant(700_000) }, 1],
    ['the same over repetitions', { seconds: 5, dueUs: steady, doneUs: constant(700_000) }, 3],
    ['constant 700 ms for a second', { seconds: 1, dueUs: steady, doneUs: constant(700_000) }, 1],
    [
      'constant 700 ms, a shorter warm-up',
      { seconds: 3, warmupUs: 300_000, dueUs: steady, doneUs: constant(700_000) },
      1,
    ],
    [
      'twice as slow in the second half',
      { seconds: 4, dueUs: steady, doneUs: (n, due) => due + (n < 200 ? 100_000 : 200_000) },
      1,
    ],
    ['constant 2 s', { seconds: 10, dueUs: steady, doneUs: constant(2 * SECOND) }, 1],
    [
      'a ramp to 400/s at 700 ms',
      { seconds: 8, dueUs: (n) => Math.sqrt(n / 25) * SECOND, doneUs: constant(700_000) },
      1,
    ],
    ['a fifth at 3 s in parallel, no warm-up', { seconds: 5, dueUs: steady, doneUs: slowFifth }, 1],
    [
      'a fifth at 3 s in parallel, a shorter warm-up',
      { seconds: 4, warmupUs: 2 * SECOND, dueUs: steady, doneUs: slowFifth },
      1,
    ],
    ['a fifth at 3 s in parallel, over repetitions', { seconds: 10, dueUs: steady, doneUs: slowFifth }, 3],
    [
      'a fifth of the calls is never answered',
      {
        seconds: 30,
        dueUs: steady,
        doneUs: (n, due) => due + (n % 5 === 0 ? TIMEOUT : 10_000),
        outcome: (n) => (n % 5 === 0 ? 'timeout' : 'ok'),
      },
      1,
    ],
    [
      'a third is refused',
      {
        seconds: 10,
        dueUs: steady,
        doneUs: constant(100),
        outcome: (n) => (n % 3 === 0 ? 'refused' : 'ok'),
      },
      1,
    ],
    ['ten calls', { seconds: 1, dueUs: (n) => n * 100_000, doneUs: constant(150_000) }, 1],
  ])('%s', (_, run, repetitions) => {
    expect(said(run, repetitions)).not.toContain('fell behind');
  });
});

describe('a server at half the rate is said to fall behind', () => {
  it.each<[string, Run, number]>([
    ['without a warm-up', { seconds: 5, dueUs: steady, doneUs: queue(20_000) }, 1],
    ['over repetitions', { seconds: 5, dueUs: steady, doneUs: queue(20_000) }, 3],
    ['after a warm-up', { seconds: 5, warmupUs: 2 * SECOND, dueUs: steady, doneUs: queue(20_000) }, 1],
    [
      'after a warm-up nearly as long',
      { seconds: 5, warmupUs: 4 * SECOND, dueUs: steady, doneUs: queue(20_000) },
      1,
    ],
    ['after a long warm-up', { seconds: 5, warmupUs: 10 * SECOND, dueUs: steady, doneUs: queue(20_000) }, 1],
    [
      'that is slow by itself, too',
      { seconds: 10, dueUs: steady, doneUs: (n, due) => queue(20_000)(n, due) + 700_000 },
      1,
    ],
    [
      'that is slow by itself, in two seconds',
      { seconds: 2, dueUs: steady, doneUs: (n, due) => queue(20_000)(n, due) + 700_000 },
      1,
    ],
  ])('%s', (_, run, repetitions) => {
    expect(said(run, repetitions)).toMatch(/fell behind: (3|4|5)\d(\.\d)? of the 100 calls/);
  });
});

describe('a server that does not answer in time is said to fall behind', () => {
  it.each<[string, Run, string]>([
    [
      'it hangs from the start: every call times out',
      { seconds: 10, dueUs: steady, doneUs: constant(TIMEOUT), outcome: () => 'timeout' },
      'fell behind: 0 of the 100 calls',
    ],
    [
      'it hangs from the second second on',
      {
        seconds: 10,
        warmupUs: SECOND,
        dueUs: steady,
        doneUs: (n, due) => due + (n < 200 ? 1000 : TIMEOUT),
        outcome: (n) => (n < 200 ? 'ok' : 'timeout'),
      },
      'fell behind: 10.0 of the 100 calls',
    ],
    [
      'it answers calls of the warm-up alone',
      {
        seconds: 10,
        warmupUs: 2 * SECOND,
        dueUs: steady,
        doneUs: (n, due) => due + (n < 200 ? 2 * SECOND : TIMEOUT),
        outcome: (n) => (n < 200 ? 'ok' : 'timeout'),
      },
      'none of the 100 calls due per second of the measured time was answered. The 20.0 answers per second within it are to calls of the warm-up.',
    ],
    [
      'it answers errors alone, from a queue',
      { seconds: 10, dueUs: steady, doneUs: queue(20_000), outcome: () => 'tool-error' },
      'calls due per second were answered within the measured time. None of the calls due in that time ended ok.',
    ],
    [
      'at half the rate, and calls are dropped at the in-flight limit',
      {
        seconds: 10,
        dueUs: steady,
        doneUs: (n, due) => queue(20_000)(n, due),
        outcome: (n) => (n > 100 && n % 2 === 1 ? 'dropped' : 'ok'),
      },
      'fell behind: 30.0 of the 100 calls',
    ],
    [
      'at half of ten calls a second',
      { seconds: 10, dueUs: (n) => n * 100_000, doneUs: queue(200_000) },
      'fell behind: 4.90 of the 10.0 calls',
    ],
  ])('%s', (_, run, words) => {
    expect(said(run)).toContain(words);
  });
});

describe('steps of flows that fall due after the measured time', () => {
  /** 10 flows a second, each of two calls with 3 s between them; a call takes `takesUs`. */
  const flows = (takesUs: number, seconds: number, warmupUs = 0): Recording => {
    const endUs = warmupUs + seconds * SECOND;
    const options = { startUs: warmupUs, warmupUs, durationUs: seconds * SECOND };
    const recorder = new Recorder({ calls: ['first', 'second'], ...options });
    for (let flowDueUs = 0; flowDueUs < endUs; flowDueUs += 100_000) {
      for (const call of [0, 1]) {
        const dueUs = flowDueUs + call * (takesUs + 3 * SECOND);
        recorder.due(call, dueUs, flowDueUs);
        const times = { flowDueUs, dueUs, sentUs: dueUs, doneUs: dueUs + takesUs };
        recorder.add({ call, outcome: 'ok', detail: undefined, servedBy: undefined, ...times });
      }
    }
    return recorder.close({ endUs });
  };
  const variantFrom = (recording: Recording, repetitions = 1): VariantResult =>
    withConclusions(
      variantOf(
        'v',
        Array.from({ length: repetitions }, () => recording),
      ),
    );

  it.each([
    ['without a warm-up', flows(0, 4), 12.5],
    ['with steps from the warm-up', flows(0, 4, 2 * SECOND), 17.5],
    ['with a warm-up as long as the flow', flows(0, 4, 3 * SECOND), 20],
  ])('are not offered: a server that answers at once achieves what is (%s)', (_, recording, rate) => {
    const { summary, fellBehind } = variantFrom(recording);
    expect(summary!.calls.due).toBe(80);
    expect(summary!.rate).toMatchObject({ offeredPerSecond: rate, achievedPerSecond: rate });
    expect(fellBehind).toBe(false);
  });

  it('are not missed over repetitions, nor where calls take a while', () => {
    expect(variantFrom(flows(6_000, 4), 3).fellBehind).toBe(false);
    expect(variantFrom(flows(500_000, 4)).fellBehind).toBe(false);
  });

  it('do not excuse a server whose queue grows', () => {
    const recorder = new Recorder({ calls: ['first', 'second'], startUs: 0, durationUs: 5 * SECOND });
    for (let n = 0; n < 500; n += 1) {
      for (const call of [0, 1]) {
        const flowDueUs = n * 10_000;
        const dueUs = flowDueUs + call * SECOND;
        recorder.due(call, dueUs, flowDueUs);
        const times = { flowDueUs, dueUs, sentUs: dueUs, doneUs: dueUs + n * 20_000 };
        recorder.add({ call, outcome: 'ok', detail: undefined, servedBy: undefined, ...times });
      }
    }
    expect(variantFrom(recorder.close({ endUs: 5 * SECOND })).fellBehind).toBe(true);
  });
});

describe('answers to calls of the warm-up', () => {
  const run = { warmupUs: 2 * SECOND, seconds: 2, dueUs: steady };
  /** Answers nothing before the measured time has begun. */
  const backlog = (_: number, dueUs: number): number => Math.max(dueUs, 2.2 * SECOND);

  it('are told where they are in the rates', () => {
    expect(said({ ...run, doneUs: backlog })).toContain(
      '200 calls per second were answered within the measured time, and 100 per second fell due in it. At least 100 per second are answers to calls of the warm-up.',
    );
  });

  it('are not told where as many calls are under way at the end', () => {
    expect(said({ ...run, doneUs: constant(500_000) })).not.toContain('calls of the warm-up');
    expect(said({ ...run, doneUs: constant(0) })).not.toContain('calls of the warm-up');
  });
});

it('a closed loop has no rate to fall behind', () => {
  const hung: Run = { seconds: 10, dueUs: steady, doneUs: constant(TIMEOUT), outcome: () => 'timeout' };
  const variant = variantOf('v', [record(hung)]);
  const shapes = [
    { kind: 'rate', perSecond: 100 },
    { kind: 'closed', concurrency: 8 },
  ] as const;
  const found = shapes.map((shape) => {
    const effective = { load: { shape } } as VariantResult['settings']['effective'];
    return withConclusions({ ...variant, settings: { ...variant.settings, effective } }).fellBehind;
  });
  expect(found).toEqual([true, false]);
});
