/** @module The language of thresholds. The metrics are passed in, as the results define them. */
import { type Problem, UserError } from '../../units/user-error.ts';
import { nearest } from '../../units/words.ts';
import { type MetricUnit, readBound } from './bound.ts';
import type { RuleProblem } from './values.ts';

/** A metric that a threshold can bound. */
export interface BoundedMetric {
  /** Its name in thresholds: `error_rate`. */
  readonly name: string;
  readonly unit: MetricUnit;
  /** Whether it is a distribution: a threshold then bounds a statistic of it, `service_time p(99)`. */
  readonly isDistribution: boolean;
  /** The only percentiles of a distribution that are known; absent: all of them, its mean and its maximum. */
  readonly percentiles?: readonly number[];
  /** Whether its name may be omitted before a statistic: `p(99)`. */
  readonly isDefault: boolean;
  /** Whether it is measured for each kind of call: `error_rate{tools/list}`. */
  readonly byCall: boolean;
}

export type Comparator = '<' | '<=' | '>' | '>=' | '==';

/** A statistic of a distribution: its mean, its maximum, or a percentile (from 1 to 100). */
export type Statistic = 'mean' | 'max' | { readonly percentile: number };

/** The value that a threshold bounds. */
interface Subject {
  /** Name of the metric. */
  readonly metric: string;
  /** Present when the metric is a distribution. */
  readonly statistic?: Statistic;
  /** Only calls of this name. */
  readonly call?: string;
}

export interface Threshold extends Subject {
  /** The text as written by the user, without surrounding white space. */
  readonly text: string;
  readonly comparator: Comparator;
  /** The bound in the metric's unit: microseconds, a share, per second, a count. */
  readonly bound: number;
  /** Only this variant; absent: every variant. */
  readonly variant?: string;
}

const EXPECTED = 'a threshold such as "p(99) < 50ms", "error_rate < 0.1%", "rate > 380/s" or "dropped == 0"';

const COMPARISON = /^(.*?)\s*(<=|>=|==|<|>)\s*(\S.*?)(?:\s+for\s+(.+))?$/;
const SUBJECT = /^(?:([a-z0-9_]+(?:\s+[a-z0-9_]+)?)\s+)?(p\(\s*([^)]*?)\s*\)|[a-z0-9_]+)\s*(?:\{(.*)\})?$/;

/**
 * The threshold on one of `metrics` that is written in `text`, or the problem with it. `where` is the place that the problem names.
 *
 * ```
 * threshold  ::= subject comparator bound [ "for" variant ]
 * subject    ::= [ distribution ] statistic [ filter ] | metric [ filter ]
 * distribution ::= one or two words                 e.g. auth, auth added
 * statistic  ::= "p(" percentile ")" | "mean" | "max"
 * percentile ::= a number from 1 to 100
 * filter     ::= "{" call name "}"                  e.g. {tools/call echo}
 * comparator ::= "<" | "<=" | ">" | ">=" | "=="
 * bound      ::= by the metric's unit: duration (50ms), share (0.1% or 0.001), rate (380/s), number, whole number
 * variant    ::= name | '"' name '"'                without it: every variant
 * ```
 */
