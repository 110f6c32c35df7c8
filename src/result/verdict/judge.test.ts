import { describe, expect, it } from 'vitest';
import type { MetricUnit } from '../../profile/section/bound.ts';
import { SessionTally } from '../../recording/measure/sessions.ts';
import type { Recording } from '../../recording/recording.ts';
import { type Repetition, type VariantResult, Verdict } from '../document.ts';
import { boundedMetrics } from '../measure/metrics.ts';
import { BOUND, recordingOf, variantOf } from '../summary/result.case.ts';
import { check, judge } from './judge.ts';

/** 985 calls of 10 ms, 100 of 10 ms and 10 of 80 ms to `tools/list`, 4 lost that took 900 ms; one dropped. */
const RECORDING = recordingOf(
  [
    { count: 985, responseUs: 10_000 },
    { count: 100, responseUs: 10_000, call: 1 },
    { count: 10, responseUs: 80_000, call: 1 },
    { count: 4, responseUs: 900_000, outcome: 'session-lost' },
  ],
  1,
);
const healthy = variantOf('v', [RECORDING]);
const bound = variantOf('v', [RECORDING, RECORDING], { generator: BOUND });
const unmeasured: VariantResult = { ...healthy, repetitions: [], summary: null };

const status = (variants: readonly VariantResult[], ...thresholds: readonly string[]): Verdict['status'] =>
  Verdict.parse(judge(variants, thresholds)).status;

describe('a threshold on a healthy trial', () => {
  it.each<[string, 'pass' | 'fail', string]>([
    ['p(50) < 50ms', 'pass', '10 ms'],
    ['p(99) < 50ms', 'pass', '10 ms'],
    ['p(99.5) < 50ms', 'fail', '80 ms'],
    ['max < 80ms', 'fail', '80 ms'],
    ['max <= 80ms', 'pass', '80 ms'],
    ['all_response_time max < 80ms', 'fail', '900 ms'],
    ['all_response_time p(99.9) < 80ms', 'fail', '900 ms'],
    ['mean < 11ms', 'pass', '10.6 ms'],
    ['p(99){tools/list} < 50ms', 'fail', '80 ms'],
    ['p(99){tools/call echo} < 50ms', 'pass', '10 ms'],
    ['service_time p(100) < 1ms', 'fail', '900 ms'],
    ['send_lag p(99) < 1ms', 'pass', '0 us'],
    ['error_rate < 0.1%', 'fail', '0.455 %'],
    ['error_rate < 1%', 'pass', '0.455 %'],
    ['error_rate{tools/list} == 0', 'pass', '0 %'],
    ['rate > 1098/s', 'pass', '1099/s'],
    ['rate >= 1100/s', 'fail', '1099/s'],
    ['goodput >= 1095/s', 'pass', '1095/s'],
    ['goodput > 1095/s', 'fail', '1095/s'],
    ['dropped == 0', 'fail', 'dropped: 1'],
  ])('%s: %s, measured %s', (threshold, expected, measured) => {
    expect(check([healthy], [threshold])).toMatchObject([
      { variant: 'v', threshold, status: expected, measured },
    ]);
  });

  it('that fails names the variant and the measured value', () => {
    const reasons = ['v: max < 50ms: measured 80 ms', 'v: dropped == 0: measured dropped: 1'];
    const at = { variant: 'v' };
    expect(judge([healthy], ['max < 50ms', 'p(50) < 50ms', 'dropped == 0'])).toEqual({
      status: 'fail',
      reasons,
      checks: [
        { ...at, threshold: 'max < 50ms', status: 'fail', measured: '80 ms', reason: reasons[0] },
        { ...at, threshold: 'p(50) < 50ms', status: 'pass', measured: '10 ms' },
        { ...at, threshold: 'dropped == 0', status: 'fail', measured: 'dropped: 1', reason: reasons[1] },
      ],
    });
  });

  it('is asked of every variant, or of the one it names', () => {
    const quick = variantOf('quick', [recordingOf([{ count: 9, responseUs: 5 }])]);
    expect(check([healthy, quick], ['max < 50ms']).map((one) => one.status)).toEqual(['fail', 'pass']);
    expect(status([healthy, quick], 'max < 50ms for quick')).toBe('pass');
    expect(judge([healthy, quick], ['max < 50ms for slow'])).toMatchObject({
      status: 'inconclusive',
      reasons: ['max < 50ms for slow: no variant is named "slow"; there are "v", "quick"'],
    });
  });
});

