import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Micros } from '../../units/time.ts';
import { exceededFor, measurePunctuality, type Waits } from './punctuality.ts';

/** A machine on which readings of the clock take 1 us, every `nth` is followed by a stop, and sleeps end late by turns. */
function machineWith(sleepsLate: readonly Micros[], nth: number, stop: Micros): Waits {
  let now = 0;
  let readings = 0;
  let sleeps = 0;
  return {
    now() {
      readings += 1;
      now += readings % nth === 0 ? stop : 1;
      return now;
    },
    sleep(us) {
      now += us + sleepsLate[sleeps % sleepsLate.length]! - 1;
      sleeps += 1;
    },
  };
}

describe('the punctuality of a machine', () => {
  it('is how late sleeps end', async () => {
    const sleepsLate = Array.from({ length: 100 }, (_, at) => (at < 2 ? 3000 : 80));
    const found = await measurePunctuality(undefined, machineWith(sleepsLate, 1e9, 0));
    expect(found).toEqual({ sleepP50Us: 80, sleepP99Us: 3000, spinP99Us: 0, longestStopUs: 0 });
  });

  it('is how long a thread that spins stands still', async () => {
    // A stop of 1 ms after every 9 ms: a tenth of the time. In a hundredth of it more than 0.9 ms of a stop are left.
    const found = await measurePunctuality(undefined, machineWith([80], 9001, 1000));
    expect(found.longestStopUs).toBe(1000);
    expect(found.spinP99Us).toBeGreaterThan(890);
    expect(found.spinP99Us).toBeLessThan(910);
  });

  it('takes a sleep that ends early as punctual', async () => {
    const found = await measurePunctuality(undefined, machineWith([-5], 1e9, 0));
    expect(found).toMatchObject({ sleepP50Us: 0, sleepP99Us: 0 });
  });

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    const ended = measurePunctuality(controller.signal, machineWith([80], 1e9, 0));
    controller.abort(new Error('enough'));
    await expect(ended).rejects.toThrow('enough');
  });
});

it('leaves exactly the given share of random moments later', () => {
  const stops = fc.array(fc.integer({ min: 20, max: 5000 }), { maxLength: 30 });
  fc.assert(
    fc.property(stops, fc.integer({ min: 1, max: 50 }), (lengths, percent) => {
      const spanUs = 200_000;
      const share = percent / 100;
      const found = exceededFor(share, lengths, spanUs);
      const laterThan = (us: Micros): number =>
        lengths.reduce((sum, stop) => sum + Math.max(0, stop - us), 0) / spanUs;
      if (found === 0) expect(laterThan(0)).toBeLessThanOrEqual(share);
      else expect(laterThan(found)).toBeCloseTo(share, 9);
    }),
  );
});
