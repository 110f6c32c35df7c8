import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../units/virtual-clock.ts';
import { balancedPause, type Pause } from './pause.ts';

/** Pauses one after the other on a clock whose timers are off by `errors` in turn; gives how long each took. */
async function pauseInTurn(
  wanted: readonly number[],
  errors: readonly number[],
  pauseWith: (sleep: Pause, now: () => number) => Pause,
): Promise<readonly number[]> {
  const clock = new VirtualClock();
  let timers = 0;
  const sleep: Pause = (us) => {
    const errorUs = errors[timers % errors.length]!;
    timers += 1;
    return new Promise((resolve) => {
      clock.at(clock.now() + Math.max(0, us + errorUs), resolve);
    });
  };
  const pause = pauseWith(sleep, () => clock.now());
  const took: number[] = [];
  const all = (async () => {
    for (const us of wanted) {
      const startedUs = clock.now();
      await pause(us);
      took.push(clock.now() - startedUs);
    }
  })();
  await clock.run();
  await all;
  return took;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('balanced pauses', () => {
  it('take as long together as they were asked to, but for the error of the last one', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 60 });
    const errors = fc.array(fc.integer({ min: -1000, max: 2000 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(times, errors, async (wanted, late) => {
        const took = await pauseInTurn(wanted, late, balancedPause);
        expect(Math.abs(sum(took) - sum(wanted))).toBeLessThanOrEqual(2000);
        for (const [index, us] of wanted.entries()) {
          expect(Math.abs(took[index]! - us)).toBeLessThanOrEqual(4000);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('do not rush after a long standstill', async () => {
    const wanted = new Array<number>(10).fill(5000);
    const took = await pauseInTurn(wanted, [2e6, ...new Array<number>(9).fill(0)], balancedPause);
    expect(sum(took.slice(1))).toBe(9 * 5000 - 10_000);
  });
});