describe('a threshold on a metric without samples', () => {
  const SESSIONS = new SessionTally().counts();
  const nothing = recordingOf([]);
  const refused = recordingOf([{ count: 9, responseUs: 0, outcome: 'refused' }]);
  const BOUNDS: Readonly<Record<MetricUnit, string>> = {
    time: '0us',
    share: '0%',
    fraction: '0%',
    ratio: '0',
    rate: '0/s',
    count: '0',
  };
  const OF_TIMES = ['mean', 'max', 'p(99)'];
  const statisticsOf = (percentiles?: readonly number[]): readonly string[] =>
    percentiles?.map((percentile) => `p(${percentile})`) ?? OF_TIMES;
  const subjects = boundedMetrics().map(
    ({ name, unit, isDistribution, percentiles }) =>
      [
        isDistribution ? statisticsOf(percentiles).map((one) => `${name} ${one}`) : [name],
        BOUNDS[unit],
      ] as const,
  );
  const thresholds = subjects.flatMap(([names, bound]) =>
    names.flatMap((name) =>
      ['<', '<=', '==', '>=', '>'].map((comparator) => `${name} ${comparator} ${bound}`),
    ),
  );
  const statuses = (recording: Recording, asked: readonly string[]): ReadonlySet<string> =>
    new Set(check([variantOf('v', [recording])], asked).map((one) => one.status));

  it('never passes, whatever is bounded and how, when no call was due', () => {
    expect(thresholds.length).toBeGreaterThan(200);
    expect(statuses(nothing, thresholds)).toEqual(new Set(['inconclusive']));
    const withSessions = { ...nothing, measures: { sessions: SESSIONS } };
    expect(statuses(withSessions, thresholds)).toEqual(new Set(['inconclusive']));
  });

  it('never passes when calls ended, but without a time, an instance or a session', () => {
    const lacking = /_time |send_lag|jain|over_mean|owner|session|handshake|reopen|streams/;
    const asked = thresholds.filter((text) => lacking.test(text) && !/^(calls_)?session_lost/.test(text));
    for (const measures of [{}, { sessions: SESSIONS }]) {
      expect(statuses({ ...refused, measures }, asked)).not.toContain('pass');
    }
  });

  it.each<[string, Recording, string]>([
    ['p(99) < 5ms', refused, 'no call ended ok'],
    ['all_response_time max < 5ms', refused, 'no call ended with a time'],
    ['service_time mean < 5ms', refused, 'no call ended with a time'],
    ['jain_index > 0.9', refused, 'no instance named itself'],
    ['owner_hit_rate == 1', { ...refused, measures: { sessions: SESSIONS } }, 'no call in a session'],
    ['sessions_lost == 0', { ...refused, measures: { sessions: SESSIONS } }, 'no session was opened'],
  ])('fails where the server had to give one: %s', (threshold, recording, why) => {
    const [one] = check([variantOf('v', [recording])], [threshold]);
    expect(one).toMatchObject({ status: 'fail', why: expect.stringContaining(why) });
    expect(one!.reason).toBe(`v: ${threshold}: ${one!.why}`);
  });

  it.each<[string, VariantResult]>([
    ['the load has no sessions', variantOf('v', [refused])],
    [
      'a trial was cut off',
      variantOf('v', [{ ...refused, measures: { sessions: SESSIONS } }], { complete: false }),
    ],
    [
      'the generator was the bottleneck',
      variantOf('v', [{ ...refused, measures: { sessions: SESSIONS } }], { generator: BOUND }),
    ],
  ])('is not judged where %s', (_, variant) => {
    expect(check([variant], ['owner_hit_rate == 1'])).toMatchObject([{ status: 'inconclusive' }]);
  });

  it('is not judged where none need be: no session was re-opened', () => {
    const variant = variantOf('v', [{ ...refused, measures: { sessions: SESSIONS } }]);
    expect(check([variant], ['reopen_time_p99 < 5ms'])).toMatchObject([{ status: 'inconclusive' }]);
  });
});

