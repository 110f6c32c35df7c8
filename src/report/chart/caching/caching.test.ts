import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../../result/document.ts';
import { recommendationFindings } from '../../findings/caching/recommendation.ts';
import { modelOf } from '../../model.ts';
import { cacheDocument, changes, gateway, herds, SWEEP, sweep } from '../../sample-caching.case.ts';
import { changed } from '../../sample-document.case.ts';
import { cachingChartsOf } from '../charts.ts';

const chartOf = (document: ResultDocument, name: string) =>
  cachingChartsOf(modelOf(document)).find((chart) => chart.name === name);

type Values = readonly Readonly<Record<string, string | number>>[];
const valuesOf = (document: ResultDocument, name: string): Values =>
  (chartOf(document, name)!.spec('wide') as unknown as { data: { values: Values } }).data.values;

describe('the hit ratio against ttlMs', () => {
  it('has a point for each variant that kept results, upon the replayed line', () => {
    const values = valuesOf(sweep(), 'cache-hit-ratio');
    const points = values.filter(({ kind }) => kind === 'measured');
    expect(points.map(({ x }) => x)).toEqual([0.25, 1, 5, 30]);
    for (const { x, y } of points) {
      const replayed = values.find((one) => one['kind'] === 'replayed from one run' && one['x'] === x)!;
      expect(Math.abs(Number(replayed['y']) - Number(y))).toBeLessThan(0.01);
    }
  });

  it('has one curve of variants with the same calls, and one for each place of the caches', () => {
    const panels = (document: ResultDocument) => [
      ...new Set(valuesOf(document, 'cache-hit-ratio').map(({ panel }) => panel)),
    ];
    expect(panels(sweep())).toEqual(['a cache at each agent']);
    expect(panels(gateway())).toEqual(['a cache at each agent', 'one cache at the gateway']);
  });

  it('is not drawn without a replay', () => {
    const document = cacheDocument(SWEEP.slice(0, 2), (cache) => ({ ...cache, curve: [] }));
    for (const name of ['cache-hit-ratio', 'cache-staleness', 'cache-frontier']) {
      expect(chartOf(document, name)).toBeUndefined();
    }
    expect(chartOf(document, 'cache-origin-rate')).toBeDefined();
  });

  it('leaves out the closed form where there is none for the arrivals', () => {
    expect(valuesOf(herds(), 'cache-hit-ratio').some(({ kind }) => kind === 'closed form')).toBe(false);
  });
});

describe('the rate at the origin', () => {
  it('is a rate of one repetition, in steps of 100 ms', () => {
    const document = herds();
    const { originSteps } = document.variants[1]!.summary!.cache!;
    const values = valuesOf(document, 'cache-origin-rate').filter(({ panel }) => panel === 'no protection');
    expect(values).toHaveLength(originSteps.length);
    expect(values[0]).toMatchObject({
      second: 0,
      perSecond: Number(((originSteps[0]! * 10) / 3).toFixed(1)),
    });
  });

  it('of a long run keeps the busiest of the steps that it merges', () => {
    const document = cacheDocument(SWEEP.slice(1, 2), (cache) => ({
      ...cache,
      originSteps: Array.from({ length: 1000 }, (_, at) => (at === 501 ? 300 : 3)),
    }));
    const rates = valuesOf(document, 'cache-origin-rate').map(({ perSecond }) => Number(perSecond));
    expect(rates.length).toBeLessThanOrEqual(400);
    expect(Math.max(...rates)).toBe(1000);
    expect(chartOf(document, 'cache-origin-rate')!.caption).toContain('the busiest is drawn');
  });

  it('marks the changes of the catalogue', () => {
    const marks = valuesOf(changes(), 'cache-origin-rate').filter(({ label }) => label !== undefined);
    expect(marks.map(({ second, label }) => `${second} ${label}`)).toEqual(Array(3).fill('8 tools change'));
  });
});

describe('what callers wait for', () => {
  it('is a row for each variant, with the other calls where they were compared', () => {
    const { rows } = chartOf(sweep(), 'cache-latency')!.table;
    expect(rows.map(([name]) => name)).toEqual(SWEEP.map(({ name }) => name));
    expect(rows.every((row) => row.slice(1).every((cell) => cell !== '–' || row[0] === 'ttl 30 s'))).toBe(
      true,
    );
  });
});

describe('the frontier', () => {
  it('has the recommended lifetime on its line', () => {
    const values = valuesOf(sweep(), 'cache-frontier');
    const recommended = values.filter(({ kind }) => kind === 'recommended ttlMs');
    expect(recommended).toHaveLength(1);
    const line = values.filter(({ kind }) => kind === 'any ttlMs, replayed');
    expect(line.map(({ x, y }) => `${x} ${y}`)).toContain(`${recommended[0]!['x']} ${recommended[0]!['y']}`);
  });

  it('recommends no lifetime where the saving still rises at the end of the run, as the sentence says', () => {
    const document = changed(sweep(), (variant) => {
      const { summary } = variant;
      const cache = summary!.cache!;
      const recommendation = { ...cache.recommendation!, ttlMs: cache.curve.at(-1)!.ttlMs, isBounded: false };
      return { ...variant, summary: { ...summary!, cache: { ...cache, recommendation } } };
    });
    expect(
      recommendationFindings(modelOf(document))
        .map(({ text }) => text)
        .join('\n'),
    ).toContain('No ttlMs can be recommended');
    expect(valuesOf(document, 'cache-frontier').map(({ kind }) => kind)).not.toContain('recommended ttlMs');
  });
});
