import { describe, expect, it } from 'vitest';
import type { CacheCounts } from '../../recording/measure/cache-counts.ts';
import { mergeRecordings, mergeRepetitions, type Recording } from '../../recording/recording.ts';
import { compareVariants } from '../comparison/compare.ts';
import type { VariantResult } from '../document.ts';
import { recordingOf, variantOf } from '../summary/result.case.ts';
import { summarise } from '../summary/summarise.ts';
import { check } from '../verdict/judge.ts';
import { equal, seriesOf } from './auth.case.ts';
import { changeCountsOf, methodCountsOf, NO_FETCHES, replayPointOf, withCache } from './cache.case.ts';
import { cache } from './cache.ts';
import { CacheFigures } from './cache-figures.ts';

const recording = recordingOf([{ count: 100, responseUs: 2000 }]);

function figuresOf(of: Recording): CacheFigures {
  const { cache: figures } = summarise(of);
  expect(CacheFigures.parse(figures)).toEqual(figures);
  return figures!;
}

const lists = methodCountsOf({
  hits: 80,
  waits: 5,
  stale: 1,
  fetches: { ...NO_FETCHES, cold: 5, expired: 10, evidence: 2 },
  failed: 3,
  fetchedBytes: 1500,
  sparedBytes: 8500,
  listTime: seriesOf([...equal(80, 1), ...equal(20, 4000)]),
  originTime: seriesOf(equal(14, 4000)),
  age: seriesOf([...equal(79, 300_000), 900_000]),
  ttl: { ok: 14, zero: 0, absent: 0, negative: 0, fractional: 0, malformed: 0, clamped: 0 },
  scope: { public: 14, private: 0, absent: 0, malformed: 0 },
  ttlMinMs: 1000,
  ttlMaxMs: 1000,
  largestBytes: 100,
});
const reads = methodCountsOf({ method: 'resources/read', fetches: { ...NO_FETCHES, 'not-kept': 50 } });

describe('the figures of caching', () => {
  it('are absent of a load without a call whose result can be kept', () => {
    expect(summarise(recording).cache).toBeUndefined();
    expect(cache.schema.parse(undefined)).toBeUndefined();
  });

  it('are null where nothing was measured', () => {
    expect(figuresOf(withCache(recording))).toMatchObject({
      hits: 0,
      misses: 0,
      hitRatio: null,
      byMethod: {},
      originCalls: 0,
      listTime: null,
      originTime: null,
      ageServedMaxMs: null,
      servedAfterChange: null,
      staleMaxMs: null,
      lastAgentMs: null,
      peakOverMean: null,
      peakPerSecond: null,
      agentRatios: null,
      changes: [],
      subscriptions: null,
      curve: [],
      recommendation: null,
      gain: null,
    });
  });

  it('count hits among all calls, and requests that no call asked for at the origin only', () => {
    const figures = figuresOf(withCache(recording, { methods: [lists, reads] }));
    expect(figures).toMatchObject({
      hits: 80,
      misses: 70,
      originCalls: 67,
      originPerSecond: 67,
      originCallsAvoided: 83,
      bytesAvoided: 8500,
      ageServedMaxMs: 900,
    });
    expect(figures.hitRatio).toBeCloseTo(80 / 150, 10);
    expect(figures.listTime).toMatchObject({ count: 100, p50Us: 1, p99Us: 4000 });
    expect(figures.originTime).toMatchObject({ count: 14, p50Us: 4000 });
    expect(Object.keys(figures.byMethod)).toEqual(['tools/list', 'resources/read']);
    expect(figures.byMethod['tools/list']).toMatchObject({
      calls: 100,
      hits: 80,
      waits: 5,
      stale: 1,
      failed: 3,
      fetches: 17,
      reasons: { cold: 5, expired: 10, evidence: 2 },
      hitRatio: 0.8,
      ttlMs: { min: 1000, max: 1000 },
      ttlForms: { ok: 14 },
      scopes: { public: 14 },
    });
    expect(figures.byMethod['resources/read']).toMatchObject({ calls: 50, hitRatio: 0, ttlMs: null });
  });

  it('state the busiest 100 ms of one repetition over the mean, however many repetitions there are', () => {
    // 67 requests in the second of the recording: 6.7 in 100 ms.
    const steps = (peakAt: number): readonly number[] =>
      Array.from({ length: 10 }, (_, step) => (step === peakAt ? 40 : 3));
    const at = (peakAt: number): Recording =>
      withCache(recording, { methods: [lists, reads], originSteps: steps(peakAt) });
    expect(figuresOf(at(2)).peakOverMean).toBeCloseTo(40 / 6.7, 10);
    const merged = mergeRepetitions([mergeRepetitions([at(2), at(5)]), at(8)]);
    expect(figuresOf(merged)).toMatchObject({ peakPerSecond: 400, originPerSecond: 67 });
    expect(figuresOf(merged).peakOverMean).toBeCloseTo(40 / 6.7, 10);
    // Workers of one load add up: their peaks are at the same time.
    expect(figuresOf(mergeRecordings([at(2), at(2)])).peakPerSecond).toBe(800);
  });

  it('tell of streams the most that one repetition held', () => {
    const subscriptions = {
      ...{ held: 8, refused: 1, reduced: 0, lost: 2, reopened: 2 },
      ...{ notifications: 16, misaddressed: 0 },
    };
    const one = withCache(recording, { subscriptions });
    expect(figuresOf(mergeRecordings([one, one])).subscriptions).toMatchObject({ held: 16, lost: 4 });
    expect(figuresOf(mergeRepetitions([one, one])).subscriptions).toMatchObject({ held: 8, lost: 4 });
  });

  it('state the hit ratios of agents by percentiles', () => {
    const agentRatios = new Array<number>(101).fill(0);
    agentRatios[0] = 1;
    agentRatios[50] = 10;
    agentRatios[90] = 9;
    expect(figuresOf(withCache(recording, { agentRatios })).agentRatios).toEqual({
      p5: 0,
      p50: 0.5,
      p95: 0.9,
    });
    expect(figuresOf(withCache(recording, { agentRatios: [1] })).agentRatios).toBeNull();
  });
});

