import { describe, expect, it } from 'vitest';
import type { SlowCall } from '../../recording/measure/slowest.ts';
import type { Recording } from '../../recording/recording.ts';
import { recordingOf } from '../summary/result.case.ts';
import { slowest } from './slowest.ts';
import type { Slowest } from './slowest-figures.ts';
import { totalsOf } from './totals.ts';

const call = (at: number, over: Partial<SlowCall> = {}): SlowCall => ({
  call: 'tools/list',
  seq: at,
  agent: 0,
  instance: `${at % 2}`,
  outcome: 'ok',
  dueUs: at * 1e6,
  responseUs: 1000,
  serviceUs: 900,
  sendLagUs: 0,
  connectionWaitUs: 0,
  traceparent: null,
  ...over,
});

/** Ten seconds in which two instances answered 500 calls each. */
function figuresOf(calls: readonly SlowCall[], over: Partial<Recording> = {}): Slowest | undefined {
  const plain = recordingOf([
    { count: 500, responseUs: 5, servedBy: '0' },
    { count: 500, responseUs: 5, servedBy: '1' },
  ]);
  const recording = { ...plain, measuredUs: 1e7, ...over, measures: { slowest: { calls } } };
  return slowest.figures(recording, totalsOf(recording));
}

const ten = (of: (at: number) => SlowCall): readonly SlowCall[] =>
  Array.from({ length: 10 }, (_, at) => of(at));

describe('the slowest calls of a result', () => {
  it('are absent where no call has a time', () => {
    expect(figuresOf([])).toBeUndefined();
  });

  it('have nothing in common when they are spread over time and instances', () => {
    expect(figuresOf(ten((at) => call(at)))).toMatchObject({ together: null, atInstance: null });
  });

  it('are together when most fell due within a tenth of the time', () => {
    const close = ten((at) => call(at, { dueUs: at < 2 ? at * 1e6 : 4e6 + at * 1e5 }));
    expect(figuresOf(close)!.together).toEqual({ fromUs: 4.2e6, toUs: 4.9e6, calls: 8 });
    expect(figuresOf(close.map((one, at) => (at === 5 ? call(9) : one)))!.together).toBeNull();
  });

  it('are together in one repetition only', () => {
    const at = (repetitionOf: (index: number) => number) =>
      figuresOf(
        ten((index) => call(index, { dueUs: 4e6, repetition: repetitionOf(index) })),
        { measuredUs: 2e7, repetitions: 2 },
      )!.together;
    expect(at(() => 1)).toEqual({ repetition: 1, fromUs: 4e6, toUs: 4e6, calls: 10 });
    expect(at((index) => index % 2)).toBeNull();
  });

  it('are at one instance when chance hardly explains it', () => {
    const at = (own: number) =>
      figuresOf(ten((index) => call(index, { instance: index < own ? '1' : '0' })))!.atInstance;
    expect(at(10)).toEqual({ instance: '1', calls: 10 });
    expect(at(8)).toBeNull();
    expect(at(5)).toBeNull();
  });

  it('are at no instance in particular when it answered nearly all calls, or is the only one', () => {
    const shares = recordingOf([
      { count: 990, responseUs: 5, servedBy: '1' },
      { count: 10, responseUs: 5, servedBy: '0' },
    ]).byInstance;
    const all = ten((at) => call(at, { instance: '1' }));
    expect(figuresOf(all, { byInstance: shares })!.atInstance).toBeNull();
    expect(figuresOf(all, { byInstance: shares.slice(1) })!.atInstance).toBeNull();
  });
});
