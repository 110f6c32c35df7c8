import { describe, expect, it } from 'vitest';
import type { Micros } from '../../units/time.ts';
import { type EventLoop, ReadLagWatch } from './read-lag.ts';

/** A loop whose time passes as a test says: free or busy. */
class TestLoop implements EventLoop {
  #now: Micros = 0;
  #free: Micros = 0;
  #ending: (() => void)[] = [];
  now = (): Micros => this.#now;
  freeUs = (): Micros => this.#free;
  atTurnsEnd = (then: () => void): void => {
    this.#ending.push(then);
  };

  busy(us: Micros): void {
    this.#now += us;
  }

  free(us: Micros): void {
    this.#now += us;
    this.#free += us;
  }

  /** A turn that reads `answers`, each of which takes `eachUs`. */
  turn(watch: ReadLagWatch, answers: number, eachUs: Micros, sentUs: Micros = 0): void {
    for (let answer = 0; answer < answers; answer += 1) {
      watch.answered(sentUs, this.#now);
      this.busy(eachUs);
    }
    for (const end of this.#ending.splice(0)) end();
  }
}

/** Within the 0.1 % of a histogram. */
const near = (value: number, wanted: number): void => {
  expect(value).toBeGreaterThanOrEqual(wanted);
  expect(value).toBeLessThanOrEqual(wanted * 1.001 + 1);
};

describe('the read lag', () => {
  it('is none when the loop was free before each answer', () => {
    const loop = new TestLoop();
    const watch = new ReadLagWatch(loop, 0);
    for (let k = 0; k < 100; k += 1) {
      loop.free(1000);
      loop.turn(watch, 1, 20);
    }
    expect(watch.lag()).toEqual({ p50Us: 0, p90Us: 0, p95Us: 0, p99Us: 0 });
  });

  it('is the time for the answers before it in the same turn', () => {
    const loop = new TestLoop();
    const watch = new ReadLagWatch(loop, 0);
    for (let k = 0; k < 100; k += 1) {
      loop.free(10_000);
      loop.turn(watch, 10, 100);
    }
    const { p50Us, p99Us } = watch.lag();
    near(p50Us, 400);
    near(p99Us, 900);
  });

  it('is half of the turn before, and more, of a loop that is never free', () => {
    const loop = new TestLoop();
    const watch = new ReadLagWatch(loop, 1);
    for (let k = 0; k < 1000; k += 1) loop.turn(watch, 20, 50);
    near(watch.lag().p50Us, 500 + 450);
  });

  it('is half of other work that ended just before the answer', () => {
    const loop = new TestLoop();
    const watch = new ReadLagWatch(loop, 0);
    for (let k = 0; k < 100; k += 1) {
      loop.free(1000);
      loop.busy(20_000);
      loop.turn(watch, 1, 20);
    }
    near(watch.lag().p50Us, 10_000);
  });

  it('is no longer than the time since the request was sent', () => {
    const loop = new TestLoop();
    const watch = new ReadLagWatch(loop, 0);
    loop.busy(20_000);
    loop.turn(watch, 1, 20, loop.now() - 300);
    near(watch.lag().p99Us, 300);
  });

  it('leaves out what was read before it counts', () => {
    const loop = new TestLoop();
    const watch = new ReadLagWatch(loop, 1_000_000);
    loop.busy(20_000);
    loop.turn(watch, 5, 20);
    expect(watch.lag().p99Us).toBe(0);
  });
});
