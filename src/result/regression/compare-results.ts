/** @module Two sides against each other, metric by metric: what regressed, what improved, what is the same, and what cannot be told. */
import { VERSION } from '../../units/version.ts';
import { metricsOf } from '../measure/metrics.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import { FAMILY_LEVEL } from '../statistics/holm.ts';
import { type Budget, marginOf } from './budget.ts';
import { concludeAll, type Levels } from './conclude.ts';
import { distributionsOf } from './distributions.ts';
import type { Change, ComparisonDocument } from './document.ts';
import { examine, isExamined } from './examine.ts';
import type { Measured } from './sides.ts';
import { unlikeSides } from './unlike.ts';
import { variantPairs } from './variant-pairs.ts';
import { verdictOf } from './verdict.ts';

export interface CompareOptions {
  /** Changes below this share are no change. */
  readonly minEffect: number;
  /** The path of the headline metric; absent: successful calls per second of a closed loop, otherwise the p50 of the response time. */
  readonly headline?: string | undefined;
  /** Its metrics are the headline metrics, each with a margin of its own. */
  readonly budget?: Budget | undefined;
  /** Whether sides are judged that differ in more than the code. */
  readonly acceptsUnlike: boolean;
  /**
   * Whether the document has the distributions of times, for which every histogram is read. Charts and JSON show them, text does not.
   * @default false
   */
  readonly keepsDistributions?: boolean;
  readonly createdAt: Date;
  /**
   * Those of this look at the data, when it is not the only one.
   * @default 5 % each
   */
  readonly levels?: Levels;
}

/** The default of {@link CompareOptions.minEffect}. */
export const MINIMUM_CHANGE = 0.05;

/**
 * `candidate` against `base`. The repetition is the unit of observation: the first of one side is paired with the first of the other, which had the
 * same arrivals. Claims about the headline metrics of all variants are wrong with a probability of 5 % at most, and so are
 * those about all other metrics together (docs/decisions/0026-verdicts.md).
 */
export function compareResults(
  base: Measured,
  candidate: Measured,
  {
    minEffect,
    headline,
    budget,
    acceptsUnlike,
    keepsDistributions = false,
    createdAt,
    levels,
  }: CompareOptions,
  quantities: Quantities = QUANTITIES,
): ComparisonDocument {
  const unlike = unlikeSides(base, candidate);
  const refused = !acceptsUnlike && unlike.some(({ consequence }) => consequence === 'refused');
  const asked = headline === undefined ? undefined : [headline];
  const headlines = budget === undefined ? asked : [...budget.allowed.keys()];
  const pairs = variantPairs(base, candidate, headlines);
  const examined = pairs.flatMap((pair) =>
    metricsOf(quantities)
      .filter((one) => isExamined(one, pair))
      .map((one) => examine(one, pair, marginOf(one, minEffect, budget), refused)),
  );
  const changes = concludeAll(examined, levels);
  const inOrder = [...changes].sort((a, b) => Number(b.isHeadline) - Number(a.isHeadline));
  return {
    schema: 'paceline/comparison@1',
    paceline: VERSION,
    createdAt: createdAt.toISOString(),
    title: String(candidate.profile['title'] ?? ''),
    base: base.side,
    candidate: candidate.side,
    minEffect,
    ...(budget && { budget: budget.name }),
    level: FAMILY_LEVEL,
    unlike: [...unlike],
    changes: inOrder,
    geomeans: geomeansOf(changes),
    ...(keepsDistributions && { distributions: distributionsOf(pairs) }),
    verdict: verdictOf(inOrder, unlike, budget?.name),
  };
}

/** The geometric mean over variants of each metric that has a ratio in two of them at least. */
function geomeansOf(changes: readonly Change[]): ComparisonDocument['geomeans'] {
  const metrics = [...new Set(changes.map(({ metric }) => metric))];
  return metrics.flatMap((metric) => {
    const ratios = changes.filter(
      (one) => one.metric === metric && one.scale === 'ratio' && one.change !== null,
    );
    if (ratios.length < 2) return [];
    const ratio = Math.exp(ratios.reduce((sum, { change }) => sum + Math.log(change!), 0) / ratios.length);
    return [{ metric, label: ratios[0]!.label, ratio }];
  });
}
