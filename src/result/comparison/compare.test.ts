import { describe, expect, it } from 'vitest';
import { Comparison, type Repetition, type VariantResult } from '../document.ts';
import { cellOf, withAuth } from '../measure/auth.case.ts';
import type { Note } from '../note.ts';
import type { EffectiveLoad } from '../settings.ts';
import { BOUND, recordingOf, variantOf } from '../summary/result.case.ts';
import { compareVariants } from './compare.ts';

/** What is compared. */
const METRICS = ['calls.errorRate', 'responseTime.p50Us', 'responseTime.p99Us', 'rate.goodputPerSecond'];

/** A variant whose repetitions all took these times, 100 calls each, `errors` of which failed. */
const times = (
  name: string,
  us: readonly number[],
  over: Partial<Repetition> = {},
  errors = 0,
): VariantResult =>
  variantOf(
    name,
    us.map((responseUs) =>
      recordingOf([
        { count: 100 - errors, responseUs },
        { count: errors, responseUs, outcome: 'session-lost' },
      ]),
    ),
    over,
  );

const compare = (base: VariantResult, candidate: VariantResult, metric = 'responseTime.p99Us'): Comparison =>
  compareVariants([base, candidate]).find((one) => one.metric === metric)!;

describe('a comparison of variants', () => {
  it('takes the first variant as the base of every other, in every metric', () => {
    const variants = ['a', 'b', 'c'].map((name) => times(name, [10, 10, 10]));
    const found = compareVariants(variants);
    expect(found.map(({ base, candidate }) => base + candidate)).toEqual([
      ...METRICS.map(() => 'ab'),
      ...METRICS.map(() => 'ac'),
    ]);
    expect(found.map(({ metric }) => metric)).toEqual([...METRICS, ...METRICS]);
    expect(Comparison.array().parse(found)).toEqual(found);
    expect(compareVariants(variants.slice(0, 1))).toEqual([]);
  });

  it('takes the base that a variant names, and makes none for a base that is not there', () => {
    const named = (name: string, base?: string): VariantResult => ({
      ...times(name, [10, 10, 10]),
      ...(base !== undefined && { base }),
    });
    const variants = [named('a', 'c'), named('b', 'a'), named('c'), named('d', 'x')];
    const pairs = compareVariants(variants).map(({ base, candidate }) => base + candidate);
    expect([...new Set(pairs)]).toEqual(['ca', 'ab', 'ac']);
  });

  it('takes the first variant with the same question where a variant names no base', () => {
    const asking = (name: string, question?: string, base?: string): VariantResult => ({
      ...times(name, [10, 10, 10]),
      ...(question !== undefined && { question }),
      ...(base !== undefined && { base }),
    });
    const variants = [
      asking('a', 'first?'),
      asking('b', 'first?'),
      asking('c', 'second?'),
      asking('d', 'second?'),
      asking('e', 'second?', 'd'),
      asking('f'),
    ];
    const pairs = compareVariants(variants).map(({ base, candidate }) => base + candidate);
    expect([...new Set(pairs)]).toEqual(['ab', 'cd', 'de', 'af']);
  });

  it('marks what does not compare like with like, and keeps its base', () => {
    const [base, failing, sound] = [
      times('a', [10, 10, 10], {}, 5),
      times('b', [9, 9, 9]),
      times('c', [9, 9, 9]),
    ];
    expect(compare(base, failing)).toMatchObject({ base: 'a', candidate: 'b', alike: false });
    expect(base.caveats).toEqual([{ kind: 'failed-calls', share: 0.05 }]);
    expect(compare(sound, failing)).toMatchObject({ alike: true });
    const bound = times('d', [9, 9, 9], { generator: BOUND });
    expect(bound.caveats).toEqual([{ kind: 'generator-bound' }]);
    expect(compare(sound, bound)).toMatchObject({ alike: false });
  });

  it('takes a late generator to concern times only, and rates of a closed loop', () => {
    const lag = { kind: 'read-lag' } as Note;
    const load = (kind: string): VariantResult['settings'] => ({
      ...times('', []).settings,
      effective: { load: { shape: { kind } } as EffectiveLoad, fleet: null, balancer: null },
    });
    const alike = (kind: string): readonly boolean[] => {
      const [a, b] = ['a', 'b'].map((name) => times(name, [10, 10, 10], { observations: [lag] }));
      return compareVariants([a!, b!].map((one) => ({ ...one, settings: load(kind) }))).map(
        (one) => one.alike,
      );
    };
    expect(alike('rate')).toEqual([true, false, false, true]);
    expect(alike('closed')).toEqual([true, false, false, false]);
  });

  it.each<[string, VariantResult, Comparison['because'], number]>([
    ['too few repetitions', times('b', [1, 2]), 'too-few-repetitions', 2],
    [
      'no time',
      variantOf(
        'b',
        [1, 2, 3].map(() => recordingOf([], 1)),
      ),
      'no-samples',
      3,
    ],
    ['a bound generator', times('b', [9, 9, 9], { generator: BOUND }), 'generator-bound', 3],
    ['more failures on the faster side', times('b', [5, 5, 5], {}, 66), 'unlike-failures', 3],
    ['a wide interval', times('b', [5, 10, 20]), 'wide-interval', 3],
    ['nothing', times('b', [20, 20, 20]), null, 3],
  ])('says why it is undecided: %s', (_, candidate, because, repetitions) => {
    expect(compare(times('a', [10, 10, 10]), candidate)).toMatchObject({ because, repetitions });
  });

  it.each<[string, readonly number[], readonly number[], Comparison['verdict']]>([
    ['twice as long', [1000, 1010, 990], [2000, 2010, 1990], 'worse'],
    ['half as long', [1000, 1010, 990], [500, 505, 496], 'better'],
    ['the same', [1000, 1000, 1000], [1000, 1000, 1000], 'same'],
    ['a certain difference that is too small to matter', [1000, 1000, 1000], [1005, 1005, 1005], 'same'],
    ['noise', [1000, 1200, 900], [1100, 950, 1150], 'undecided'],
    [
      'a certain difference of which the interval reaches below the margin',
      [1000, 1000, 1000],
      [1020, 1028, 1024],
      'undecided',
    ],
    ['a certain difference beyond the margin', [1000, 1000, 1000], [1051, 1049, 1050], 'worse'],
    ['too few repetitions', [1000, 1000], [2000, 2000], 'undecided'],
    ['drift that both variants share', [1000, 2000, 4000, 8000], [1100, 2200, 4400, 8800], 'worse'],
  ])('of %s: %j, %j -> %s', (_, base, candidate, verdict) => {
    expect(compare(times('a', base), times('b', candidate)).verdict).toBe(verdict);
  });

  it('says how much, with an interval around it', () => {
    const { ratio, ciLow, ciHigh } = compare(times('a', [1000, 1000, 1000]), times('b', [1900, 2000, 2100]));
    expect(ratio).toBeCloseTo((1.9 * 2 * 2.1) ** (1 / 3), 2);
    expect(ciLow).toBeGreaterThan(1.5);
    expect(ciLow).toBeLessThan(1.9);
    expect(ciHigh).toBeGreaterThan(2.1);
    expect(ciHigh).toBeLessThan(2.5);
  });

  it('turns around when the variants are exchanged', () => {
    const [a, b] = [times('a', [1000, 1040, 990, 1010]), times('b', [1500, 1450, 1600, 1490])];
    const [there, back] = [compare(a, b), compare(b, a)];
    expect(there.ratio! * back.ratio!).toBeCloseTo(1, 9);
    expect([there.verdict, back.verdict]).toEqual(['worse', 'better']);
  });

  it('has no ratio to an error rate of 0, and still says which is worse', () => {
    const [clean, lossy] = [times('a', [10, 10, 10]), times('b', [10, 10, 10], {}, 66)];
    expect(compare(clean, lossy, 'calls.errorRate')).toMatchObject({
      ratio: null,
      ciLow: null,
      verdict: 'worse',
    });
    expect(compare(lossy, clean, 'calls.errorRate')).toMatchObject({
      ratio: 0,
      ciLow: null,
      verdict: 'better',
    });
    expect(compare(clean, clean, 'calls.errorRate')).toMatchObject({ ratio: null, verdict: 'same' });
  });

  it('does not praise the times of the side that failed more calls', () => {
    const [slow, failing] = [times('a', [1000, 1000, 1000]), times('b', [500, 500, 500], {}, 66)];
    expect(compare(slow, failing)).toMatchObject({ verdict: 'undecided' });
    expect(compare(slow, failing).ratio).toBeCloseTo(0.5, 6);
    expect(compare(failing, slow).verdict).toBe('undecided');
  });

  it('does not praise the times of the side that rightly refused more calls, since they did no work', () => {
    const side = (name: string, us: number, count: number): VariantResult =>
      variantOf(
        name,
        [us, us, us].map((responseUs) =>
          withAuth(
            recordingOf([
              { count: 100 - count, responseUs },
              { count, responseUs: 1, outcome: 'forbidden' },
            ]),
            {
              cells: [cellOf({ allowed: 100 - count }), cellOf({ expected: 'forbidden', forbidden: count })],
            },
          ),
        ),
      );
    const p50 = 'responseTime.p50Us';
    const [open, refusing] = [side('a', 1000, 0), side('b', 500, 25)];
    expect(refusing.caveats).toEqual([]);
    for (const pair of [compare(open, refusing, p50), compare(refusing, open, p50)])
      expect(pair).toMatchObject({ verdict: 'undecided', because: 'unlike-failures' });
    expect(compare(side('a', 1000, 25), refusing, p50).verdict).toBe('better');
    expect(compare(side('a', 400, 0), refusing, p50).verdict).toBe('worse');
  });

  it('decides nothing when the generator was the bottleneck', () => {
    const bound = times('b', [2000, 2000, 2000], { generator: BOUND });
    expect(compare(times('a', [1000, 1000, 1000]), bound).verdict).toBe('undecided');
  });

  it('leaves interrupted repetitions out', () => {
    const cut = times('b', [2000, 2000, 2000], { complete: false });
    expect(compare(times('a', [1000, 1000, 1000]), cut)).toMatchObject({ ratio: null, verdict: 'undecided' });
  });

  it('has no ratio of something that a repetition lacks', () => {
    const refused = variantOf(
      'b',
      [1, 2, 3].map(() => recordingOf([{ count: 9, responseUs: 5, outcome: 'refused' }])),
    );
    expect(compare(times('a', [10, 10, 10]), refused)).toMatchObject({ ratio: null, verdict: 'undecided' });
    expect(compare(refused, refused, 'responseTime.p50Us').ratio).toBeNull();
  });

  it.each<[string, readonly number[], readonly number[], Comparison['verdict']]>([
    ['1 and 3 of 100,000', [0, 1, 0], [1, 1, 1], 'same'],
    ['0 and 95 of 100,000: a tenth of a point', [0, 0, 0], [32, 31, 32], 'same'],
    [
      '0 and 560 of 100,000: more than half a point, but not for certain',
      [0, 0, 0],
      [200, 170, 190],
      'undecided',
    ],
    ['0 and 950 of 100,000', [0, 0, 0], [320, 310, 320], 'worse'],
    ['950 and 0 of 100,000', [320, 310, 320], [0, 0, 0], 'better'],
    ['0 and 0', [0, 0, 0], [0, 0, 0], 'same'],
    ['0 and 950, all in one trial', [0, 0, 0], [0, 950, 0], 'undecided'],
  ])('of error rates is more than half a point, and more than chance: %s', (_, base, candidate, verdict) => {
    const side = (name: string, errors: readonly number[]): VariantResult =>
      variantOf(
        name,
        errors.map((count) =>
          recordingOf([
            { count: 33_333 - count, responseUs: 10 },
            { count, responseUs: 10, outcome: 'rpc-error' },
          ]),
        ),
      );
    expect(compare(side('a', base), side('b', candidate), 'calls.errorRate').verdict).toBe(verdict);
  });

  it('is not blurred by what calls of a third variant that fail add to chance', () => {
    const [a, b] = [times('a', [1000, 1001, 999]), times('b', [1000, 999, 1001])];
    const failing = times('c', [500, 1000, 2000], {}, 50);
    const [pair] = compareVariants([a, b, failing]).filter(({ metric }) => metric === 'responseTime.p50Us');
    expect(pair).toMatchObject({ candidate: 'b', verdict: 'same' });
  });

  it('of throughput counts successful calls only, and compares like with like though calls fail', () => {
    const [sound, failing] = [times('a', [10, 10, 10]), times('b', [10, 10, 10], {}, 75)];
    const found = compare(sound, failing, 'rate.goodputPerSecond');
    expect(found).toMatchObject({ verdict: 'worse', alike: true });
    expect(found.ratio).toBeCloseTo(0.25, 9);
    const none = compare(sound, times('c', [10, 10, 10], {}, 100), 'rate.goodputPerSecond');
    expect(none).toMatchObject({ ratio: 0, verdict: 'worse' });
  });
});
