import { describe, expect, it } from 'vitest';
import type { Shape, Stage } from '../../profile/settings.ts';
import { ratesOf } from './plan.ts';

const stage = (fromPerSecond: number, toPerSecond: number): Stage => ({
  durationUs: 1e6,
  fromPerSecond,
  toPerSecond,
});

const REPLAY: Shape = { kind: 'replay', trace: 't.csv', digest: '', speed: 1, calls: 1, leftOut: [] };

describe('the lowest and the highest rate', () => {
  it.each<[string, Shape, number, number]>([
    ['a rate', { kind: 'rate', perSecond: 200 }, 200, 200],
    ['a ramp from nothing', { kind: 'stages', stages: [stage(0, 9000), stage(9000, 9000)] }, 0, 9000],
    ['a ramp down', { kind: 'stages', stages: [stage(9000, 9000), stage(9000, 300)] }, 300, 9000],
    ['a trace, with any time between calls', REPLAY, 0, Infinity],
    ['a closed loop, which waits for no due time', { kind: 'closed', concurrency: 8 }, Infinity, Infinity],
  ])('of %s', (_, shape, lowest, highest) => {
    expect(ratesOf(shape)).toEqual({ lowest, highest });
  });
});
