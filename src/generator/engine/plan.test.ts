import { describe, expect, it } from 'vitest';
import type { Shape, Stage } from '../../profile/settings.ts';
import { lowestRate } from './plan.ts';

const stage = (fromPerSecond: number, toPerSecond: number): Stage => ({
  durationUs: 1e6,
  fromPerSecond,
  toPerSecond,
});

describe('the lowest rate', () => {
  it.each<[string, Shape, number]>([
    ['a rate', { kind: 'rate', perSecond: 200 }, 200],
    ['a ramp from nothing', { kind: 'stages', stages: [stage(0, 10_000), stage(10_000, 10_000)] }, 0],
    ['a ramp down', { kind: 'stages', stages: [stage(9000, 9000), stage(9000, 300)] }, 300],
    ['a closed loop, which waits for no due time', { kind: 'closed', concurrency: 8 }, Infinity],
  ])('of %s', (_, shape, expected) => {
    expect(lowestRate(shape)).toBe(expected);
  });
});
