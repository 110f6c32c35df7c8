/** @module Findings that set variants against each other: with their intervals, and with their reservations. */

import { MINIMUM_REPETITIONS, pairUp } from '../../result/comparison/compare.ts';
import type { ResultDocument } from '../../result/document.ts';
import { HEADLINE_METRIC } from '../metric.ts';
import { blemish, hasInterval, type IntervalPair, type Pair, pairsOf } from '../pairs.ts';
import { interval, list, ratio } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

const MOST_SENTENCES = 6;
/** Of what does not compare like with like, less. */
const MOST_UNFAIR = 3;
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
  const whole = Math.max(
    ...pairs.map(({ base, candidate }) => pairUp(base.variant, candidate.variant).length),
  );
  if (whole < MINIMUM_REPETITIONS) {
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

function fair(pair: IntervalPair): Finding {
  const text = `${quoted(pair.candidate.name)} has ${figures(pair)} the p99 response time of ${quoted(pair.base.name)}`;
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
        text: `Undecided: ${text}, and the repetitions do not settle which is faster.`,
      };
  }
}

/** Comparisons with one base that do not compare like with like, in one sentence that says so. */
function unfair(pairs: readonly IntervalPair[]): Finding {
  const { base } = pairs[0]!;
  const shown = pairs.slice(0, MOST_UNFAIR).map((pair) => {
    const but = blemish(pair.candidate);
    return `${quoted(pair.candidate.name)} ${figures(pair)}${but ? ` (${but})` : ''}`;
  });
  const more = pairs.length > shown.length ? [`${pairs.length - shown.length} more`] : [];
  const why = blemish(base);
  return {
    tone: 'neutral',
    text: `Not like with like: p99 response time against that of ${quoted(base.name)}${why ? ` (${why})` : ''}: ${list([...shown, ...more])}. This compares times of failures, or of the generator, with times of answers.`,
  };
}

/** Sentences on the p99 response time. Without an interval there is no comparison, only the word `undecided`. */
export function comparisonFindings(document: ResultDocument): readonly Finding[] {
  const pairs = pairsOf(document, HEADLINE_METRIC);
  if (pairs.length === 0) return [];
  const told = pairs.filter(hasInterval);
  if (told.length === 0) return [{ tone: 'neutral', text: noInterval(pairs) }];
  const without = timeless(pairs.filter((pair) => !hasInterval(pair)));
  const isOpen = (pair: IntervalPair): number => Number(pair.comparison.verdict === 'undecided');
  const sound = told.filter((pair) => pair.fair).sort((a, b) => isOpen(a) - isOpen(b));
  const more = sound.length - MOST_SENTENCES;
  const rest = told.filter((pair) => !pair.fair);
  const bases = [...new Set(rest.map(({ base }) => base.place))];
  return [
    ...sound.slice(0, MOST_SENTENCES).map(fair),
    ...(more > 0
      ? [
          {
            tone: 'neutral' as const,
            text: `${more} more comparisons are in the table of the comparison chart.`,
          },
        ]
      : []),
    ...bases.map((place) => unfair(rest.filter(({ base }) => base.place === place))),
    ...(without.length > 0 ? [{ tone: 'neutral' as const, text: `Not compared: ${noTimes(without)}.` }] : []),
  ];
}
