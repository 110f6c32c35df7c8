/** @module The subject of a threshold: a metric, or a statistic of a distribution. */
import { alternatives, nearest, nearestFew } from '../../units/words.ts';
import type { BoundedMetric, Statistic } from './bounded-metric.ts';
import type { Piece } from './threshold-text.ts';
import type { RuleProblem } from './values.ts';

interface Subject {
  readonly metric: BoundedMetric;
  /** Present when the metric is a distribution. */
  readonly statistic?: Statistic;
}

const SUBJECT = /^(?:([a-z0-9_]+(?:\s+[a-z0-9_]+)?)\s+)?(p\(\s*([^)]*?)\s*\)|[a-z0-9_]+)$/;

/** The metric that `subject` names, and its statistic, or the problem with the name. */
export function readSubject(subject: Piece, metrics: readonly BoundedMetric[]): Subject | RuleProblem {
  const { text, offset } = subject;
  const match = SUBJECT.exec(text);
  if (!match) return unknownMetric(subject, metrics);
  const [, words, word = '', percentile] = match;
  const distribution = words?.replace(/\s+/g, ' ');
  const at = offset + text.length - word.length;
  const statistic = statisticOf({ text: word, offset: at }, percentile);
  if (typeof statistic === 'object' && 'what' in statistic) return statistic;
  const metric = metrics.find(({ name, isDistribution, isDefault }) => {
    if (statistic === undefined) return !isDistribution && distribution === undefined && name === word;
    return distribution === undefined ? isDefault : isDistribution && name === distribution;
  });
  if (metric === undefined) {
    const whole = distribution === undefined ? word : `${distribution} ${word}`;
    return unknownMetric({ text: whole, offset }, metrics);
  }
  if (!hasStatistic(metric, statistic)) return unknownStatistic({ text, offset: at }, metric);
  return { metric, ...(statistic !== undefined && { statistic }) };
}

function hasStatistic({ percentiles }: BoundedMetric, statistic: Statistic | undefined): boolean {
  if (percentiles === undefined || statistic === undefined) return true;
  return typeof statistic === 'object' && percentiles.includes(statistic.percentile);
}

function unknownStatistic({ text, offset }: Piece, { name, percentiles = [] }: BoundedMetric): RuleProblem {
  return {
    what: `"${text}" is not known`,
    expected: alternatives(percentiles.map((percentile) => `"${name} p(${percentile})"`)),
    offset,
  };
}

/** The statistic named by a word; undefined when the word names none. */
function statisticOf(
  { text, offset }: Piece,
  percentile: string | undefined,
): Statistic | RuleProblem | undefined {
  if (percentile === undefined) return text === 'mean' || text === 'max' ? text : undefined;
  const value = /^\d+(\.\d+)?$/.test(percentile) ? Number(percentile) : Number.NaN;
  if (value >= 1 && value <= 100) return { percentile: value };
  // Others write percentiles as shares.
  const hint = value > 0 && value < 1 ? { todo: `did you mean "p(${plainNumber(100 * value)})"?` } : {};
  return {
    what: `"p(${percentile})" is not a percentile`,
    expected: 'a number from 1 to 100, such as p(99.9)',
    ...hint,
    offset,
  };
}

/** Without the rounding errors of the arithmetic: `99.9`. */
const plainNumber = (value: number): number => Number(value.toPrecision(12));

/** More names than these are not read: the nearest are given, and where all stand. */
const MOST_NAMES = 8;
const NEAREST = 3;
const ALL_NAMES = 'docs/metrics.md of Paceline has all';

const quotedAlternatives = (names: readonly string[]): string =>
  alternatives(names.map((name) => `"${name}"`));

/** The names of distributions, or of many those nearest to `text`. */
function timesText(text: string, names: readonly string[]): string {
  if (names.length <= MOST_NAMES) return quotedAlternatives(names);
  return `the name of a distribution such as ${quotedAlternatives(nearestFew(text, names, NEAREST))}`;
}

/** The names of the other metrics, or of many those nearest to `text`. */
function namesText(text: string, names: readonly string[]): string {
  if (names.length <= MOST_NAMES) return `one of ${names.join(', ')}`;
  return `another metric such as ${alternatives(nearestFew(text, names, NEAREST))} (${ALL_NAMES})`;
}

/** The problem of an unknown metric, with a hint at what was probably meant: `p(99)` for `p99`. */
function unknownMetric({ text, offset }: Piece, metrics: readonly BoundedMetric[]): RuleProblem {
  const named = metrics.flatMap(({ name, isDistribution }) => (isDistribution ? [] : name));
  const implied = metrics.find(({ isDefault }) => isDefault);
  const others = metrics.flatMap((one) => (one.isDistribution && one !== implied ? one.name : []));
  const [, number] = /^p\s*(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const near = number === undefined ? nearest(text, ['mean', 'max', ...named]) : `p(${number})`;
  return {
    what: `unknown metric "${text}"`,
    expected: `"p(99)", "mean" or "max" (after ${timesText(text, others)} if not of "${implied?.name}"), or ${namesText(text, named)}`,
    ...(near !== undefined && { todo: `did you mean "${near}"?` }),
    offset,
  };
}
