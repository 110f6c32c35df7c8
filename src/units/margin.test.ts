import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedMargin, LearnedMargin, sleepWithin } from './margin.ts';

const times = (count: number, us: number): readonly number[] => new Array<number>(count).fill(us);

function learned(late: readonly number[], longestUs = 500): number {
  const margin = new LearnedMargin(longestUs);
  for (const us of late) margin.woke(us);
  return margin.us;
}

describe('a learned margin', () => {
  it.each<[string, readonly number[], number]>([
    ['nothing', [], 500],
    ['too few sleeps', times(9, 60), 500],
    ['enough sleeps', times(10, 60), 80],
    ['sleeps that end on time', times(100, 0), 20],
    ['sleeps that end early', times(100, -700), 20],
    ['one late sleep of many', [...times(50, 60), 4000, ...times(49, 60)], 80],
    ['two late sleeps of many', [...times(50, 60), 300, 400, ...times(48, 60)], 320],
    [
      'two sleeps that were too late to be made up for',
      [...times(50, 60), 4000, 3000, ...times(48, 60)],
      500,
    ],
    ['two late sleeps a hundred sleeps ago', [300, 400, ...times(100, 60)], 80],
    ['a machine that has become busy', [...times(1000, 60), 250, 250], 270],
  ])('after %s', (_, late, expected) => {
    expect(learned(late)).toBe(expected);
  });

  it('is never longer than the longest, and covers all of the latest hundred sleeps but one, unless it is the longest', () => {
    const late = fc.array(fc.double({ min: -1000, max: 3000, noNaN: true }), {
      minLength: 10,
      maxLength: 400,
    });
    fc.assert(
      fc.property(late, fc.integer({ min: 100, max: 3000 }), (all, longestUs) => {
        const us = learned(all, longestUs);
        expect(us).toBeLessThanOrEqual(longestUs);
        const uncovered = all.slice(-100).filter((lateUs) => lateUs > us).length;
        if (us < longestUs) expect(uncovered).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('a wait', () => {
  const learning = { stepUs: 1, shortestUs: 500, margin: fixedMargin(300) };
  const timers = { stepUs: 1000, shortestUs: 1000, margin: fixedMargin(350) };

  it.each([
    [learning, -5, 0],
    [learning, 0, 0],
    [learning, 100, 0],
    [learning, 799, 0],
    [learning, 800, 500],
    [learning, 5000, 4700],
    [timers, 1349, 0],
    [timers, 1350, 1000],
    [timers, 5000, 4000],
    [timers, 5350, 5000],
  ])('with %o of %d us is slept for %d us', (sleeps, leftUs, expected) => {
    expect(sleepWithin(leftUs, sleeps)).toBe(expected);
  });

  it('ends no later than its sleep would by itself, and is spun for at most the longest margin, a step and the shortest sleep', () => {
    const waits = fc.array(
      fc.record({ gapUs: fc.double({ min: 1, max: 20_000, noNaN: true }), lateUs: fc.nat(2000) }),
      { maxLength: 200 },
    );
    const steps = fc.constantFrom({ stepUs: 1, shortestUs: 500 }, { stepUs: 1000, shortestUs: 1000 });
    fc.assert(
      fc.property(waits, steps, fc.integer({ min: 100, max: 3000 }), (all, step, longestUs) => {
        const sleeps = { ...step, margin: new LearnedMargin(longestUs) };
        for (const { gapUs, lateUs } of all) {
          const sleepUs = sleepWithin(gapUs, sleeps);
          const wokenUs = sleepUs === 0 ? 0 : sleepUs + lateUs;
          const spunUs = Math.max(0, gapUs - wokenUs);
          expect(wokenUs - gapUs).toBeLessThanOrEqual(lateUs - Math.min(lateUs, sleeps.margin.us));
          expect(spunUs).toBeLessThanOrEqual(longestUs + step.stepUs + step.shortestUs);
          if (sleepUs > 0) sleeps.margin.woke(lateUs);
        }
      }),
    );
  });

  it('at 200 calls per second is spun for less than a tenth, where sleeps end up to 0.2 ms late', () => {
    const sleeps = { stepUs: 1, shortestUs: 500, margin: new LearnedMargin(500) };
    let [spunUs, lateCalls] = [0, 0];
    for (let call = 0; call < 2000; call += 1) {
      const lateUs = 50 + ((call * 7919) % 150);
      const wokenUs = sleepWithin(5000, sleeps) + lateUs;
      spunUs += Math.max(0, 5000 - wokenUs);
      if (wokenUs > 5000) lateCalls += 1;
      sleeps.margin.woke(lateUs);
    }
    expect(spunUs / (2000 * 5000)).toBeLessThan(0.1);
    expect(lateCalls / 2000).toBeLessThan(0.01);
  });
});
