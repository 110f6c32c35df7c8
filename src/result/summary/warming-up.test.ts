import { describe, expect, it } from 'vitest';
import { randomAt } from '../../units/random.ts';
import type { Summary } from '../document.ts';
import { warmingUp } from './warming-up.ts';

const windowsOf = (medians: readonly number[], calls = 100): Summary['windows'] =>
  medians.map((ms, second) => ({
    atMs: second * 1000,
    sent: calls,
    ok: calls,
    errors: 0,
    p50Us: ms * 1000,
    p99Us: ms * 3000,
    lengthMs: 1000,
  }));

/** Ten seconds that fall from 21.8 ms to 9.0 ms, evenly and at first fast. */
const EVENLY = [21.8, 20.4, 19, 17.5, 16.1, 14.7, 13.3, 11.9, 10.4, 9];
const FAST = [21.8, 16, 13, 11.5, 10.5, 9.8, 9.3, 9.1, 9, 9];

describe('a target that is still warming up', () => {
  it.each([
    ['evenly', EVENLY, 10_400],
    ['fast at first', FAST, 9000],
    ['over a minute', Array.from({ length: 60 }, (_, second) => 9 + 12.8 * Math.exp(-second / 15)), 9512],
  ])('is told when it becomes faster %s', (_, medians, lastUs) => {
    const note = warmingUp(windowsOf(medians), 2e6);
    expect(note).toMatchObject({ kind: 'warming-up', firstUs: 21_800, warmupUs: 2e6 });
    expect(Math.round(note!.lastUs / 100)).toBe(Math.round(lastUs / 100));
  });

  it.each<[string, Summary['windows']]>([
    ['a target that becomes slower', windowsOf([...EVENLY].reverse())],
    ['a steady one', windowsOf(Array.from({ length: 10 }, () => 13.9))],
    ['one slow second at the start', windowsOf([60, ...Array.from({ length: 9 }, () => 9)])],
    ['a target that becomes slower again', windowsOf([20, 18, 16, 9, 9, 9, 9, 12, 16, 20])],
    ['too few calls a second', windowsOf(EVENLY, 10)],
    ['too few seconds', windowsOf([21.8, 15, 11, 9])],
    [
      'too few whole seconds',
      windowsOf([21.8, 15, 11, 9, 9]).with(4, {
        ...windowsOf([9])[0]!,
        lengthMs: 300,
      }),
    ],
    ['nothing measured', []],
  ])('is not: %s', (_, windows) => {
    expect(warmingUp(windows, 0)).toBeUndefined();
  });

  it('is hardly ever a target whose medians change by a fifth from second to second', () => {
    const random = randomAt(7, 'service');
    const found = Array.from({ length: 2000 }, () =>
      warmingUp(windowsOf(Array.from({ length: 10 }, () => 10 * (0.8 + 0.4 * random.next()))), 0),
    );
    expect(found.filter((note) => note !== undefined)).toEqual([]);
  });
});
