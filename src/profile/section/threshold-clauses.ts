/** @module What stands after the bound of a threshold: `every 10s` and `with 95%`. */
import { type Micros, parseDuration, SECOND } from '../../units/time.ts';
import { alternatives } from '../../units/words.ts';
import type { BoundedMetric, Statistic } from './bounded-metric.ts';
import type { Piece, Pieces } from './threshold-text.ts';
import type { RuleProblem } from './values.ts';

/** How often, or how surely, the bound must be kept. */
export interface Clauses {
  /** Each window of this length must keep it, in whole seconds; absent: the measured time as a whole. */
  readonly everyUs?: Micros;
  /** The interval of the mean over repetitions at this level (0..1) must keep it; absent: all repetitions together. */
  readonly confidence?: number;
}

/** The clauses of a threshold on `metric`, or the problem with one of them. */
export function readClauses(
  { every, with: level, filter }: Pieces,
  metric: BoundedMetric,
  statistic: Statistic | undefined,
  metrics: readonly BoundedMetric[],
): Clauses | RuleProblem {
  if (every !== undefined && level !== undefined)
    return { what: '"every" and "with" cannot be combined', expected: 'one of them', offset: level.offset };
  if (every !== undefined) {
    if (filter !== undefined)
      return {
        what: '"every" cannot be combined with braces',
        expected: 'one of the two: windows hold all calls',
        offset: filter.offset,
      };
    return readEvery(every) ?? unknownOverWindows(every, metric, statistic, metrics) ?? everyOf(every);
  }
  if (level === undefined) return {};
  const confidence = readConfidence(level.text);
  if (confidence !== undefined) return { confidence };
  return {
    what: `"${level.text}" is not a confidence`,
    expected: 'a percentage from 50% to 99.99%, such as 95%',
    offset: level.offset,
  };
}

const everyOf = ({ text }: Piece): Clauses => ({ everyUs: parseDuration(text)! });

/** The problem with a length of windows. */
function readEvery({ text, offset }: Piece): RuleProblem | undefined {
  const us = parseDuration(text);
  if (us !== undefined && us >= SECOND && us % SECOND === 0) return undefined;
  return { what: `"${text}" is not a length of windows`, expected: 'whole seconds, such as 10s', offset };
}

function unknownOverWindows(
  { offset }: Piece,
  { name, overWindows }: BoundedMetric,
  statistic: Statistic | undefined,
  metrics: readonly BoundedMetric[],
): RuleProblem | undefined {
  const known = alternatives(metrics.flatMap((one) => (one.overWindows === true ? `"${one.name}"` : [])));
  if (overWindows !== true)
    return {
      what: `"${name}" is not known for parts of the run`,
      expected: `"every" after ${known}`,
      offset,
    };
  if (statistic !== 'mean') return undefined;
  return { what: 'windows keep no means', expected: 'a percentile or "max" before "every"', offset };
}

function readConfidence(text: string): number | undefined {
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]);
  return percent >= 50 && percent <= 99.99 ? Number((percent / 100).toPrecision(6)) : undefined;
}
