import { describe, expect, it } from 'vitest';
import { isBusy, machine, waitingIn } from './machine.ts';

describe('a machine', () => {
  it.each<[string, number, number, number | null, boolean]>([
    ['a load average of 11 on 4 cores', 11, 4, null, true],
    ['a load average of 2 on 4 cores', 2, 4, null, false],
    ['a load average of 11, but nobody has waited for a core since', 11, 4, 0.01, false],
    ['programs that wait for a core', 1, 4, 0.34, true],
  ])('%s: busy is %5$s', (_, load, cores, waiting, busy) => {
    expect(isBusy(load, cores, waiting)).toBe(busy);
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
