/** @module Findings that set variants against each other: with their intervals, and with their reservations. */
import { type Caveat, MINIMUM_REPETITIONS } from '../../result/document.ts';
import {
  hasInterval,
  type IntervalPair,
  type Measured,
  type Model,
  metricLabel,
  type Pair,
} from '../model.ts';
import { interval, list, percentWithUnit, ratio } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** The metric that findings compare. */
const METRIC = 'responseTime.p99Us';
const MOST_SENTENCES = 6;
/** Of what does not compare like with like, less. */
const MOST_UNLIKE = 3;
const NOT_COMPARED = 'Undecided: response times of the variants are not compared, because';

/** Names of the variants with a repetition that has no response time at all. */
function timeless(pairs: readonly Pair[]): readonly string[] {
  const sides = pairs.flatMap(({ base, candidate }) => [base, candidate]);
  const without = sides.filter(({ variant }) =>
    variant.repetitions.some(({ complete, responseTime }) => complete && responseTime.count === 0),
  );
  return [...new Set(without.map(({ name }) => quoted(name)))];
}

/** Why there is no interval in any of `pairs`. */
function noInterval(pairs: readonly Pair[]): string {
  if (pairs.every(({ comparison }) => comparison.because === 'too-few-repetitions')) {
    return `${NOT_COMPARED} there are too few repetitions for an interval (at least ${MINIMUM_REPETITIONS} that ran to the end are needed).`;
  }
  const names = timeless(pairs);
  return names.length === 0
    ? `${NOT_COMPARED} their repetitions allow no interval.`
    : `${NOT_COMPARED} ${noTimes(names)}.`;
}

const noTimes = (names: readonly string[]): string =>
  `${list(names)} had repetitions without a single response time (refused and broken connections have none)`;

const figures = ({ comparison }: IntervalPair): string =>
  `${ratio(comparison.ratio)}x ${interval(comparison.ciLow, comparison.ciHigh)}`;

function likeWithLike(pair: IntervalPair, metric: string): Finding {
  const text = `${quoted(pair.candidate.name)} has ${figures(pair)} the ${metric} of ${quoted(pair.base.name)}`;
  switch (pair.comparison.verdict) {
    case 'better':
      return { tone: 'good', text: `${text}: it is faster.` };
    case 'worse':
      return { tone: 'bad', text: `${text}: it is slower.` };
    case 'same':
      return { tone: 'neutral', text: `${text}: no difference that matters.` };
    case 'undecided':
      return {
        tone: 'neutral',
        text: `Undecided: ${text}; the difference is not significant.`,
      };
  }
}

function caveatText(caveat: Caveat): string {
  switch (caveat.kind) {
    case 'generator-bound':
      return 'generator-bound';
    case 'failed-calls':
      return `${percentWithUnit(caveat.share)} of its calls failed`;
  }
}

/** ` (23 % of its calls failed)`; empty without caveats. */
function caveats({ variant }: Measured): string {
  return variant.caveats.length === 0 ? '' : ` (${list(variant.caveats.map(caveatText))})`;
}

/** Comparisons with one base that do not compare like with like, in one sentence that says so. */
function unlike(pairs: readonly IntervalPair[], metric: string): Finding {
  const { base } = pairs[0]!;
  const shown = pairs
    .slice(0, MOST_UNLIKE)
    .map((pair) => `${quoted(pair.candidate.name)} ${figures(pair)}${caveats(pair.candidate)}`);
  const more = pairs.length > shown.length ? [`${pairs.length - shown.length} more`] : [];
  return {
    tone: 'neutral',
    text: `Not comparable: ${metric} against that of ${quoted(base.name)}${caveats(base)}: ${list([...shown, ...more])}. This compares times of failures, or of the generator, with times of answers.`,
  };
}

/** Sentences on one metric. Without an interval there is no comparison, only the word `undecided`. */
export function comparisonFindings(model: Model): readonly Finding[] {
  const pairs = model.pairs.filter(({ comparison }) => comparison.metric === METRIC);
  if (pairs.length === 0) return [];
  const shown = pairs.filter(hasInterval);
  if (shown.length === 0) return [{ tone: 'neutral', text: noInterval(pairs) }];
  const metric = metricLabel(model, METRIC);
  const without = timeless(pairs.filter((pair) => !hasInterval(pair)));
  const isOpen = (pair: IntervalPair): number => Number(pair.comparison.verdict === 'undecided');
  const alike = shown.filter(({ comparison }) => comparison.alike).sort((a, b) => isOpen(a) - isOpen(b));
  const more = alike.length - MOST_SENTENCES;
  const rest = shown.filter(({ comparison }) => !comparison.alike);
  const bases = [...new Set(rest.map(({ base }) => base.place))];
  return [
    ...alike.slice(0, MOST_SENTENCES).map((pair) => likeWithLike(pair, metric)),
    ...(more > 0
      ? [
          {
            tone: 'neutral' as const,
            text: `${more} more comparisons are in the table of the comparison chart.`,
          },
        ]
      : []),
    ...bases.map((place) =>
      unlike(
        rest.filter(({ base }) => base.place === place),
        metric,
      ),
    ),
    ...(without.length > 0 ? [{ tone: 'neutral' as const, text: `Not compared: ${noTimes(without)}.` }] : []),
  ];
}
