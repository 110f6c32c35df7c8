import { describe, expect, it } from 'vitest';
import type { MetricUnit } from '../../profile/section/bound.ts';
import { SessionTally } from '../../recording/measure/sessions.ts';
import type { Recording } from '../../recording/recording.ts';
import { type VariantResult, Verdict } from '../document.ts';
import { boundedMetrics } from '../measure/metrics.ts';
import { BOUND, recordingOf, variantOf } from '../summary/result.case.ts';
import { check, judge } from './judge.ts';

/** 98 calls of 10 ms, one of 80 ms to `tools/list`, one lost; one dropped. */
const RECORDING = recordingOf(
  [
    { count: 98, responseUs: 10_000 },
    { count: 1, responseUs: 80_000, call: 1 },
    { count: 1, responseUs: 10_000, outcome: 'session-lost' },
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
    ['mean < 11ms', 'pass', '10.7 ms'],
    ['p(99){tools/list} < 50ms', 'fail', '80 ms'],
    ['p(99){tools/call echo} < 50ms', 'pass', '10 ms'],
    ['service_time p(100) < 1ms', 'fail', '80 ms'],
    ['send_lag p(99) < 1ms', 'pass', '0 us'],
    ['error_rate < 1%', 'fail', '1.98 %'],
    ['error_rate < 2%', 'pass', '1.98 %'],
    ['error_rate{tools/list} == 0', 'pass', '0 %'],
    ['rate > 99/s', 'pass', '100/s'],
    ['rate >= 101/s', 'fail', '100/s'],
    ['dropped == 0', 'fail', '1 dropped'],
  ])('%s: %s, measured %s', (threshold, expected, measured) => {
    expect(check([healthy], [threshold])).toMatchObject([
      { variant: 'v', threshold, status: expected, measured },
    ]);
  });

  it('that fails names the variant and the measured value', () => {
    const reasons = ['v: max < 50ms: measured 80 ms', 'v: dropped == 0: measured 1 dropped'];
    const at = { variant: 'v' };
    expect(judge([healthy], ['max < 50ms', 'p(50) < 50ms', 'dropped == 0'])).toEqual({
      status: 'fail',
      reasons,
      checks: [
        { ...at, threshold: 'max < 50ms', status: 'fail', measured: '80 ms', reason: reasons[0] },
        { ...at, threshold: 'p(50) < 50ms', status: 'pass', measured: '10 ms' },
        { ...at, threshold: 'dropped == 0', status: 'fail', measured: '1 dropped', reason: reasons[1] },
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
  const subjects = boundedMetrics().map(
    ({ name, unit, isDistribution }) =>
      [isDistribution ? OF_TIMES.map((one) => `${name} ${one}`) : [name], BOUNDS[unit]] as const,
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
      expect(statuses({ ...refused, measures }, asked)).toEqual(new Set(['inconclusive']));
    }
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
    expect(judge([broken], ['p(99) < 5ms'])).toMatchObject({ status: 'inconclusive', reasons: [reason] });
    expect(status([healthy, broken], 'error_rate < 50%')).toBe('fail');
  });

  it('does not pass a threshold on the times of a series that has none', () => {
    const refused = [{ count: 9, responseUs: 0, outcome: 'refused' as const }];
    const other = variantOf('v', [recordingOf([{ count: 9, responseUs: 5, call: 1 }, ...refused])]);
    expect(judge([other], ['p(99){tools/call echo} < 5ms', 'p(99){tools/list} < 5ms'])).toMatchObject({
      status: 'inconclusive',
      reasons: [
        'v: p(99){tools/call echo} < 5ms: no call ended with a time (refused and broken connections have none)',
      ],
      checks: [{ status: 'inconclusive' }, { status: 'pass' }],
    });
  });

  it('is inconclusive when the generator was the bottleneck, and says what to change', () => {
    expect(judge([bound], [])).toEqual({
      status: 'inconclusive',
      reasons: [
        'v: repetition 1: p99 of the send lag is 80 ms; use more workers',
        'v: repetition 2: p99 of the send lag is 80 ms; use more workers',
      ],
    });
  });

  it.each<[string, Verdict['status']]>([
    ['p(50) < 50ms', 'inconclusive'],
    ['max < 50ms', 'inconclusive'],
    ['rate > 500/s', 'inconclusive'],
    ['error_rate < 1.5%', 'inconclusive'],
    ['error_rate < 0.5%', 'fail'],
    ['dropped == 0', 'fail'],
    ['send_lag max < 1ms', 'inconclusive'],
  ])('on a bound generator by %s is %s', (threshold, expected) => {
    expect(status([bound], threshold)).toBe(expected);
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
    ['no call had a time', variantOf('v', [recordingOf([], 3)]), ['p(99) < 5ms'], /no call ended/],
    ['no call was due', variantOf('v', [recordingOf([])]), ['error_rate < 1%'], /no call was due/],
  ])('is inconclusive when %s', (_, variant, thresholds, reason) => {
    const verdict = judge([variant], thresholds);
    expect(verdict.status).toBe('inconclusive');
    expect(verdict.reasons.at(-1)).toMatch(reason);
  });
});
