import { describe, expect, it } from 'vitest';
import type { CacheCounts } from '../../recording/measure/cache-counts.ts';
import type { ReplayPoint } from '../../recording/measure/cache-replay.ts';
import type { VariantResult } from '../document.ts';
import { equal, seriesOf } from '../measure/auth.case.ts';
import { methodCountsOf, NO_FETCHES, replayPointOf, withCache } from '../measure/cache.case.ts';
import { CacheFigures, type CacheGain } from '../measure/cache-figures.ts';
import { recordingOf, variantOf } from '../summary/result.case.ts';
import { withCacheConclusions } from './cache-conclusions.ts';

/** How a variant differs from the others. */
interface Shape {
  readonly base?: string;
  readonly maxStaleUs?: number;
  readonly counts?: Partial<CacheCounts>;
  readonly points?: readonly ReplayPoint[];
  readonly complete?: boolean;
  /** Processor time of the fleet in microseconds, and the response time of calls that are no lists. */
  readonly cpuUs?: number;
  readonly callUs?: number;
}

/** Lists of which so many were fetched, and so many given from a cache in 10 us. */
const lists = (fetched: number, hits: number, ttlMaxMs: number | null = 1000): Partial<CacheCounts> => ({
  methods: [
    methodCountsOf({
      hits,
      fetches: { ...NO_FETCHES, cold: fetched },
      listTime: seriesOf([...equal(hits, 10), ...equal(fetched, 4000)]),
      ttlMinMs: ttlMaxMs,
      ttlMaxMs,
    }),
  ],
});
const off = (fetched: number): Partial<CacheCounts> => ({ honour: false, ...lists(fetched, 0) });

/** A variant with one repetition per number of fetched lists, of 200. */
function variant(name: string, fetched: readonly number[], shape: Shape = {}): VariantResult {
  const { base, maxStaleUs, counts, points, complete = true, cpuUs = 20_000, callUs = 1000 } = shape;
  const recordings = fetched.map((count) => {
    const calls = recordingOf([
      { count: 200, responseUs: callUs + count },
      { count: 200, responseUs: 50_000, call: 1 },
    ]);
    const measured = { ...calls, measures: { fleetCpu: { us: cpuUs + 10 * count } } };
    return withCache(measured, counts ?? lists(count, 200 - count), points);
  });
  const plain = variantOf(name, recordings, { complete });
  const repetitions = plain.repetitions.map((one, index) => ({ ...one, order: 2 * index + (index % 2) }));
  const effective = { cache: { ...(maxStaleUs !== undefined && { maxStaleUs }) } } as never;
  return {
    ...plain,
    ...(base !== undefined && { base }),
    repetitions,
    settings: { ...plain.settings, effective },
  };
}

function figuresOf(variants: readonly VariantResult[], name: string): CacheFigures {
  const figures = withCacheConclusions(variants).find((one) => one.name === name)!.summary!.cache!;
  expect(CacheFigures.parse(figures)).toEqual(figures);
  return figures;
}

const gainOf = (variants: readonly VariantResult[], name: string): CacheGain | null =>
  figuresOf(variants, name).gain;

const none = variant('off', [200, 200, 200], { counts: off(200) });

