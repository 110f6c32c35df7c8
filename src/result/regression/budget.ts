/** @module Budgets: by how much each metric may get worse before a change is a regression. */
import { type Problem, UserError } from '../../units/user-error.ts';
import { nearest } from '../../units/words.ts';
import { SHARE_MARGIN } from '../comparison/counts.ts';
import { metricsOf, type QuantityMetric } from '../measure/metrics.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import type { Metric } from '../measure/quantity.ts';
import { isShare } from './pair-values.ts';

/** A budget: its metrics decide the verdict, all of them as one family of claims. */
export interface Budget {
  /** `default`, `strict`, or the file. */
  readonly name: string;
  /** By the path of a metric, how much worse it may get: a share of the base, of a share a difference (0.005 is half a point). */
  readonly allowed: ReadonlyMap<string, number>;
}

const of = (name: string, allowed: Readonly<Record<string, number>>): Budget => ({
  name,
  allowed: new Map(Object.entries(allowed)),
});

/** The budgets that have a name; `strict` allows half of what `default` does. */
export const BUDGETS: Readonly<Record<'default' | 'strict', Budget>> = {
  default: of('default', {
    'rate.goodputPerSecond': 0.1,
    'responseTime.p95Us': 0.15,
    'responseTime.p99Us': 0.2,
    'calls.errorRate': 0.005,
  }),
  strict: of('strict', {
    'rate.goodputPerSecond': 0.05,
    'responseTime.p95Us': 0.075,
    'responseTime.p99Us': 0.1,
    'calls.errorRate': 0.0025,
  }),
};

/**
 * The margin of the test for a metric that may get worse by `allowed`. Ratios are tested on both sides of 1 alike, so a rate that may fall by
 * 10 % has the margin 1 / 0.9 - 1.
 */
export function marginFor({ unit, better }: Pick<Metric, 'unit' | 'better'>, allowed: number): number {
  return better === 'higher' && !isShare(unit) ? 1 / (1 - allowed) - 1 : allowed;
}

/** The margin of a metric: by the budget if it is in one, else half a point of a share, and `minEffect` of anything else. */
export function marginOf({ metric, path }: QuantityMetric, minEffect: number, budget?: Budget): number {
  const allowed = budget?.allowed.get(path);
  if (allowed !== undefined) return marginFor(metric, allowed);
  return isShare(metric.unit) ? SHARE_MARGIN : minEffect;
}

/**
 * The budget that a file sets: names of metrics (docs/metrics.md) to what each is allowed, `response_time_p95: 15%`, or of a share
 * `error_rate: 0.5 points`. Throws a `UserError` with all problems; `file` says where they are.
 */
export function budgetOf(content: unknown, file: string, quantities: Quantities = QUANTITIES): Budget {
  if (
    typeof content !== 'object' ||
    content === null ||
    Array.isArray(content) ||
    Object.keys(content).length === 0
  ) {
    throw new UserError({
      where: file,
      what: 'sets no budget',
      expected: 'lines such as response_time_p95: 15%',
    });
  }
  const read = Object.entries(content).map(([name, text]) => entryOf(name, text, file, quantities));
  const problems = read.filter((one): one is Problem => 'where' in one);
  if (problems.length > 0) throw new UserError(problems);
  const entries = read.filter((one): one is Entry => 'path' in one);
  return { name: file, allowed: new Map(entries.map(({ path, allowed }) => [path, allowed])) };
}

interface Entry {
  readonly path: string;
  readonly allowed: number;
}

function entryOf(name: string, text: unknown, file: string, quantities: Quantities): Entry | Problem {
  const where = `${file}: ${name}`;
  const known = metricsOf(quantities).filter(({ metric }) => metric.better !== 'neither');
  const one = known.find(({ metric, path }) => metric.name === name || path === name);
  if (one === undefined) {
    const meant = nearest(
      name,
      known.map(({ metric }) => metric.name),
    );
    return {
      where,
      what: 'is no metric that can get worse',
      expected: 'a name such as response_time_p95 or error_rate',
      ...(meant && { todo: `did you mean ${meant}?` }),
    };
  }
  return (
    allowedIn(one, String(text)) ?? {
      where,
      what: `"${String(text)}" is no allowance`,
      expected: expectedFor(one),
    }
  );
}

const expectedFor = ({ metric }: QuantityMetric): string =>
  isShare(metric.unit)
    ? 'percentage points such as 0.5 points'
    : 'a share of the base such as 15%, below 100%';

function allowedIn({ metric, path }: QuantityMetric, text: string): Entry | undefined {
  const unit = isShare(metric.unit) ? 'points?' : '%';
  const [, number] = new RegExp(`^\\+?(\\d+(?:\\.\\d+)?) ?${unit}$`).exec(text.trim()) ?? [];
  const allowed = Number(number) / 100;
  return allowed > 0 && allowed < 1 ? { path, allowed } : undefined;
}
