/** @module What a report says of calls of a trace that were not made. */
import { describe, expect, it } from 'vitest';
import type { EffectiveLoad } from '../../result/settings.ts';
import { loadText } from '../load-text.ts';
import type { Model } from '../model.ts';
import { replayFindings } from './replay.ts';

type LeftOut = readonly { readonly reason: string; readonly calls: number }[];

const load = (leftOut: LeftOut) => ({
  shape: { kind: 'replay', trace: 'trace.jsonl', speed: 2, digest: '0123456789ab', calls: 1200, leftOut },
  arrivals: 'constant',
  warmupUs: 0,
  durationUs: 30e6,
});

function said(leftOut: LeftOut, whileRunning: number) {
  const variant = { settings: { effective: { load: load(leftOut) } } };
  const model = { measured: [{ name: 'twice', variant, summary: { replay: { leftOut: whileRunning } } }] };
  return replayFindings(model as unknown as Model);
}

describe('the findings about a replay', () => {
  it('say how much of the trace it has, and what was left out', () => {
    const leftOut = [
      { reason: 'later pages of lists', calls: 30 },
      { reason: 'subscriptions', calls: 1 },
    ];
    expect(said(leftOut, 0)).toEqual([
      {
        tone: 'neutral',
        text: '“twice”: the replay has 1,200 of 1,231 calls of the trace; left out: later pages of lists (30), subscriptions (1).',
      },
    ]);
  });

  it('say what could not be made while it ran', () => {
    expect(said([], 1)).toEqual([
      { tone: 'bad', text: expect.stringMatching(/^“twice”: 1 call of the trace could not be made/) },
    ]);
  });

  it('are none where all calls were made, and of other loads', () => {
    expect(said([], 0)).toEqual([]);
    const variant = { settings: { effective: { load: { shape: { kind: 'closed', concurrency: 2 } } } } };
    const model = { measured: [{ name: 'own', variant, summary: {} }] };
    expect(replayFindings(model as unknown as Model)).toEqual([]);
  });
});

it('a replay reads as a load', () => {
  expect(loadText(load([]) as unknown as EffectiveLoad)).toBe(
    'replay of trace.jsonl at 2x, 1,200 calls, for 30 s after no warm-up',
  );
});