describe('a verdict', () => {
  it('without thresholds and without doubts is none: nothing could fail', () => {
    expect(judge([healthy], [])).toEqual({ status: 'none', reasons: [] });
  });

  it.each<[string, readonly VariantResult[], number, readonly string[]]>([
    ['there is no variant', [], 0, ['nothing was measured: there is no variant']],
    ['a variant was not measured', [healthy, { ...unmeasured, name: 'w' }], 0, ['w: nothing was measured']],
    ['the one variant was not measured', [{ ...unmeasured, name: '' }], 0, ['nothing was measured']],
    [
      'a variant had no call',
      [variantOf('v', [recordingOf([])])],
      0,
      ['v: nothing was measured: no call was due'],
    ],
    ['one trial was not run', [healthy], 1, ['1 trial was not run']],
    ['trials were not run', [healthy], 9, ['9 trials were not run']],
  ])('without thresholds is inconclusive when %s', (_, variants, outstanding, reasons) => {
    expect(judge(variants, [], outstanding)).toEqual({ status: 'inconclusive', reasons });
  });

  it('is inconclusive when not one call of a variant ended ok, and says what they ended as', () => {
    const broken = variantOf('w', [
      recordingOf(
        [
          { count: 38, responseUs: 900, outcome: 'unauthorized', detail: '401 Unauthorized' },
          { count: 2, responseUs: 900, outcome: 'malformed', detail: 'not HTTP' },
        ],
        1,
      ),
    ]);
    const reason =
      'w: not one of 41 calls ended ok: unauthorized 38, malformed 2, dropped 1, “401 Unauthorized”';
    expect(judge([healthy, broken], [])).toEqual({ status: 'inconclusive', reasons: [reason] });
    expect(judge([broken], ['p(99) < 5ms'])).toMatchObject({
      status: 'fail',
      reasons: ['w: p(99) < 5ms: no call ended ok', reason],
    });
    expect(status([healthy, broken], 'error_rate < 50%')).toBe('fail');
  });

  it('does not pass a threshold on the times of a series that has none', () => {
    const refused = [{ count: 9, responseUs: 0, outcome: 'refused' as const }];
    const other = variantOf('v', [recordingOf([{ count: 1000, responseUs: 5, call: 1 }, ...refused])]);
    expect(judge([other], ['p(99){tools/call echo} < 5ms', 'p(99){tools/list} < 5ms'])).toMatchObject({
      status: 'fail',
      reasons: ['v: p(99){tools/call echo} < 5ms: no call ended ok'],
      checks: [{ status: 'fail' }, { status: 'pass' }],
    });
  });

  it('is inconclusive when the generator was the bottleneck, and says what to change', () => {
    expect(judge([bound], [])).toEqual({
      status: 'inconclusive',
      reasons: ['v: repetition 1 and 1 more: p99 of the send lag is 80 ms; use more workers'],
    });
  });

  it('says why a threshold was not judged, apart from what was measured', () => {
    expect(check([bound], ['max < 50ms', 'max < 50ms for nobody'])).toMatchObject([
      { status: 'inconclusive', measured: '80 ms', why: 'the generator was the bottleneck' },
      { status: 'inconclusive', why: 'no variant is named "nobody"; there are "v"' },
    ]);
    expect(check([healthy], ['dropped == 0'])[0]).not.toHaveProperty('why');
  });

  it.each<[string, Verdict['status']]>([
    ['p(50) < 50ms', 'inconclusive'],
    ['max < 50ms', 'inconclusive'],
    ['rate > 500/s', 'inconclusive'],
    ['error_rate < 0.4%', 'inconclusive'],
    ['error_rate < 0.3%', 'fail'],
    ['dropped == 0', 'fail'],
    ['send_lag max < 1ms', 'inconclusive'],
  ])('on a bound generator by %s is %s', (threshold, expected) => {
    expect(status([bound], threshold)).toBe(expected);
  });

  it.each<[string, number, string, Verdict['status']]>([
    ['as much as broke the bound', 40_000, 'max < 50ms', 'inconclusive'],
    ['less than broke the bound', 20_000, 'max < 50ms', 'fail'],
    ['while the bound held all the same', 40_000, 'max < 100ms', 'pass'],
    ['though errors are not later for it', 40_000, 'error_rate < 0.1%', 'fail'],
  ])('on a generator that was late, %s: %s us, %s is %s', (_, lagUs, threshold, expected) => {
    const observations = [{ kind: 'send-lag', lagUs }] as unknown as Repetition['observations'];
    const late = { ...healthy, repetitions: healthy.repetitions.map((one) => ({ ...one, observations })) };
    expect(status([late], threshold)).toBe(expected);
  });

  it('by a variant that failed soundly is a fail, whatever else is in doubt', () => {
    const { status: found, reasons } = judge([healthy, { ...bound, name: 'w' }, unmeasured], ['max < 50ms']);
    expect(found).toBe('fail');
    expect(reasons[0]).toBe('v: max < 50ms: measured 80 ms');
    expect(reasons).toContain('w: max < 50ms: measured 80 ms, but the generator was the bottleneck');
  });

  it.each<[string, VariantResult, readonly string[], RegExp]>([
    ['a variant was not measured', unmeasured, ['max < 5s'], /not measured/],
    [
      'a trial was interrupted',
      variantOf('v', [RECORDING], { complete: false }),
      [],
      /repetition 1 was interrupted/,
    ],
    [
      'no call has the name',
      healthy,
      ['p(99){tools/call ecco} < 5ms'],
      /no call is named "tools\/call ecco"; .*"tools\/list"/,
    ],
    ['no call was due', variantOf('v', [recordingOf([])]), ['error_rate < 1%'], /no call was due/],
  ])('is inconclusive when %s', (_, variant, thresholds, reason) => {
    const verdict = judge([variant], thresholds);
    expect(verdict.status).toBe('inconclusive');
    expect(verdict.reasons.at(-1)).toMatch(reason);
  });
});

