import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from './clock.ts';
import { balancedPause, type Pause, pacedPause, precisePause } from './pause.ts';
import { VirtualClock } from './virtual-clock.ts';

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

describe('paced pauses', () => {
  /** A virtual clock that counts the alarms that are set at the same time. */
  function counting(): { readonly clock: Clock; readonly run: () => Promise<void>; most: number } {
    const virtual = new VirtualClock();
    let set = 0;
    const counter = { clock: virtual as Clock, run: () => virtual.run(), most: 0 };
    counter.clock = {
      now: () => virtual.now(),
      date: () => virtual.date(),
      at(due, wake) {
        set += 1;
        counter.most = Math.max(counter.most, set);
        let open = true;
        const close = (): void => {
          if (open) set -= 1;
          open = false;
        };
        const cancel = virtual.at(due, () => {
          close();
          wake();
        });
        return () => {
          close();
          cancel();
        };
      },
    };
    return counter;
  }

  it('take what was asked each, end in order, and set one alarm at a time', async () => {
    const pauses = fc.array(fc.record({ atUs: fc.nat(5000), us: fc.nat(5000) }), { maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(pauses, async (asked) => {
        const counter = counting();
        const pause = pacedPause(counter.clock);
        const took = new Map<number, number>();
        const ends: number[] = [];
        const { clock } = counter;
        await Promise.all([
          ...asked.map(async ({ atUs, us }, index) => {
            await pause(atUs);
            const startedUs = clock.now();
            await pause(us);
            took.set(index, clock.now() - startedUs);
            ends.push(clock.now());
          }),
          counter.run(),
        ]);
        for (const [index, { us }] of asked.entries()) expect(took.get(index)).toBe(us);
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
        expect(counter.most).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });

  // How late a pause ends depends on what else the machine does; the fastest of many does not.
  it.each([100, 200, 900, 1500, 1900, 5000])(
    'of %d us take that long on the machine, but for 2 percent and 10 us',
    async (us) => {
      let fastestUs = Infinity;
      for (let index = 0; index < 100; index += 1) {
        const startedUs = systemClock.now();
        await precisePause(us);
        const tookUs = systemClock.now() - startedUs;
        expect(tookUs).toBeGreaterThanOrEqual(us);
        fastestUs = Math.min(fastestUs, tookUs);
      }
      expect(fastestUs).toBeLessThan(us * 1.02 + 10);
    },
  );
});
