import { describe, expect, it } from 'vitest';
import type { AuthCounts } from '../../recording/measure/auth-counts.ts';
import type { Recording } from '../../recording/recording.ts';
import type { VariantResult } from '../document.ts';
import { equal, seriesOf, withAuth } from '../measure/auth.case.ts';
import type { AuthEstimate, AuthFigures } from '../measure/auth-figures.ts';
import { recordingOf, variantOf } from '../summary/result.case.ts';
import { withAuthConclusions } from './auth-conclusions.ts';
import { disagreementsOf } from './auth-disagreements.ts';

/** How a variant differs from the others. */
interface Shape {
  readonly mode: string;
  readonly base?: string;
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly counts?: Partial<AuthCounts>;
  readonly measures?: Recording['measures'];
  readonly complete?: boolean;
}

/** A variant with one repetition per response time, in microseconds. */
function variant(name: string, times: readonly number[], shape: Shape): VariantResult {
  const { mode, base, overrides = {}, counts = {}, measures = {}, complete = true } = shape;
  const recordings = times.map((responseUs) =>
    withAuth(recordingOf([{ count: 200, responseUs }]), { mode, ...counts }, measures),
  );
  const plain = variantOf(name, recordings, { complete });
  const repetitions = plain.repetitions.map((one, index) => ({ ...one, order: 2 * index + (index % 2) }));
  return {
    ...plain,
    ...(base !== undefined && { base }),
    repetitions,
    settings: { ...plain.settings, overrides, effective: { auth: { mode } } as never },
  };
}

const figuresOf = (variants: readonly VariantResult[], name: string): AuthFigures =>
  withAuthConclusions(variants).find((one) => one.name === name)!.summary!.auth!;

const none = variant('none', [1000, 1010, 990], { mode: 'none', measures: { fleetCpu: { us: 20_000 } } });
const jwt = variant('jwt', [1102, 1110, 1092], {
  mode: 'jwt',
  measures: { fleetCpu: { us: 40_000 } },
  counts: {
    check: seriesOf(equal(200, 90)),
    policy: seriesOf(equal(200, 10)),
    refusals: {
      missing: seriesOf(equal(50, 40)),
      invalid: seriesOf(equal(50, 60)),
      expired: seriesOf(equal(50, 400)),
      'wrong-scope': seriesOf(equal(50, 380)),
    },
    byUse: { first: seriesOf([1500, 1600]), early: seriesOf([]), later: seriesOf(equal(100, 1000)) },
  },
});

describe('what a check adds', () => {
  it('is the difference of pairs of repetitions with the same schedule', () => {
    const { added } = figuresOf([none, jwt], 'jwt');
    expect(added).toMatchObject({ base: 'none', pairs: 3 });
    expect(added!.p50Us).toBeCloseTo(101.33, 1);
    expect(added!.p99Us).toBeCloseTo(101.33, 1);
    expect(added!.ciLowUs).toBeGreaterThan(97);
    expect(added!.ciHighUs).toBeLessThan(106);
    expect(added!.intervals).toMatchObject({ p99Us: { lowUs: added!.ciLowUs } });
  });

  it('is finer than a bucket of the histogram', () => {
    // Buckets at 10 ms are 8 us wide. Each side is spread evenly over 1 ms.
    const spread = (fromUs: number): Recording =>
      withAuth(
        recordingOf(Array.from({ length: 1000 }, (_, at) => ({ count: 1, responseUs: fromUs + at }))),
        { mode: 'none' },
      );
    const of = (name: string, fromUs: number): VariantResult => {
      const recordings = [0, 13, 29].map((us) => spread(fromUs + us));
      const { settings } = none;
      const plain = variantOf(name, recordings);
      return { ...plain, settings };
    };
    const { added } = figuresOf([of('a', 9500), of('b', 9521)], 'b');
    expect(added!.p50Us).toBeCloseTo(21, 0);
    expect(added!.p99Us).toBeCloseTo(21, 0);
  });

  it.each<[string, readonly VariantResult[], string | undefined]>([
    ['the first variant without a check', [none, variant('none 2', [1000], { mode: 'none' }), jwt], 'none'],
    ['the base that it names', [none, variant('b', [1000], { mode: 'none' }), { ...jwt, base: 'b' }], 'b'],
    [
      'no base with a check, but the first variant without one',
      [variant('session', [1000], { mode: 'session' }), none, { ...jwt, base: 'session' }],
      'none',
    ],
    [
      'the variant that is otherwise the same',
      [
        none,
        variant('none, sticky', [1000], {
          mode: 'none',
          overrides: { 'balancer.policy': 'sticky', 'auth.mode': 'none' },
        }),
        {
          ...jwt,
          settings: {
            ...jwt.settings,
            overrides: { balancer: { policy: 'sticky' }, auth: { mode: 'jwt', cacheTtl: '2s' } },
          },
        },
      ],
      'none, sticky',
    ],
    [
      'none, when all others differ',
      [variant('none', [1000], { mode: 'none', overrides: { 'load.rate': '5/s' } }), jwt],
      undefined,
    ],
    ['none, when all are checked', [variant('session', [1000], { mode: 'session' }), jwt], undefined],
  ])('is compared with %s', (_, variants, base) => {
    expect(figuresOf(variants, 'jwt').added?.base).toBe(base);
  });

  it('leaves out repetitions that were interrupted, and has no interval of two', () => {
    const [first, ...others] = jwt.repetitions;
    const cut = { ...jwt, repetitions: [{ ...first!, complete: false }, ...others] };
    expect(figuresOf([none, cut], 'jwt').added).toMatchObject({ pairs: 2, ciLowUs: null, intervals: null });
    const nothing = variant('jwt', [1000], { mode: 'jwt', complete: false });
    expect(figuresOf([none, nothing], 'jwt').added).toBeNull();
  });
});

