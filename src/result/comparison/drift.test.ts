import { describe, expect, it } from 'vitest';
import type { VariantResult } from '../document.ts';
import type { EffectiveLoad } from '../settings.ts';
import { recordingOf, variantOf } from '../summary/result.case.ts';
import { compareVariants } from './compare.ts';
import { driftsOf } from './drift.ts';

/** A variant whose trials took these times, and stood in these places in the order. */
function variant(name: string, us: readonly number[], orders: readonly number[]): VariantResult {
  const made = variantOf(
    name,
    us.map((responseUs) => recordingOf([{ count: 100, responseUs }])),
  );
  return {
    ...made,
    repetitions: made.repetitions.map((one, index) => ({ ...one, order: orders[index]! })),
  };
}

/** A variant under an open load, of which so many calls were due in its repetitions. */
function offered(name: string, calls: readonly number[], orders: readonly number[]): VariantResult {
  const made = variantOf(
    name,
    calls.map((count) => recordingOf([{ count, responseUs: 1000 }])),
  );
  const load = { shape: { kind: 'rate', perSecond: 100 } } as EffectiveLoad;
  return {
    ...made,
    settings: { ...made.settings, effective: { load, fleet: null, balancer: null } },
    repetitions: made.repetitions.map((one, index) => ({ ...one, order: orders[index]! })),
  };
}

const drifts = (a: readonly number[], b: readonly number[]) =>
  driftsOf([variant('a', a, [0, 3, 4]), variant('b', b, [1, 2, 5])]);

describe('a drift over trials', () => {
  it('is found apart from the difference between variants', () => {
    const [p50] = drifts([1000, 1151, 1218], [2105, 2199, 2560]);
    expect(p50).toMatchObject({ metric: 'responseTime.p50Us', notable: true });
    expect(p50!.ratio).toBeCloseTo(1.05 ** 5, 1);
  });

  it.each([
    ['that is chance', [1000, 900, 1100], [1000, 1150, 950]],
    ['that is too small to matter', [1000, 1006, 1008], [1002, 1004, 1010]],
    ['of none', [1000, 1000, 1000], [1000, 1000, 1000]],
  ])('%s is not notable', (_, a, b) => {
    expect(drifts(a, b).filter(({ notable }) => notable)).toEqual([]);
  });

  it('is not made of random arrivals, which offer each repetition as much to all variants', () => {
    const [a, b] = [offered('a', [109, 104, 96], [0, 3, 4]), offered('b', [109, 104, 96], [1, 2, 5])];
    const goodput = driftsOf([a, b]).find(({ metric }) => metric === 'rate.goodputPerSecond');
    expect(goodput).toMatchObject({ notable: false });
    expect(goodput!.ratio).toBeCloseTo(1, 9);
    const compared = compareVariants([a, b]).find(({ metric }) => metric === 'rate.goodputPerSecond');
    expect(compared).toMatchObject({ verdict: 'same' });
    expect(compared!.ciHigh! - compared!.ciLow!).toBeCloseTo(0, 9);
  });

  it('is unknown with too few trials', () => {
    expect(driftsOf([variant('a', [1000], [0]), variant('b', [1000], [1])])).toEqual([]);
    expect(driftsOf([])).toEqual([]);
  });
});