describe('times of calls that did not succeed', () => {
  const mixed = (
    ok: number,
    failing: number,
    outcome: 'http-error' | 'timeout' = 'http-error',
  ): VariantResult =>
    variantOf('v', [
      recordingOf([
        { count: ok, responseUs: 10_000 },
        { count: failing, responseUs: outcome === 'timeout' ? 5_000_000 : 1000, outcome },
      ]),
    ]);

  it.each<[string, VariantResult, readonly string[], Verdict['status'], RegExp | undefined]>([
    ['fast failures', mixed(250, 750), ['p(50) < 5ms'], 'fail', /measured 10 ms/],
    [
      'many of them',
      mixed(250, 750),
      ['p(99) < 50ms'],
      'inconclusive',
      /measured 10 ms, but 75 % of the calls failed: .* at most 1 %, or a threshold on error_rate/,
    ],
    ['1 %', mixed(990, 10), ['p(99) < 50ms'], 'pass', undefined],
    ['more than 1 %', mixed(989, 11), ['p(99) < 50ms'], 'inconclusive', /1\.1 % of the calls failed/],
    ['as many as the profile allows', mixed(950, 50), ['p(99) < 50ms', 'error_rate < 6%'], 'pass', undefined],
    [
      'more than the profile allows',
      mixed(995, 5),
      ['p(99) < 50ms', 'error_rate < 0.1%'],
      'fail',
      /measured 0\.5 %/,
    ],
    [
      'more than the profile allows for other variants',
      mixed(950, 50),
      ['p(99) < 50ms', 'error_rate < 6% for w'],
      'inconclusive',
      /5 % of the calls failed/,
    ],
    [
      'calls that timed out',
      mixed(900, 100, 'timeout'),
      ['p(99) < 50ms'],
      'fail',
      /5 s \(failed calls included\)/,
    ],
    ['none but calls that timed out', mixed(0, 100, 'timeout'), ['p(99) < 50ms'], 'fail', /5 s/],
    ['the mean', mixed(250, 750), ['mean < 50ms'], 'inconclusive', /75 % of the calls failed/],
    ['the service time', mixed(250, 750), ['service_time max < 50ms'], 'inconclusive', /75 % of the calls/],
    ['send lag, which no failure changes', mixed(250, 750), ['send_lag max < 50ms'], 'pass', undefined],
  ])('%s', (_, variant, thresholds, expected, reason) => {
    const verdict = judge(
      [variant],
      thresholds.map((text) => text),
    );
    const known = verdict.checks!.filter(({ variant: of }) => of === 'v');
    const worst = known.find((one) => one.status === expected) ?? known[0]!;
    expect(worst.status).toBe(expected);
    if (reason === undefined) expect(known.every((one) => one.status === 'pass')).toBe(true);
    else expect(worst.reason).toMatch(reason);
  });

  it('are left out where calls timed out, and the check says so', () => {
    expect(check([mixed(998, 2, 'timeout')], ['max < 1s', 'p(99){tools/call echo} < 1s'])).toMatchObject([
      { status: 'pass', measured: '10 ms (without 2 calls that timed out)' },
      { status: 'pass', measured: '10 ms' },
    ]);
  });
});

describe('a percentile of too few calls', () => {
  const few = variantOf('v', [recordingOf([{ count: 20, responseUs: 10_000 }])]);

  it.each([
    ['p(99.9) < 50ms', 'v: p(99.9) < 50ms: 20 calls are too few for this percentile, it needs 1000'],
    ['p(99) < 50ms', 'v: p(99) < 50ms: 20 calls are too few for this percentile, it needs 100'],
  ])('is not judged: %s', (threshold, reason) => {
    expect(judge([few], [threshold])).toMatchObject({ status: 'inconclusive', reasons: [reason] });
  });

  it.each(['p(95) < 50ms', 'p(100) < 50ms', 'max < 50ms'])('is judged where there are enough: %s', (text) => {
    expect(status([few], text)).toBe('pass');
  });
});