describe('the estimates of a check', () => {
  const { estimates, disagreements, ...figures } = figuresOf([none, jwt], 'jwt');
  const of = (name: string) => estimates.find((one) => one.name === name)!;

  it('are those of the five estimators', () => {
    expect(estimates.map(({ name }) => name)).toEqual(['header', 'paired', 'cold-warm', 'refusals', 'cpu']);
    expect(estimates.every(({ missing }) => missing === null)).toBe(true);
    expect(of('header')).toMatchObject({ p50Us: 100, p99Us: 100, lowUs: 100, highUs: 100 });
    expect(of('paired').p50Us).toBeCloseTo(101.33, 1);
    // Of six first calls there is no p99.
    expect(of('cold-warm')).toMatchObject({ p50Us: 500, p99Us: null });
    // The quickest refusal for which a token was checked.
    expect(of('refusals')).toMatchObject({ p50Us: 380, p99Us: 380, lowUs: 0, highUs: 380 });
    expect(of('cpu')).toMatchObject({ p50Us: 100, p99Us: null, lowUs: 100, highUs: 100 });
    expect(disagreements).toEqual([]);
  });

  it('say what the check costs', () => {
    expect(figures.shareOfCall).toBeCloseTo(100 / 1102, 3);
    // A core makes 10,000 calls of 100 us, and 5000 of 200 us.
    expect(figures.callsPerCoreSecondLost).toBeCloseTo(5000, 6);
    expect(figures.coreSecondsPerMillion).toBeCloseTo(100, 6);
  });

  it('that could not be made say why', () => {
    const bare = variant('jwt', [1100, 1100, 1100], { mode: 'jwt' });
    const reasons = (variants: readonly VariantResult[]): readonly unknown[] =>
      figuresOf(variants, 'jwt').estimates.map(({ missing }) => missing);
    expect(reasons([bare])).toEqual(['no-header', 'no-base', 'no-first-calls', 'no-refusals', 'no-cpu']);
    expect(reasons([jwt])).toEqual([null, 'no-base', null, null, 'no-base']);
    const apart = variant('none', [1000], { mode: 'none', complete: false });
    expect(reasons([apart, jwt])).toEqual([null, 'too-few-pairs', null, null, 'too-few-pairs']);
  });

  it('disagree when their intervals do not meet', () => {
    const blind = variant('jwt', [1502, 1510, 1492], {
      mode: 'jwt',
      counts: {
        check: seriesOf(equal(200, 100)),
        refusals: { expired: seriesOf(equal(50, 400)) },
      },
    });
    // The answers state 100 us, 500 us are added, and a refusal takes 400 us.
    expect(figuresOf([none, blind], 'jwt').disagreements).toEqual([
      { a: 'header', b: 'paired', cause: 'queueing' },
      { a: 'paired', b: 'refusals', cause: 'refused-early' },
    ]);
  });

  it.each<[string, Partial<Record<AuthEstimate['name'], number>>, boolean, string]>([
    ['waiting takes no processor time', { header: 900, cpu: 200 }, true, 'waits-for-authority'],
    ['without a question to the authorization server', { paired: 900, cpu: 200 }, false, 'queueing'],
    ['the header leaves out work', { header: 90, cpu: 200 }, false, 'untimed-work'],
    ['stages overlap', { header: 900, paired: 200 }, false, 'overlap'],
    ['nobody waits for the work', { paired: 90, cpu: 200 }, false, 'work-beside'],
    ['a refusal does less than the check', { cpu: 900, refusals: 200 }, false, 'refused-early'],
  ])('disagree likely because %s', (_, values, asksAuthority, cause) => {
    const all = Object.entries(values).map(([name, us]) => ({
      name: name as AuthEstimate['name'],
      p50Us: us,
      p99Us: null,
      lowUs: us - 10,
      highUs: us + 10,
      missing: null,
    }));
    expect(disagreementsOf(all, asksAuthority)).toMatchObject([{ cause }]);
  });

  it('that are bounds agree with all that is lower', () => {
    const bound = {
      name: 'refusals' as const,
      p50Us: 380,
      p99Us: null,
      lowUs: 370,
      highUs: 380,
      missing: null,
    };
    expect(disagreementsOf([{ ...bound, name: 'paired', lowUs: 90, highUs: 110 }, bound], false)).toEqual([]);
  });

  it('compare processor time, which is a mean, with the mean of the times that answers state', () => {
    const at = (name: 'header' | 'cpu', us: number) => ({
      name,
      p50Us: us,
      p99Us: null,
      lowUs: us - 10,
      highUs: us + 10,
      missing: null,
    });
    const two = [at('header', 70), at('cpu', 600)];
    expect(disagreementsOf(two, false, { low: 500, high: 700 })).toEqual([]);
    expect(disagreementsOf(two, false, { low: 60, high: 80 })).toMatchObject([{ cause: 'untimed-work' }]);
    expect(disagreementsOf(two, false)).toMatchObject([{ cause: 'untimed-work' }]);
  });

  it('are none of a variant without a check, and absent of a variant without authorization', () => {
    const again = variant('none 2', [1000, 1010, 990], { mode: 'none' });
    const { added, estimates: others } = figuresOf([none, again], 'none 2');
    expect(others).toEqual([]);
    expect(added).toMatchObject({ base: 'none', pairs: 3 });
    expect(figuresOf([none, again], 'none').added).toBeNull();
    const plain = variantOf('plain', [recordingOf([{ count: 1, responseUs: 1 }])]);
    expect(withAuthConclusions([plain])).toEqual([plain]);
  });
});
