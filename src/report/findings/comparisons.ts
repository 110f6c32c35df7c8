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
import { interval, list, percentWithUnit, plural, ratio } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';
import { pairFinding } from './pair.ts';

/** The time that is shown of variants that do not compare like with like. */
const TIME = 'responseTime.p99Us';
const MOST_SENTENCES = 6;
/** Of what does not compare like with like, less. */
const MOST_UNLIKE = 3;

const TOO_FEW = `Undecided: the variants are not compared, because there are too few repetitions for an interval (at least ${MINIMUM_REPETITIONS} that ran to the end are needed).`;
const LEVEL =
  'The intervals of these ratios hold at 95 % for all comparisons of this report together; drift from trial to trial is removed.';

const neutral = (text: string): Finding => ({ tone: 'neutral', text });

/** All comparisons. Without repetitions enough for an interval there is none, only the word `undecided`. */
export function comparisonFindings(model: Model): readonly Finding[] {
  const { pairs } = model;
  if (pairs.length === 0) return [];
  const tested = pairs.filter(({ comparison }) => comparison.because !== 'too-few-repetitions');
  if (tested.length === 0) return [neutral(TOO_FEW)];
  const known = tested.filter(({ comparison }) => comparison.because !== 'no-samples');
  const alike = bySides(known.filter(({ comparison }) => comparison.alike)).sort(decidedFirst);
  const more = alike.length - MOST_SENTENCES;
  return [
    ...alike.slice(0, MOST_SENTENCES).map((same) => pairFinding(model, same)),
    ...(more > 0
      ? [
          neutral(
            `${plural(more, 'more comparison is', 'more comparisons are')} in the table of the comparison chart.`,
          ),
        ]
      : []),
    ...unlikeFindings(model, known),
    ...(alike.length > 0 ? [neutral(LEVEL)] : []),
    ...missing(tested.filter(({ comparison }) => comparison.because === 'no-samples')),
  ];
}

/** The comparisons of each two variants. */
function bySides(pairs: readonly Pair[]): (readonly Pair[])[] {
  const groups = new Map<string, readonly Pair[]>();
  for (const pair of pairs) {
    const key = `${pair.base.place} ${pair.candidate.place}`;
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  return [...groups.values()];
}

const decidedFirst = (a: readonly Pair[], b: readonly Pair[]): number =>
  Number(isOpen(a)) - Number(isOpen(b));

const isOpen = (pairs: readonly Pair[]): boolean =>
  pairs.every(({ comparison: { verdict } }) => verdict === 'undecided' || verdict === 'same');

function unlikeFindings(model: Model, pairs: readonly Pair[]): readonly Finding[] {
  const metric = metricLabel(model, TIME);
  const rest = pairs
    .filter(hasInterval)
    .filter(({ comparison }) => !comparison.alike && comparison.metric === TIME);
  const bases = [...new Set(rest.map(({ base }) => base.place))];
  return bases.map((place) =>
    unlike(
      rest.filter(({ base }) => base.place === place),
      metric,
    ),
  );
}

/** Comparisons with one base that do not compare like with like, in one sentence that says so. */
function unlike(pairs: readonly IntervalPair[], metric: string): Finding {
  const { base } = pairs[0]!;
  const shown = pairs.slice(0, MOST_UNLIKE).map(({ candidate, comparison }) => {
    const { ratio: at, ciLow, ciHigh } = comparison;
    return `${quoted(candidate.name)} ${ratio(at)}x ${interval(ciLow, ciHigh)}${caveats(candidate)}`;
  });
  const more = pairs.length > shown.length ? [`${pairs.length - shown.length} more`] : [];
  return neutral(
    `Not comparable in ${metric} with ${quoted(base.name)}${caveats(base)}: ${list([...shown, ...more])}. Failed calls, or a late generator, shape these times.`,
  );
}

/** ` (23 % of its calls failed)`; empty without caveats. */
function caveats({ variant }: Measured): string {
  return variant.caveats.length === 0 ? '' : ` (${list(variant.caveats.map(caveatText))})`;
}

function caveatText(caveat: Caveat): string {
  switch (caveat.kind) {
    case 'generator-bound':
      return 'generator-bound';
    case 'generator-late':
      return 'the generator was late';
    case 'failed-calls':
      return `${percentWithUnit(caveat.share)} of its calls failed`;
  }
}

/** Which variants have repetitions without the times that a comparison needs. */
function missing(pairs: readonly Pair[]): readonly Finding[] {
  const sides = [...new Set(pairs.flatMap(({ base, candidate }) => [base, candidate]))];
  const countsOf = ({ variant }: Measured): readonly number[] =>
    variant.repetitions.filter(({ complete }) => complete).map(({ responseTime }) => responseTime.count);
  const timeless = sides.filter((side) => countsOf(side).some((count) => count === 0));
  const names = list(timeless.map(({ name }) => quoted(name)));
  if (timeless.length > 0) {
    return [
      neutral(
        `Response times are not compared with ${names}, which had repetitions without a single response time (refused and broken connections have none).`,
      ),
    ];
  }
  return pairs.length === 0
    ? []
    : [neutral('Percentiles are not compared where repetitions have too few calls for them.')];
}
