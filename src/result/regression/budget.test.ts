import { describe, expect, it } from 'vitest';
import { UserError } from '../../units/user-error.ts';
import { BUDGETS, type Budget, budgetOf, marginFor } from './budget.ts';
import { compareResults } from './compare-results.ts';
import type { ComparisonDocument } from './document.ts';
import { measuredOf, sideVariant, timed } from './measured.case.ts';
import type { SideVariant } from './sides.ts';

const compare = (base: SideVariant, candidate: SideVariant, budget: Budget): ComparisonDocument =>
  compareResults(measuredOf([base]), measuredOf([candidate]), {
    minEffect: 0.05,
    budget,
    acceptsUnlike: false,
    createdAt: new Date(0),
  });

const BASE = [10_000, 10_100, 9_900, 10_050, 9_950];
const times = (factor: number): number[] =>
  BASE.map((us, at) => Math.round(us * factor * [1.004, 0.997, 1, 1.003, 0.996][at]!));

/** Five repetitions of 2000 calls, of which so many failed. */
const failing = (failed: number): SideVariant =>
  sideVariant(
    BASE.map((responseUs) => [
      { count: 2000 - failed, responseUs },
      ...(failed > 0 ? [{ count: failed, responseUs, outcome: 'tool-error' as const }] : []),
    ]),
  );

describe('a comparison with a budget', () => {
  it.each([
    { factor: 1.3, strict: 'regressed', normal: 'regressed' },
    // Beyond the 7.5 % of p95 in the strict budget, and within the 15 % of the default one.
    { factor: 1.12, strict: 'regressed', normal: 'same' },
    { factor: 1.03, strict: 'same', normal: 'same' },
    { factor: 0.7, strict: 'improved', normal: 'improved' },
  ])('of times $factor as long is $strict by strict, $normal by default', ({ factor, strict, normal }) => {
    const status = (budget: Budget) => compare(timed(BASE), timed(times(factor)), budget).verdict.status;
    expect([status(BUDGETS.strict), status(BUDGETS.default)]).toEqual([strict, normal]);
  });

  it('tests each metric of it with its own margin, as one family, and no other as headline', () => {
    const document = compare(timed(BASE), timed(times(1.03)), BUDGETS.default);
    expect(document.budget).toBe('default');
    const headlines = document.changes.filter(({ isHeadline }) => isHeadline);
    expect(Object.fromEntries(headlines.map(({ metric, margin }) => [metric, margin]))).toEqual({
      'rate.goodputPerSecond': 1 / 0.9 - 1,
      'responseTime.p95Us': 0.15,
      'responseTime.p99Us': 0.2,
      'calls.errorRate': 0.005,
    });
    expect(document.changes.find(({ metric }) => metric === 'responseTime.p50Us')).toMatchObject({
      isHeadline: false,
      margin: 0.05,
    });
  });

  it('finds more failed calls than it allows', () => {
    const status = (failed: number, budget: Budget) =>
      compare(failing(0), failing(failed), budget).changes.find(({ metric }) => metric === 'calls.errorRate')!
        .verdict;
    expect(status(30, BUDGETS.default)).toBe('regressed');
    expect(status(1, BUDGETS.default)).toBe('same');
    expect(status(1, BUDGETS.strict)).toBe('same');
  });

  it('is undecided when one of its metrics is', () => {
    const noisy = [10_000, 12_500, 9_000, 11_500, 10_800];
    expect(compare(timed(BASE), timed(noisy), BUDGETS.strict).verdict.status).toBe('undecided');
  });
});

describe('the margin', () => {
  it('of a rate that may fall is that of the inverse', () => {
    expect(1 / (1 + marginFor({ unit: 'rate', better: 'higher' }, 0.1))).toBeCloseTo(0.9);
    expect(marginFor({ unit: 'time', better: 'lower' }, 0.15)).toBe(0.15);
    expect(marginFor({ unit: 'share', better: 'higher' }, 0.005)).toBe(0.005);
  });
});

describe('a budget in a file', () => {
  it('names metrics as thresholds do', () => {
    const budget = budgetOf(
      { goodput: '10%', response_time_p95: '+7.5 %', error_rate: '0.5 points' },
      'budget.yaml',
    );
    expect(budget.name).toBe('budget.yaml');
    expect([...budget.allowed]).toEqual([
      ['rate.goodputPerSecond', 0.1],
      ['responseTime.p95Us', 0.075],
      ['calls.errorRate', 0.005],
    ]);
  });

  it('reports every problem', () => {
    const problems = (content: unknown) => {
      try {
        budgetOf(content, 'b.yaml');
      } catch (error) {
        return (error as UserError).message.split('\n');
      }
      return [];
    };
    expect(problems({ response_time_p59: '5%', error_rate: '5%', goodput: '100%', calls_due: '5%' })).toEqual(
      [
        'b.yaml: response_time_p59: is no metric that can get worse; expected a name such as response_time_p95 or error_rate (did you mean response_time_p50?)',
        'b.yaml: error_rate: "5%" is no allowance; expected percentage points such as 0.5 points',
        'b.yaml: goodput: "100%" is no allowance; expected a share of the base such as 15%, below 100%',
        expect.stringContaining('b.yaml: calls_due: is no metric that can get worse'),
      ],
    );
    expect(() => budgetOf(null, 'b.yaml')).toThrow(UserError);
    expect(() => budgetOf({}, 'b.yaml')).toThrow('sets no budget');
  });
});
