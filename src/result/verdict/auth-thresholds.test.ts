/** @module Thresholds on authorization: what passes, fails, and stays open for which reason. */
import { describe, expect, it } from 'vitest';
import type { AuthCounts } from '../../recording/measure/auth-counts.ts';
import type { Check, VariantResult } from '../document.ts';
import { cellOf, equal, eventOf, seriesOf, withAuth } from '../measure/auth.case.ts';
import type { AuthFigures } from '../measure/auth-figures.ts';
import { BOUND, recordingOf, variantOf } from '../summary/result.case.ts';
import { summarise } from '../summary/summarise.ts';
import { check } from './judge.ts';

const calls = recordingOf([{ count: 200, responseUs: 2000 }]);
const AUDIT = {
  records: 199,
  missing: 1,
  duplicate: 0,
  contradicting: 0,
  unknown: 0,
  elsewhere: 0,
  executedUnanswered: 0,
  withoutTrace: 0,
  unreadable: 0,
  secrets: 0,
};

/** A variant whose summary has these counts and figures. */
function variantWith(
  counts: Partial<AuthCounts>,
  figures: Partial<AuthFigures> = {},
  measures: Readonly<Record<string, unknown>> = {},
): VariantResult {
  const summary = summarise(withAuth(calls, counts, measures));
  return {
    ...variantOf('v', [calls]),
    summary: { ...summary, auth: { ...summary.auth!, ...figures } },
  };
}

const one = (variant: VariantResult, threshold: string): Check => check([variant], [threshold])[0]!;

const added = (over: Partial<NonNullable<AuthFigures['added']>> = {}): Partial<AuthFigures> => ({
  added: {
    p50Us: 250,
    p90Us: 300,
    p99Us: 500,
    ciLowUs: 220,
    ciHighUs: 280,
    intervals: {
      p50Us: { lowUs: 220, highUs: 280 },
      p90Us: { lowUs: 250, highUs: 350 },
      p99Us: { lowUs: 100, highUs: 900 },
    },
    base: 'none',
    pairs: 5,
    ...over,
  },
});

const stale = (lastAllowedUs: number | null, calls = 40): Partial<AuthCounts> => ({
  events: [
    eventOf({
      atUs: 100_000,
      confirmedUs: 0,
      calls,
      instances: [
        { name: '1', allowed: lastAllowedUs === null ? 0 : 9, lastAllowedUs, denied: 31, firstDeniedUs: 0 },
      ],
    }),
  ],
});

const NO_TIMES = expect.stringMatching(/no answer says how long its check took/);
const leaky = { cells: [cellOf({ expected: 'forbidden', allowed: 3, forbidden: 5 })] };
const timed = { check: seriesOf([...equal(197, 150), 900, 900, 3000]) };

describe('a threshold on authorization', () => {
  it.each<[string, VariantResult, Check['status'], string]>([
    ['auth p(99) < 2ms', variantWith(timed), 'pass', '900 us'],
    ['auth p(50) < 150us', variantWith(timed), 'fail', '150 us'],
    ['auth mean < 1ms', variantWith(timed), 'pass', '172 us'],
    ['auth max < 1ms', variantWith(timed), 'fail', '3 ms'],
    ['auth_p50 <= 150us', variantWith(timed), 'pass', '150 us'],
    ['auth added p(50) < 300us', variantWith({}, added()), 'pass', '250 us'],
    ['auth added p(50) < 200us', variantWith({}, added()), 'fail', '250 us'],
    ['auth_added_p90 < 400us', variantWith({}, added()), 'pass', '300 us'],
    ['stale_window < 2s', variantWith(stale(150_000)), 'pass', '150 ms'],
    ['stale_window < 100ms', variantWith(stale(150_000)), 'fail', '150 ms'],
    ['stale_window < 1ms', variantWith(stale(null)), 'pass', '0 us'],
    // Still open at the end, but longer than allowed already.
    ['stale_window < 100ms', variantWith(stale(890_000)), 'fail', '890 ms'],
    ['wrong_allows == 0', variantWith(leaky), 'fail', '3 calls wrongly allowed'],
    ['wrong_denies == 0', variantWith(leaky), 'pass', '0 calls wrongly refused'],
    ['audit_missing == 0', variantWith({}, {}, { audit: AUDIT }), 'fail', 'calls without an audit record: 1'],
    [
      'audit_duplicate == 0',
      variantWith({}, {}, { audit: AUDIT }),
      'pass',
      '0 calls with several audit records',
    ],
    ['fleet_cpu_per_call < 100us', variantWith({}, {}, { fleetCpu: { us: 10_000 } }), 'pass', '50 us'],
  ])('%s', (threshold, variant, status, measured) => {
    expect(one(variant, threshold)).toMatchObject({ status, measured });
  });

  it.each<[string, VariantResult, RegExp]>([
    ['auth p(99) < 2ms', variantOf('v', [calls]), /no answer says how long its check took/],
    ['auth p(99) < 2ms', variantWith({ check: seriesOf(equal(99, 1)) }), /99 calls are too few/],
    ['auth added p(50) < 300us', variantOf('v', [calls]), /no variant without the check/],
    ['auth added p(50) < 260us', variantWith({}, added()), /within its 95 % interval/],
    ['auth added p(50) < 240us', variantWith({}, added()), /within its 95 % interval/],
    ['auth added p(99) < 800us', variantWith({}, added()), /within its 95 % interval/],
    ['auth added p(50) < 1s', variantWith({}, added({ intervals: null })), /fewer than 3 pairs/],
    ['stale_window < 2s', variantWith(stale(890_000)), /still allowed when the measured time ended/],
    ['stale_window < 2s', variantWith({}), /no event took a right away/],
    ['wrong_allows == 0', variantWith({}), /no call was decided/],
    ['audit_missing == 0', variantWith({}), /no audit log was compared/],
    ['fleet_cpu_per_call < 1ms', variantWith({}), /was not read/],
  ])('%s is open when %s cannot say: %s', (threshold, variant, why) => {
    expect(one(variant, threshold)).toMatchObject({
      status: 'inconclusive',
      why: expect.stringMatching(why),
    });
  });

  it('fails without check times where the load has credentials, and is open where it has none', () => {
    expect(one(variantWith({}), 'auth p(99) < 2ms')).toMatchObject({ status: 'fail', why: NO_TIMES });
    expect(one(variantOf('v', [calls]), 'auth p(99) < 2ms')).toMatchObject({
      status: 'inconclusive',
      why: NO_TIMES,
    });
  });

  it('fails for a wrong decision however late the generator was, and does not pass without one', () => {
    const late = (counts: Partial<AuthCounts>): VariantResult => ({
      ...variantWith(counts),
      repetitions: variantOf('v', [calls], { generator: BOUND }).repetitions,
    });
    expect(one(late(leaky), 'wrong_allows == 0').status).toBe('fail');
    expect(one(late(leaky), 'wrong_allows < 2').status).toBe('fail');
    expect(one(late(leaky), 'wrong_allows == 5').status).toBe('inconclusive');
    expect(one(late({ cells: [cellOf({ allowed: 5 })] }), 'wrong_allows == 0').status).toBe('inconclusive');
  });
});
