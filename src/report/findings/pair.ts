/** @module The finding about two variants: gains, losses, what is the same and what is undecided, in one sentence. */
import { hasInterval, type Model, metricLabel, type Pair } from '../model.ts';
import { bothValues } from '../table/columns.ts';
import { interval, list, ratio } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** What is said of all metrics of a pair. `pairs` have the same sides, one for each metric, and compare like with like. */
export function pairFinding(model: Model, pairs: readonly Pair[]): Finding {
  const { base, candidate } = pairs[0]!;
  const found = (verdict: Pair['comparison']['verdict']): boolean =>
    pairs.some(({ comparison }) => comparison.verdict === verdict);
  return {
    tone: toneOf(found('better'), found('worse')),
    text: `${quoted(candidate.name)} against ${quoted(base.name)}: ${pairText(model, pairs)}.`,
  };
}

/** `worse in p50 response time (1.20x [1.15, 1.26]); no difference that matters in error rate`. */
export function pairText(model: Model, pairs: readonly Pair[]): string {
  const of = (verdict: Pair['comparison']['verdict']): readonly Pair[] =>
    pairs.filter(({ comparison }) => comparison.verdict === verdict);
  const figuresOf = (some: readonly Pair[]): string => list(some.map((pair) => figures(model, pair)));
  const [better, worse, same, open] = [of('better'), of('worse'), of('same'), of('undecided')];
  const claims = [
    ...(better.length > 0 ? [`better in ${figuresOf(better)}`] : []),
    ...(worse.length > 0 ? [`worse in ${figuresOf(worse)}`] : []),
  ];
  const rest = [
    ...(same.length > 0 ? [`no difference that matters in ${labelsOf(model, same)}`] : []),
    ...(open.length > 0 ? [`undecided in ${figuresOf(open)}`] : []),
  ];
  return [...(claims.length > 0 ? [claims.join(', but ')] : []), ...rest].join('; ');
}

function toneOf(isBetter: boolean, isWorse: boolean): Finding['tone'] {
  if (isBetter && isWorse) return 'warning';
  return isBetter ? 'good' : isWorse ? 'bad' : 'neutral';
}

const labelsOf = (model: Model, pairs: readonly Pair[]): string =>
  list(pairs.map(({ comparison }) => metricLabel(model, comparison.metric)));

/** `p50 response time (1.20x [1.15, 1.26])`; without an interval the values of both sides. */
function figures(model: Model, pair: Pair): string {
  const label = metricLabel(model, pair.comparison.metric);
  if (hasInterval(pair)) {
    const { ratio: at, ciLow, ciHigh } = pair.comparison;
    return `${label} (${ratio(at)}x ${interval(ciLow, ciHigh)})`;
  }
  return `${label} (${bothValues(model, pair)})`;
}
