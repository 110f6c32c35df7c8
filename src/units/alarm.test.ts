import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Alarm, type AlarmOrders, longestSpinUs, startAlarmClock } from './alarm.ts';
import { type Clock, machineClock, monotonicUs, type Sleeper, spunUs, systemClock } from './clock.ts';
import { compiledModule } from './compiled.ts';
import { fixedMargin } from './margin.ts';

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
};
const waitOn = (clock: Clock, us: number): Promise<number> =>
  new Promise((resolve) => {
    const due = clock.now() + us;
    clock.at(due, () => resolve(clock.now() - due));
  });

describe('an alarm', () => {
  it('wakes up after each sleep, not before its time', async () => {
    const alarm = new Alarm();
    await until(() => alarm.isFree);
    for (const us of [1, 500, 3000, 700]) {
      const began = systemClock.now();
      await new Promise<void>((resolve) => {
        alarm.sleep(us, resolve);
        expect(alarm.isFree).toBe(false);
      });
      expect(systemClock.now() - began).toBeGreaterThanOrEqual(us);
      expect(alarm.isFree).toBe(true);
    }
  });

  it('forgets a sleep that is cancelled', async () => {
    const alarm = new Alarm();
    await until(() => alarm.isFree);
    const woken: string[] = [];
    const cancel = alarm.sleep(1000, () => woken.push('first'));
    cancel();
    expect(alarm.isFree).toBe(true);
    await new Promise<void>((resolve) => {
      alarm.sleep(2000, () => {
        woken.push('second');
        resolve();
      });
      cancel();
    });
    expect(woken).toEqual(['second']);
  });
});

describe('the longest spin', () => {
  it.each([
    [1, 1, 400],
    [1, 2, 400],
    [2, 2, 200],
    [4, 2, 100],
    [2, 3, 400],
    [7, 8, 400],
    [14, 8, 200],
  ])('of %d threads on %d cores is %d us', (threads, cores, us) => {
    expect(longestSpinUs(threads, cores)).toBe(us);
  });
});

describe('the thread of an alarm', () => {
  it('goes on sleeping when the notice of a sleep comes after it has read its number', async () => {
    const orders: AlarmOrders = {
      count: new Int32Array(new SharedArrayBuffer(4)),
      dueUs: new Float64Array(new SharedArrayBuffer(8)),
    };
    const thread = new Worker(compiledModule(import.meta.url, './alarm-thread'), { workerData: orders });
    try {
      expect(await once(thread, 'message')).toEqual([0]);
      const rung = once(thread, 'message');
      orders.dueUs[0] = monotonicUs() + 200_000;
      Atomics.store(orders.count, 0, 1);
      // The first notice that wakes it up begins the sleep at the latest, the second one comes within it.
      for (let woken = 0; woken < 2 && monotonicUs() < orders.dueUs[0]; )
        woken += Atomics.notify(orders.count, 0);
      expect(await rung).toEqual([1]);
    } finally {
      await thread.terminate();
    }
  });
});

describe('the clock with an alarm', () => {
  it('is never early, from its first wait on, also with several waits at the same time', async () => {
    const clock = startAlarmClock();
    for (let round = 0; round < 20; round += 1) {
      for (const late of await Promise.all([5000, 300, 2500, 1].map((us) => waitOn(clock, us)))) {
        expect(late).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('does not wake up when that is cancelled', async () => {
    const clock = startAlarmClock();
    const woken: number[] = [];
    for (const us of [100, 2000]) clock.at(clock.now() + us, () => woken.push(us))();
    await waitOn(clock, 3000);
    expect(woken).toEqual([]);
  });
});

describe('a clock of the machine', () => {
  /** Sleeps that end at once; what was asked for is listed. */
  function early(asked: number[]): Sleeper {
    return {
      stepUs: 1,
      shortestUs: 500,
      margin: fixedMargin(300),
      sleep(us, wake) {
        asked.push(us);
        const turn = setImmediate(wake);
        return () => clearImmediate(turn);
      },
    };
  }

  it('sleeps once for most of a wait and spins for the rest, which counts as spun', async () => {
    const asked: number[] = [];
    const clock = machineClock(() => early(asked));
    const before = spunUs();
    expect(await waitOn(clock, 20_000)).toBeGreaterThanOrEqual(0);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toBeGreaterThan(500);
    expect(asked[0]).toBeLessThanOrEqual(19_700);
    expect(spunUs() - before).toBeGreaterThan(0);
  });

  it('spins for the whole of a short wait', async () => {
    const asked: number[] = [];
    await waitOn(
      machineClock(() => early(asked)),
      700,
    );
    expect(asked).toEqual([]);
  });
});
