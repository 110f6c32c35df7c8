import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../protocol/outcome.ts';
import { recordingOf, variantOf } from '../summary/result.case.ts';
import { summarise } from '../summary/summarise.ts';
import { check } from '../verdict/judge.ts';
import { cellOf, withAuth } from './auth.case.ts';
import { failureRateOf } from './failure-rate.ts';

/** 700 allowed calls and 300 with `outcome`, which were expected to be forbidden. */
const refusing = (outcome: Outcome, forbidden: number) =>
  withAuth(
    recordingOf([
      { count: 700, responseUs: 1000 },
      { count: 300, responseUs: 400, outcome },
    ]),
    {
      cells: [
        cellOf({ allowed: 700 }),
        cellOf({ identity: 'guests', expected: 'forbidden', forbidden, unauthorized: 300 - forbidden }),
      ],
    },
  );

describe('the failure rate', () => {
  it('counts refusals that are right as no failures, of all calls and of one kind', () => {
    const summary = summarise(refusing('forbidden', 300));
    expect(summary.calls.errorRate).toBeCloseTo(0.3, 9);
    expect(failureRateOf(summary)).toBe(0);
    expect(failureRateOf(summary, 'tools/call echo')).toBe(0);
    expect(failureRateOf(summary, 'tools/list')).toBe(0);
  });

  it('counts refusals while rights changed as no failures either, and wrong ones as failures all the same', () => {
    const during = (unjudged: number) =>
      withAuth(
        recordingOf([
          { count: 60, responseUs: 1000 },
          { count: 40, responseUs: 400, outcome: 'unauthorized' },
        ]),
        { cells: [cellOf({ allowed: 60, unauthorized: 40 - unjudged })], unjudged },
      );
    expect(failureRateOf(summarise(during(40)))).toBe(0);
    expect(failureRateOf(summarise(during(30)))).toBeCloseTo(0.1, 9);
  });

  it('counts refusals that are wrong, or that nobody judged', () => {
    expect(failureRateOf(summarise(refusing('forbidden', 200)))).toBeCloseTo(0.1, 9);
    const unjudged = recordingOf([{ count: 9, responseUs: 1, outcome: 'forbidden' }]);
    expect(failureRateOf(summarise(unjudged))).toBe(1);
    expect(failureRateOf(summarise(recordingOf([])))).toBe(0);
  });

  it('counts calls that ended otherwise than refused as failures, however many refusals the matrix has', () => {
    const lost = withAuth(
      recordingOf([
        { count: 51, responseUs: 1000 },
        { count: 49, responseUs: 400, outcome: 'session-lost' },
      ]),
      { cells: [cellOf({ allowed: 51 }), cellOf({ expected: 'unauthorized', unauthorized: 900 })] },
    );
    expect(failureRateOf(summarise(lost))).toBeCloseTo(0.49, 9);
  });

  it('counts refused misuse that the workload plants as no failure, and other ends of it as failures', () => {
    const ends = (outcome: Outcome) =>
      summarise(
        recordingOf([
          { count: 60, responseUs: 1000, servedBy: 'a' },
          { count: 30, responseUs: 400, servedBy: 'a', outcome, stolen: true, detail: 'no such basket' },
          { count: 10, responseUs: 400, servedBy: 'a', outcome, detail: 'full' },
        ]),
      );
    const refused = ends('tool-error');
    expect(refused.calls).toMatchObject({
      ok: 60,
      errors: 10,
      failed: 10,
      errorRate: 0.1,
      outcomes: { 'tool-error': 40 },
      misuseRefused: { 'tool-error': 30 },
      details: [{ detail: 'full', count: 10 }],
    });
    expect(refused.byCall['tools/call echo']).toMatchObject({ misuseRefused: 30, errorRate: 0.1 });
    expect(refused.byInstance['a']).toMatchObject({ calls: 100, ok: 60, misuseRefused: 30 });
    expect(refused.windows[0]).toMatchObject({ ok: 60, errors: 10 });
    expect([failureRateOf(refused), failureRateOf(refused, 'tools/call echo')]).toEqual([0.1, 0.1]);
    // Misuse that was let through is no goodput either: of the other calls, ten more are ok.
    expect([refused, ends('ok')].map(({ rate }) => rate.goodputPerSecond)).toEqual([60, 70]);
    const broken = ends('http-error');
    expect(broken.calls).toMatchObject({ errors: 40 });
    expect(broken.calls).not.toHaveProperty('misuseRefused');
  });

  it('lets times be judged and compared where all refusals are right', () => {
    const right = variantOf('right', [refusing('forbidden', 300)]);
    const wrong = variantOf('wrong', [refusing('forbidden', 200)]);
    expect(right.caveats).toEqual([]);
    expect(wrong.caveats).toMatchObject([{ kind: 'failed-calls' }]);
    const found = check([right, wrong], ['p(99) < 5ms', 'p(99){tools/call echo} < 5ms']);
    expect(found.map(({ status }) => status)).toEqual(['pass', 'inconclusive', 'pass', 'inconclusive']);
  });
});
