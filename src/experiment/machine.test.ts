import { describe, expect, it } from 'vitest';
import { isBusy, machine, usedByOthers, waitingIn } from './machine.ts';

describe('a machine', () => {
  it.each<[string, number, number, number | null, number | null, boolean]>([
    ['a load average of 11 on 4 cores', 11, 4, null, null, true],
    ['a load average of 2 on 4 cores', 2, 4, null, null, false],
    ['a load average of 11, but nobody has waited for a core since', 11, 4, 0.01, 0.02, false],
    ['programs that wait for a core', 1, 4, 0.34, null, true],
    ['programs that use each core without waiting', 1, 4, 0, 0.98, true],
    ['a program that uses a tenth of the cores', 1, 4, 0, 0.1, false],
  ])('%s: busy is %6$s', (_, load, cores, waiting, used, busy) => {
    expect(isBusy(load, cores, waiting, used)).toBe(busy);
  });

  it.each<[string, readonly [number, number, number], number | null]>([
    ['nothing else ran', [100, 300, 100], 0],
    ['others used half of it', [300, 300, 0], 0.5],
    ['others used a quarter beside this process', [300, 100, 200], 0.25],
    ['this process is counted finer than the cores', [100, 300, 104], 0],
    ['the readings are too close', [100, 90, 0], null],
  ])('knows what others use: %s', (_, [usedMs, idleMs, ownMs], used) => {
    const from = { usedMs: 5000, idleMs: 9000, ownMs: 70 };
    expect(usedByOthers(from, { usedMs: 5000 + usedMs, idleMs: 9000 + idleMs, ownMs: 70 + ownMs })).toBe(
      used,
    );
  });

  it.each<[string, number | null]>([
    [
      'some avg10=34.56 avg60=1.00 avg300=1.00 total=9\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
      0.346,
    ],
    ['some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n', 0],
    ['', null],
  ])('reads the waiting from %j: %j', (text, waiting) => {
    expect(waitingIn(text)).toBe(waiting);
  });

  it('is described with its load', () => {
    const { cores, loadAverage1, before } = machine();
    expect(cores).toBeGreaterThan(0);
    expect(before).toMatchObject({ loadAverage1 });
  });
});
