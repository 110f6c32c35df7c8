import { describe, expect, it } from 'vitest';
import type { Stage } from '../../profile/settings.ts';
import { testPacer } from './pacer.case.ts';
import { constantPacer, pacerOf, stagesPacer } from './pacer.ts';

const stage = (seconds: number, from: number, to: number): Stage => ({
  durationUs: seconds * 1e6,
  fromPerSecond: from,
  toPerSecond: to,
});

testPacer('constant', constantPacer(400, 10e6), () => 400);
testPacer('ramp up from nothing', stagesPacer([stage(4, 0, 100)]), (s) => s * 25);
testPacer('ramp down to nothing', stagesPacer([stage(4, 100, 0)]), (s) => 100 - s * 25);
testPacer('step', stagesPacer([stage(1, 50, 50), stage(1, 200, 200)]), (s) => (s < 1 ? 50 : 200));
testPacer(
  'spike',
  stagesPacer([stage(2, 10, 10), stage(0.5, 10, 500), stage(0.5, 500, 10), stage(1, 10, 10)]),
  (s) => {
    if (s < 2 || s >= 3) return 10;
    return s < 2.5 ? 10 + (s - 2) * 980 : 500 - (s - 2.5) * 980;
  },
);
testPacer(
  'pause in the middle',
  stagesPacer([stage(1, 100, 100), stage(1, 0, 0), stage(1, 100, 100)]),
  (s) => (s >= 1 && s < 2 ? 0 : 100),
);

describe('due times as arithmetic', () => {
  it.each([
    [0, 0],
    [1, 2500],
    [400, 1e6],
    [3999, 9_997_500],
  ])('arrival %i at a constant 400/s is due at %i us', (index, us) => {
    expect(constantPacer(400, 10e6).dueAt(index)).toBe(us);
  });

  it('does not accumulate rounding: the millionth arrival at 30000/s is due at its own time', () => {
    expect(constantPacer(30_000, 60e6).dueAt(1_000_000)).toBeCloseTo(33_333_333.333, 2);
  });

  it('puts half of a ramp from nothing in its last 29 %', () => {
    expect(stagesPacer([stage(10, 0, 100)]).dueAt(250) / 10e6).toBeCloseTo(Math.SQRT1_2, 9);
  });

  it('runs the warm-up of stages at the rate they begin with', () => {
    const pacer = pacerOf({ kind: 'stages', stages: [stage(2, 100, 300)] }, 1e6, 2e6)!;
    expect(pacer.total).toBe(500);
    expect(pacer.dueAt(100)).toBe(1e6);
  });

  it('gives a closed loop no pace', () =>
    expect(pacerOf({ kind: 'closed', concurrency: 8 }, 0, 1e6)).toBeUndefined());
});