export function parseThreshold(
  text: string,
  metrics: readonly BoundedMetric[],
  where = 'thresholds',
): Threshold | Problem {
  const match = COMPARISON.exec(text.trim());
  if (!match) return { where, what: `"${text}" is not a threshold`, expected: EXPECTED };
  const [, left = '', comparator = '<', right = '', variant] = match;
  const read = readSubject(left, metrics);
  if ('what' in read) return { where, ...read, what: `${read.what} in "${text}"` };
  const bound = readBound(read.unit, right);
  if (typeof bound !== 'number') return { where, ...bound, what: `${bound.what} in "${text}"` };
  return {
    text: text.trim(),
    ...read.subject,
    comparator: comparator as Comparator,
    bound,
    ...(variant !== undefined && { variant: variant.replace(/^(["'])(.*)\1$/, '$2') }),
  };
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

/** The names that thresholds of a profile may use. */
export interface KnownNames {
  readonly variants: readonly string[];
  readonly calls: readonly string[];
  readonly metrics: readonly BoundedMetric[];
}

/** The problems of a threshold in a profile with these names. */
export function thresholdFaults(text: string, known: KnownNames): readonly RuleProblem[] {
  const parsed = parseThreshold(text, known.metrics);
  if ('where' in parsed) {
    const { where: _, ...problem } = parsed;
    return [problem];
  }
  const missing = (
    kind: string,
    name: string | undefined,
    names: readonly string[],
  ): readonly RuleProblem[] => {
    // No names at all: other problems of the profile are reported instead.
    if (name === undefined || names.length === 0 || names.includes(name)) return [];
    const expected = `one of ${[...new Set(names)].map((each) => `"${each}"`).join(', ')}`;
    return [{ what: `unknown ${kind} "${name}" in "${text}"`, expected, ...meant(name, names) }];
  };
  return [
    ...missing('call', parsed.call, known.calls),
    ...missing('variant', parsed.variant, known.variants),
  ];
}

/** A hint with the known name that is closest to a mistyped one. */
function meant(name: string, names: readonly string[]): Pick<Problem, 'todo'> {
  const near = nearest(name, names);
  return near === undefined ? {} : { todo: `did you mean "${near}"?` };
}

type Read = { readonly subject: Subject; readonly unit: MetricUnit };

function readSubject(text: string, metrics: readonly BoundedMetric[]): Read | RuleProblem {
  const match = SUBJECT.exec(text.trim());
  if (!match) return unknownMetric(text, metrics);
  const [, words, word = '', percentile, call] = match;
  const distribution = words?.replace(/\s+/g, ' ');
  const statistic = statisticOf(word, percentile);
  if (typeof statistic === 'object' && 'what' in statistic) return statistic;
  const metric = metrics.find(({ name, isDistribution, isDefault }) => {
    if (statistic === undefined) return !isDistribution && distribution === undefined && name === word;
    return distribution === undefined ? isDefault : isDistribution && name === distribution;
  });
  if (metric === undefined)
    return unknownMetric(distribution === undefined ? word : `${distribution} ${word}`, metrics);
  if (!hasStatistic(metric, statistic)) return unknownStatistic(text, metric);
  const subject = { metric: metric.name, ...(statistic !== undefined && { statistic }) };
  if (call === undefined) return { subject, unit: metric.unit };
  if (metric.byCall && call.trim() !== '')
    return { subject: { ...subject, call: call.trim() }, unit: metric.unit };
  const filtered = metrics.flatMap(({ name, byCall }) => (byCall ? `"${name}"` : []));
  return {
    what: `"{${call}}" is not valid here`,
    expected: `the name of a call, after ${filtered.join(' or ')}`,
  };
}

function hasStatistic({ percentiles }: BoundedMetric, statistic: Statistic | undefined): boolean {
  if (percentiles === undefined || statistic === undefined) return true;
  return typeof statistic === 'object' && percentiles.includes(statistic.percentile);
}

function unknownStatistic(text: string, { name, percentiles = [] }: BoundedMetric): RuleProblem {
  return {
    what: `"${text.trim()}" is not known`,
    expected: percentiles.map((percentile) => `"${name} p(${percentile})"`).join(' or '),
  };
}

/** The statistic named by a word; undefined when the word names none. */
function statisticOf(word: string, percentile: string | undefined): Statistic | RuleProblem | undefined {
  if (percentile === undefined) return word === 'mean' || word === 'max' ? word : undefined;
  const value = /^\d+(\.\d+)?$/.test(percentile) ? Number(percentile) : Number.NaN;
  if (value >= 1 && value <= 100) return { percentile: value };
  // Others write percentiles as shares.
  const hint = value > 0 && value < 1 ? { todo: `did you mean "p(${plainNumber(100 * value)})"?` } : {};
  return {
    what: `"p(${percentile})" is not a percentile`,
    expected: 'a number from 1 to 100, such as p(99.9)',
    ...hint,
  };
}

/** Without the rounding errors of the arithmetic: `99.9`. */
const plainNumber = (value: number): number => Number(value.toPrecision(12));

/** The problem of an unknown metric, with a hint at what was probably meant: `p(99)` for `p99`. */
function unknownMetric(text: string, metrics: readonly BoundedMetric[]): RuleProblem {
  const named = metrics.flatMap(({ name, isDistribution }) => (isDistribution ? [] : name));
  const implied = metrics.find(({ isDefault }) => isDefault);
  const others = metrics.flatMap((one) => (one.isDistribution && one !== implied ? `"${one.name}"` : []));
  const [, number] = /^p\s*(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const hint =
    number === undefined ? meant(text, ['mean', 'max', ...named]) : { todo: `did you mean "p(${number})"?` };
  return {
    what: `unknown metric "${text}"`,
    expected: `"p(99)", "mean" or "max" (after ${others.join(' or ')} if not of "${implied?.name}"), or one of ${named.join(', ')}`,
    ...hint,
  };
}
