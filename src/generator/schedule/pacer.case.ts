/** @module What every pacer must do; each implementation's test runs this suite. */
import { describe, expect, it } from 'vitest';
import type { Pacer } from './pacer.ts';

/** The suite for one pacer: `rateAt` is the rate it should have at a time, in events per second. */
export function testPacer(name: string, pacer: Pacer, rateAt: (seconds: number) => number): void {
  const marks = Array.from({ length: 200 }, (_, i) => (i * pacer.total) / 200);

  describe(`pacer: ${name}`, () => {
    it('starts no earlier than the load and stays within its span', () => {
      for (const mark of marks) {
        expect(pacer.dueAt(mark)).toBeGreaterThanOrEqual(0);
        expect(pacer.dueAt(mark)).toBeLessThanOrEqual(pacer.spanUs);
      }
    });

    it('never goes back', () => {
      const times = marks.map((mark) => pacer.dueAt(mark));
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it('inverts the integral of its rate', () => {
      for (const mark of marks) {
        const seconds = pacer.dueAt(mark) / 1e6;
        expect(integral(rateAt, seconds)).toBeCloseTo(mark, 2);
      }
    });

    it('expects as many arrivals as its rate integrates to', () => {
      expect(integral(rateAt, pacer.spanUs / 1e6)).toBeCloseTo(pacer.total, 2);
    });

    it('gives the same answer in any order', () => {
      const forward = marks.map((mark) => pacer.dueAt(mark));
      const backward = [...marks]
        .reverse()
        .map((mark) => pacer.dueAt(mark))
        .reverse();
      expect(backward).toEqual(forward);
    });
  });
}

/** Midpoint rule, fine enough for piecewise linear rates whose corners fall on the grid of 1 ms. */
function integral(rateAt: (seconds: number) => number, until: number): number {
  const step = 0.001;
  const whole = Math.floor(until / step);
  let sum = 0;
  for (let i = 0; i < whole; i += 1) sum += rateAt((i + 0.5) * step) * step;
  const rest = until - whole * step;
  return sum + rateAt(whole * step + rest / 2) * rest;
}
