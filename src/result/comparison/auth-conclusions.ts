/** @module What is said of a check only when all variants are measured: what it adds against the variant without it. */
import { SECOND } from '../../units/time.ts';
import type { Summary, VariantResult } from '../document.ts';
import type { AuthFigures } from '../measure/auth-figures.ts';
import { statisticOf } from '../measure/distribution.ts';
import { addedBy, differenceOverPairs, NO_CHECK, repetitionPairs, uncheckedBase } from './added.ts';
import { disagreementsOf } from './auth-disagreements.ts';
import { type AgainstBase, authEstimates, checkTime, headerMean } from './auth-estimates.ts';

/** The variants with these conclusions in the summaries of those with authorization; the others as they are. */
export function withAuthConclusions(variants: readonly VariantResult[]): VariantResult[] {
  return variants.map((variant) => {
    const { summary } = variant;
    const figures = summary?.auth;
    if (summary === null || figures === undefined) return variant;
    const base = uncheckedBase(variant, variants);
    return {
      ...variant,
      summary: { ...summary, auth: { ...figures, ...concluded(variant, figures, base) } },
    };
  });
}

type Conclusions = Pick<
  AuthFigures,
  'added' | 'estimates' | 'disagreements' | 'shareOfCall' | 'callsPerCoreSecondLost' | 'coreSecondsPerMillion'
>;

function concluded(
  variant: VariantResult,
  figures: AuthFigures,
  base: VariantResult | undefined,
): Conclusions {
  const against = base && comparedWith(base, variant);
  const added = against?.added ?? null;
  if (figures.mode === NO_CHECK) return { ...NOTHING_CHECKED, added };
  const estimates = authEstimates(variant, figures, against);
  const cpu = estimates.find(({ name }) => name === 'cpu')?.p50Us ?? null;
  return {
    added,
    estimates: [...estimates],
    disagreements: disagreementsOf(
      estimates,
      (figures.sizing?.introspectionsPerSecond ?? 0) > 0,
      headerMean(variant),
    ),
    shareOfCall: shareOfCall(variant, figures, added),
    callsPerCoreSecondLost: base === undefined || cpu === null ? null : callsLost(base, cpu),
    // Microseconds per call are seconds per million calls.
    coreSecondsPerMillion: cpu,
  };
}

const NOTHING_CHECKED = {
  estimates: [],
  disagreements: [],
  shareOfCall: null,
  callsPerCoreSecondLost: null,
  coreSecondsPerMillion: null,
};

function comparedWith(base: VariantResult, variant: VariantResult): AgainstBase {
  const cpu = differenceOverPairs(repetitionPairs(base, variant), processorTime);
  return { added: addedBy(variant, base), cpu };
}

/** Of the fleet and of a balancer, which may be what checks, per call. */
function processorTime({ fleetCpu }: Pick<Summary, 'fleetCpu'>): number | null {
  return fleetCpu === undefined ? null : fleetCpu.usPerCall + (fleetCpu.balancerUsPerCall ?? 0);
}

/** The check as a share of the median call that ended `ok`: as the answers state it, else as the pairs show it. */
function shareOfCall(
  { summary }: VariantResult,
  figures: AuthFigures,
  added: AuthFigures['added'],
): number | null {
  const check = checkTime(figures, 'p50Us') ?? added?.p50Us ?? null;
  const call = summary && statisticOf(summary.okResponseTime ?? summary.responseTime, 'p50Us');
  return check === null || call === null || call === 0 ? null : check / call;
}

/** How many calls fewer one second of a core serves when each takes `addedUs` more of it; null when the base took no time. */
function callsLost({ summary }: VariantResult, addedUs: number): number | null {
  const without = summary && processorTime(summary);
  return !without || without + addedUs <= 0 ? null : SECOND / without - SECOND / (without + addedUs);
}