describe('changes of the catalogue', () => {
  const change = changeCountsOf({
    answered: 40,
    old: 10,
    lastOldUs: 800_000,
    agents: 5,
    reached: 5,
    lastAgentUs: 950_000,
    steps: [{ step: 1, old: 4, current: 1 }],
    fanOut: seriesOf([2000, 3000]),
  });
  const quiet = changeCountsOf({ version: 2, event: 1, answered: 10 });

  it('are stated one by one and together', () => {
    const figures = figuresOf(withCache(recording, { changes: [change, quiet] }));
    expect(figures).toMatchObject({ servedAfterChange: 0.2, staleMaxMs: 800, lastAgentMs: 950 });
    expect(figures.changes[0]).toMatchObject({
      atMs: 1000,
      steps: [{ atMs: 100, old: 4, current: 1 }],
      fanOut: { count: 2, maxUs: 3000 },
    });
    expect(figures.changes[1]).toMatchObject({ lastOldMs: null, lastAgentMs: null, fanOut: null });
  });

  it('have no last agent while one has not got what is new', () => {
    const missed = { ...change, reached: 4 };
    expect(figuresOf(withCache(recording, { changes: [missed] })).lastAgentMs).toBeNull();
    expect(figuresOf(withCache(recording, { changes: [quiet] })).lastAgentMs).toBeNull();
  });

  it('of several workers and repetitions are those of the same version', () => {
    const one = withCache(recording, { changes: [change] });
    const later = withCache(recording, { changes: [{ ...change, lastAgentUs: 990_000 }, quiet] });
    const figures = figuresOf(mergeRepetitions([mergeRecordings([one, one]), later]));
    expect(figures.changes).toHaveLength(2);
    expect(figures.changes[0]).toMatchObject({
      answered: 120,
      old: 30,
      agents: 15,
      lastAgentMs: 990,
      steps: [{ atMs: 100, old: 12, current: 3 }],
      fanOut: { count: 6 },
    });
  });
});

describe('the curve', () => {
  const point = replayPointOf({ ageSumUs: 5e6, ageMaxUs: 900_000, hits: 40, fetches: 50, closedHits: 45 });

  it('is what was replayed, as shares and rates', () => {
    expect(figuresOf(withCache(recording, {}, [point])).curve).toEqual([
      {
        ttlMs: 1000,
        hitRatio: 0.4,
        avoided: 0.5,
        closedForm: 0.45,
        originPerSecond: 50,
        meanAgeMs: 50,
        maxAgeMs: 900,
        peakOverMean: 2,
      },
    ]);
  });

  it('of several repetitions has the lifetimes that all have, and their largest peak', () => {
    const other = { ...point, closedHits: null, peakPerStep: 15 };
    const merged = mergeRepetitions([
      withCache(recording, {}, [point, { ...point, ttlMs: 2000 }]),
      withCache(recording, {}, [other]),
    ]);
    const { curve } = figuresOf(merged);
    expect(curve).toHaveLength(1);
    expect(curve[0]).toMatchObject({ hitRatio: 0.4, closedForm: null, originPerSecond: 50, peakOverMean: 3 });
  });
});

describe('metrics of caching', () => {
  const variant = (name: string, over: Partial<CacheCounts>): VariantResult =>
    variantOf(
      name,
      [0, 1, 2].map(() => withCache(recording, over)),
    );

  it.each([
    ['hit_ratio > 0.5', 'pass'],
    ['hit_ratio > 0.6', 'fail'],
    ['age_served < 1s', 'pass'],
    ['age_served < 500ms', 'fail'],
    ['origin_rate < 100/s', 'pass'],
    ['origin_rate < 60/s', 'fail'],
    ['list_time p(50) < 1ms', 'pass'],
    ['list_time p(99) < 1ms', 'fail'],
    ['origin_time p(50) < 5ms', 'pass'],
    ['failed_by_stale_list == 0', 'fail'],
    ['served_after_change < 1%', 'inconclusive'],
    ['last_agent < 1s', 'inconclusive'],
  ])('bound %s: %s', (text, status) => {
    const on = variant('on', { methods: [lists, reads], failedByStaleList: 3 });
    expect(check([on], [text])).toMatchObject([{ status }]);
  });

  it('compare variants, and only where a side has them', () => {
    const off = methodCountsOf({ fetches: { ...NO_FETCHES, off: 100 } });
    const metrics = (variants: readonly VariantResult[]) =>
      compareVariants(variants).filter(({ metric }) => metric.startsWith('cache.'));
    const compared = metrics([
      variant('off', { honour: false, methods: [off] }),
      variant('on', { methods: [lists] }),
    ]);
    expect(compared).toMatchObject([
      { metric: 'cache.hitRatio', verdict: 'better' },
      { metric: 'cache.originPerSecond', verdict: 'better' },
    ]);
    const plain = variantOf('plain', [recording, recording, recording]);
    expect(metrics([plain, { ...plain, name: 'other' }])).toEqual([]);
  });
});