describe('what caching gains', () => {
  it('is the difference of pairs of repetitions with the same schedule', () => {
    const on = variant('on', [18, 20, 22], { cpuUs: 10_000 });
    const gain = gainOf([none, on], 'on')!;
    expect(gain).toMatchObject({ base: 'off', pairs: 3 });
    expect(gain.originPerSecond).toMatchObject({ base: 200, value: 20 });
    expect(gain.originPerSecond.low).toBeGreaterThan(-186);
    expect(gain.originPerSecond.high).toBeLessThan(-174);
    // Lists of 4 ms are hits of 10 us at the median, and the same at p99.
    expect(gain.listP50Us!.base).toBeCloseTo(4000, -1);
    expect(gain.listP50Us!.value).toBeCloseTo(10, 0);
    expect(gain.listP99Us!.value).toBeCloseTo(4000, -1);
    // Calls of tools alone: the others in the recording take 50 ms.
    expect(gain.callP50Us!.base).toBeCloseTo(1200, -1);
    expect(gain.callP50Us!.value).toBeCloseTo(1020, -1);
    expect(gain.fleetCores!.base).toBeCloseTo(0.022, 6);
    expect(gain.fleetCores!.value).toBeCloseTo(0.0102, 6);
  });

  it('has an interval that contains 0 where results may not be kept', () => {
    const base = variant('off', [200, 203, 198], { counts: off(200) });
    const kept = variant('ttl 0', [201, 199, 200], { counts: lists(200, 0, 0) });
    const { originPerSecond, callP50Us } = gainOf([base, kept], 'ttl 0')!;
    expect(originPerSecond).toMatchObject({ base: 200, value: 200 });
    expect(callP50Us!.low).toBeLessThan(0);
    expect(callP50Us!.high).toBeGreaterThan(0);
  });

  it('is null without a base in which nothing is kept', () => {
    const on = variant('on', [20, 20, 20]);
    const more = variant('more', [10, 10, 10], { base: 'on' });
    expect(gainOf([on, more], 'on')).toBeNull();
    expect(gainOf([on, more], 'more')).toBeNull();
    expect(gainOf([none, on], 'off')).toBeNull();
    expect(gainOf([none, { ...on, base: 'gone' }], 'on')).toBeNull();
    const zero = variant('ttl 0', [200, 200, 200], { counts: lists(200, 0, 0) });
    expect(gainOf([zero, on], 'on')).toMatchObject({ base: 'ttl 0' });
    const plain = variantOf('plain', [recordingOf([{ count: 1, responseUs: 1 }])]);
    expect(withCacheConclusions([plain])).toEqual([plain]);
    expect(gainOf([plain, on], 'on')).toBeNull();
  });

  it('has no interval of few repetitions, and none of those that were interrupted', () => {
    const on = variant('on', [20, 22]);
    expect(gainOf([none, on], 'on')!.originPerSecond).toEqual({
      base: 200,
      value: 21,
      low: null,
      high: null,
    });
    expect(gainOf([none, variant('on', [20, 20, 20], { complete: false })], 'on')).toBeNull();
  });
});

describe('the recommended lifetime', () => {
  const points = [
    { ttlMs: 10, hits: 20, fetches: 80 },
    { ttlMs: 100, hits: 50, fetches: 50 },
    { ttlMs: 1000, hits: 88, fetches: 11 },
    { ttlMs: 2000, hits: 90, fetches: 10 },
    { ttlMs: 9000, hits: 90, fetches: 10 },
  ].map(replayPointOf);
  const recommended = (shape: Shape) => figuresOf([variant('on', [20], shape)], 'on').recommendation;

  it('is the smallest within 2 % of the best saving', () => {
    // 89 of 100 calls without a fetch are within 2 % of 90; one of them waited.
    expect(recommended({ points })).toEqual({
      ttlMs: 1000,
      hitRatio: 0.88,
      avoided: 0.89,
      best: 0.9,
      maxStaleMs: null,
      isBounded: false,
    });
  });

  it('is the bound of the user where that is smaller', () => {
    expect(recommended({ points, maxStaleUs: 100_000 })).toMatchObject({
      ttlMs: 100,
      avoided: 0.5,
      best: 0.9,
      maxStaleMs: 100,
      isBounded: true,
    });
    expect(recommended({ points, maxStaleUs: 5e6 })).toMatchObject({
      ttlMs: 1000,
      maxStaleMs: 5000,
      isBounded: false,
    });
  });

  it('is null where no lifetime saves anything, and without a curve', () => {
    expect(recommended({ points: points.map((point) => ({ ...point, hits: 0, fetches: 100 })) })).toBeNull();
    expect(recommended({})).toBeNull();
  });
});
