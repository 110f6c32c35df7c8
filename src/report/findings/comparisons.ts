/** @module Findings that set variants against each other: only comparisons the document carries, with their intervals and their reservations. */
import type { Comparison, ResultDocument } from '../../result/document.ts';
import { type Measured, measuredOf } from '../measured.ts';
import { HEADLINE_METRIC } from '../metric.ts';
import { interval, list, percentWithUnit, ratio } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';
import { isBound } from './run.ts';

const MOST_SENTENCES = 6;
/** From this share of failed calls on, times are not only those of answers. */
const NOTABLE_FAILURES = 0.01;
const NO_INTERVAL =
  'Undecided: response times of the variants are not compared, because there are too few repetitions for an interval (at least 3 are needed).';

interface Told {
  readonly one: Comparison;
  readonly base: Measured;
  readonly candidate: Measured;
}

const figures = (one: Comparison): string => `${ratio(one.ratio!)}x ${interval(one.ciLow!, one.ciHigh!)}`;

const isClean = (document: ResultDocument, side: Measured): boolean =>
  !isBound(document, side.place) && side.summary.calls.errorRate < NOTABLE_FAILURES;

/** Why the times of a side are not those of answers of the server. */
function blemish(document: ResultDocument, side: Measured): string {
  const bound = isBound(document, side.place) ? ['the generator was its limit'] : [];
  const { errorRate } = side.summary.calls;
  return list([
    ...bound,
    ...(errorRate < NOTABLE_FAILURES ? [] : [`${percentWithUnit(errorRate)} of its calls failed`]),
  ]);
}

function fair({ one, base, candidate }: Told): Finding {
  const text = `${quoted(candidate.name)} has ${figures(one)} the p99 response time of ${quoted(base.name)}`;
  if (one.verdict === 'better') return { tone: 'good', text: `${text}: it is faster.` };
  if (one.verdict === 'worse') return { tone: 'bad', text: `${text}: it is slower.` };
  if (one.verdict === 'same') return { tone: 'neutral', text: `${text}: no difference that matters.` };
  return { tone: 'neutral', text: `Undecided: ${text}, and the repetitions do not settle which is faster.` };
}

/** Comparisons with one base that do not compare like with like, in one sentence that says so. */
function unfair(document: ResultDocument, told: readonly Told[]): Finding {
  const { base } = told[0]!;
  const shown = told.slice(0, MOST_SENTENCES).map(({ one, candidate }) => {
    const but = blemish(document, candidate);
    return `${quoted(candidate.name)} ${figures(one)}${but ? ` (${but})` : ''}`;
  });
  const more = told.length > shown.length ? [`${told.length - shown.length} more`] : [];
  const why = blemish(document, base);
  return {
    tone: 'neutral',
    text: `Not like with like: p99 response time against that of ${quoted(base.name)}${why ? ` (${why})` : ''}: ${list([...shown, ...more])}. Where calls failed, times of failures are compared with times of answers.`,
  };
}

/** Sentences on the p99 response time. Without an interval there is no comparison, only the word `undecided`. */
export function comparisonFindings(document: ResultDocument): readonly Finding[] {
  const measured = measuredOf(document);
  const side = (name: string): Measured | undefined => measured.find((each) => each.variant.name === name);
  const known = document.comparisons.flatMap((one): readonly Told[] => {
    const [base, candidate] = [side(one.base), side(one.candidate)];
    return one.metric === HEADLINE_METRIC && base && candidate ? [{ one, base, candidate }] : [];
  });
  if (known.length === 0) return [];
  const told = known.filter(({ one }) => one.ratio !== null && one.ciLow !== null && one.ciHigh !== null);
  if (told.length === 0) return [{ tone: 'neutral', text: NO_INTERVAL }];
  const clean = told.filter(({ base, candidate }) => isClean(document, base) && isClean(document, candidate));
  // Decided ones first.
  const ordered = [...clean].sort(
    (a, b) => Number(a.one.verdict === 'undecided') - Number(b.one.verdict === 'undecided'),
  );
  const more = ordered.length - MOST_SENTENCES;
  const rest = told.filter((each) => !clean.includes(each));
  const bases = [...new Set(rest.map(({ base }) => base))];
  return [
    ...ordered.slice(0, MOST_SENTENCES).map(fair),
    ...(more > 0
      ? [
          {
            tone: 'neutral' as const,
            text: `${more} more comparisons are in the table of the comparison chart.`,
          },
        ]
      : []),
    ...bases.map((base) =>
      unfair(
        document,
        rest.filter((each) => each.base === base),
      ),
    ),
  ];
}
