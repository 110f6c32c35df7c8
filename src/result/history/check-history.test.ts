import { describe, expect, it } from 'vitest';
import { compareResults } from '../regression/compare-results.ts';
import { measuredSide } from '../regression/sides.ts';
import { checkHistory } from './check-history.ts';
import { type Day, resultsOf } from './series.case.ts';

/** The check of the last of these days against those before. */
function checkLast(days: readonly (number | Day)[], headline = 'responseTime.p50Us') {
  const results = resultsOf(days.map((day) => (typeof day === 'number' ? { responseUs: day } : day)));
  const candidate = results.at(-1)!;
  const earlier = results.slice(0, -1);
  const side = measuredSide('candidate', [{ path: 'result.json', document: candidate }]);
  const { changes } = compareResults(side, side, {
    minEffect: 0.05,
    headline,
    acceptsUnlike: false,
    createdAt: new Date(0),
  });
  return checkHistory(changes, candidate, earlier);
}

/** Nine days around 1 ms. */
const STABLE = [1000, 1010, 990, 1005, 995, 1015, 985, 1000, 1008];

describe('a result beside the earlier ones', () => {
  it('is an outlier above them when it is slower than they vary', () => {
    const [check, ...others] = checkLast([...STABLE, 1500]);
    expect(others).toEqual([]);
    expect(check).toMatchObject({
      variant: 'sticky',
      metric: 'responseTime.p50Us',
      results: 9,
      since: '2026-10-01T02:00:00.000Z',
      outlier: 'above',
    });
    expect(check!.least).toBeLessThan(check!.greatest!);
    expect(check!.greatest).toBeLessThan(check!.value);
  });

  it.each([
    { days: [...STABLE, 600], outlier: 'below' },
    { days: [...STABLE, 1012], outlier: 'none' },
    { days: [...STABLE.slice(0, 4), 1500], outlier: 'above' },
    { days: [...STABLE.slice(0, 3), 1500], outlier: null },
    { days: [1500], outlier: null },
    // One outlier of long ago does not hide another.
    { days: [...STABLE, 1800, ...STABLE, 1810], outlier: 'above' },
  ])('of $days is an outlier: $outlier', ({ days, outlier }) => {
    expect(checkLast(days)).toMatchObject([{ outlier }]);
  });

  it('is compared with those since the last change point', () => {
    const faster = STABLE.map((us) => us / 2);
    expect(checkLast([...STABLE, ...faster, 1000])).toMatchObject([
      { results: 9, since: '2026-10-10T02:00:00.000Z', outlier: 'above' },
    ]);
    expect(checkLast([...STABLE, ...faster, 502])).toMatchObject([{ outlier: 'none' }]);
  });

  it('is not compared with results without the variant', () => {
    const other = STABLE.map((responseUs) => ({ responseUs, variants: ['a', 'b'] }));
    expect(checkLast([...other, 1000])).toMatchObject([{ results: 0, since: null, outlier: null }]);
  });
});
