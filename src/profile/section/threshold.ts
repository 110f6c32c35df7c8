/** @module The language of thresholds. */
import { type Problem, UserError } from '../../units/user-error.ts';
import { readBound } from './bound.ts';
import type { BoundedMetric, Statistic } from './bounded-metric.ts';
import { type Clauses, readClauses } from './threshold-clauses.ts';
import { type Filter, type FilterNames, filterOf, readFilter, unmeasured } from './threshold-filter.ts';
import { readSubject } from './threshold-subject.ts';
import { type Comparator, type Piece, type Pieces, piecesOf } from './threshold-text.ts';
import type { RuleProblem } from './values.ts';

export interface Threshold extends Filter, Clauses {
  /** The text as written by the user, without surrounding white space. */
  readonly text: string;
  /** Name of the metric. */
  readonly metric: string;
  /** Present when the metric is a distribution. */
  readonly statistic?: Statistic;
  readonly comparator: Comparator;
  /** The bound in the metric's unit: microseconds, a share, per second, a count. */
  readonly bound: number;
  /** Only this variant; absent: every variant. */
  readonly variant?: string;
}

/** Where the names of a threshold stand in its text. */
export interface Places extends FilterNames {
  readonly variant?: Piece;
  readonly every?: Piece;
}

/**
 * The threshold on one of `metrics` that is written in `text`, or the problem with it. `where` is the place that the problem names; its
 * `offset` is that of the word in `text`.
 *
 * ```
 * threshold  ::= subject comparator bound [ "every" duration | "with" confidence ] [ "for" variant ]
 * subject    ::= [ distribution ] statistic [ filter ] | metric [ filter ]
 * distribution ::= one or two words                 e.g. auth, auth added
 * statistic  ::= "p(" percentile ")" | "mean" | "max"
 * percentile ::= a number from 1 to 100
 * filter     ::= "{" call name "}" | "{" kind ":" name { "," kind ":" name } "}"
 * kind       ::= "call" | "tool" | "instance" | "identity" | "flow"
 * comparator ::= "<" | "<=" | ">" | ">=" | "=="
 * bound      ::= by the metric's unit: duration (50ms), share (0.1% or 0.001), rate (380/s), number, whole number
 * duration   ::= whole seconds                      each window of this length must keep the bound
 * confidence ::= percentage from 50% to 99.99%      the interval of the mean over repetitions must keep the bound
 * variant    ::= name | '"' name '"'                without it: every variant
 * ```
 */
export function parseThreshold(
  text: string,
  metrics: readonly BoundedMetric[],
  where = 'thresholds',
): Threshold | Problem {
  const read = readThreshold(text, metrics);
  return 'what' in read ? { where, ...read } : read.threshold;
}

/** The threshold in `text` and where its names stand, or the problem with it. */
export function readThreshold(
  text: string,
  metrics: readonly BoundedMetric[],
): { readonly threshold: Threshold; readonly places: Places } | RuleProblem {
  const pieces = piecesOf(text);
  if ('what' in pieces) return pieces;
  const within = ({ what, ...problem }: RuleProblem): RuleProblem => ({
    what: `${what} in "${text}"`,
    ...problem,
  });
  const subject = readSubject(pieces.subject, metrics);
  if ('what' in subject) return within(subject);
  const { metric, statistic } = subject;
  const names = pieces.filter === undefined ? {} : readFilter(pieces.filter);
  const misplaced = 'what' in names ? names : unmeasured(names, metric, metrics);
  if ('what' in names || misplaced !== undefined) return within(misplaced!);
  const { comparator } = pieces;
  const bound = readBound(metric.unit, pieces.bound.text, comparator);
  if (typeof bound !== 'number') {
    const surplus = surplusAfter(pieces, metric.unit);
    return within({ ...bound, offset: surplus ?? pieces.bound.offset });
  }
  const clauses = readClauses(pieces, metric, statistic, metrics);
  if ('what' in clauses) return within(clauses);
  const variant = pieces.for?.text.replace(/^(["'])(.*)\1$/, '$2');
  const threshold = {
    text: text.trim(),
    metric: metric.name,
    ...(statistic !== undefined && { statistic }),
    ...filterOf(names),
    comparator,
    bound,
    ...clauses,
    ...(variant !== undefined && { variant }),
  };
  return { threshold, places: placesOf(names, pieces) };
}

const placesOf = (names: FilterNames, { for: variant, every }: Pieces): Places => ({
  ...names,
  ...(variant && { variant }),
  ...(every && { every }),
});

/** Where the words begin that stand after a valid bound; undefined where the bound itself is none. */
function surplusAfter({ bound, comparator }: Pieces, unit: BoundedMetric['unit']): number | undefined {
  const [, first = '', blank = ''] = /^(\S+)(\s+)\S/.exec(bound.text) ?? [];
  const isBound = typeof readBound(unit, first, comparator) === 'number';
  return isBound ? bound.offset + first.length + blank.length : undefined;
}

/** Every threshold of a profile. Throws a `UserError` with all problems. */
export function parseThresholds(
  texts: readonly string[],
  metrics: readonly BoundedMetric[],
): readonly Threshold[] {
  const parsed = texts.map((text, index) => parseThreshold(text, metrics, `thresholds[${index}]`));
  const problems = parsed.flatMap((one) => ('where' in one ? one : []));
  if (problems.length > 0) throw new UserError(problems);
  return parsed.flatMap((one) => ('where' in one ? [] : one));
}
