import { describe, expect, it } from 'vitest';
import { compareVariants } from '../../result/comparison/compare.ts';
import type { ResultDocument } from '../../result/document.ts';
import { metricsOf } from '../../result/measure/metrics.ts';
import { isExamined } from '../../result/regression/examine.ts';
import type { VariantPair } from '../../result/regression/variant-pairs.ts';
import { latency } from '../chart/caching/latency.ts';
import { originRate } from '../chart/caching/origin-rate.ts';
import { modelOf } from '../model.ts';
import { cacheDocument, oneCache, SWEEP } from '../sample-caching.case.ts';
import { overviewTable } from '../table/caching/overview.ts';
import { CACHING_TABLES } from '../table/caching/tables.ts';

/** Two variants that list tools and keep nothing. */
const withoutCache = (): ResultDocument => cacheDocument([SWEEP[0]!, { ...SWEEP[0]!, name: 'other' }]);

const cacheMetrics = ({ variants }: ResultDocument): readonly string[] =>
  compareVariants(variants).flatMap(({ metric }) => (metric.startsWith('cache.') ? [metric] : []));

/** Metrics by which `paceline compare` compares the variants of a result. */
const examined = ({ variants: [base, candidate] }: ResultDocument): readonly string[] => {
  const pair = { base, candidate, headlines: [] } as unknown as VariantPair;
  return metricsOf().flatMap((one) =>
    one.path.startsWith('cache.') && isExamined(one, pair) ? [one.path] : [],
  );
};

describe('a result in which no variant has a cache', () => {
  it('has no table and no chart of what caches gave', () => {
    const model = modelOf(withoutCache());
    expect(overviewTable(model).rows).toEqual([]);
    const titles = CACHING_TABLES.filter(({ table }) => table(model).rows.length > 0).map(
      ({ title }) => title,
    );
    expect(titles).not.toContain('What caching saves');
    expect(titles).not.toContain('By method');
    expect([latency(model), originRate(model)]).toEqual([undefined, undefined]);
  });

  it('is not compared by metrics of caches, which would be equal', () => {
    expect(cacheMetrics(withoutCache())).toEqual([]);
    expect(examined(withoutCache())).toEqual([]);
  });
});

describe('a result in which one variant has a cache', () => {
  it('has them for all variants', () => {
    const model = modelOf(oneCache());
    expect(overviewTable(model).rows).toHaveLength(2);
    expect(latency(model)).toBeDefined();
    expect(originRate(model)).toBeDefined();
    expect(cacheMetrics(oneCache())).toEqual(['cache.hitRatio', 'cache.originPerSecond']);
    expect(examined(oneCache())).toEqual(['cache.hitRatio', 'cache.originPerSecond']);
  });
});
