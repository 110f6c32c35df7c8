/** @module Two sides against each other, metric by metric: what regressed, what improved, what is the same, and what cannot be told. */
import { VERSION } from '../../units/version.ts';
import { MINIMUM_REPETITIONS } from '../document.ts';
import { failureRateOf } from '../measure/failure-rate.ts';
import { metricsOf, type QuantityMetric, valueIn } from '../measure/metrics.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import { loopOf } from '../settings.ts';
import { FAMILY_LEVEL, holmLevels } from '../statistics/holm.ts';
import type { Claim } from '../statistics/three-sided.ts';
import type { Change, ChangeVerdict, ComparisonDocument } from './document.ts';
import { judgeTested, type Scale, type Tested, testPairs, type ValuePair } from './judge-pairs.ts';
import type { Measured, SideVariant } from './sides.ts';
import { unlikeSides } from './unlike.ts';
import { verdictOf } from './verdict.ts';

export interface CompareOptions {
  /** Changes below this share are no change. */
  readonly minEffect: number;
  /** The path of the headline metric; absent: successful calls per second of a closed loop, otherwise the p50 of the response time. */
  readonly headline?: string | undefined;
  /** Whether sides are judged that differ in more than the code. */
  readonly acceptsUnlike: boolean;
  readonly createdAt: Date;
}

/** The default of {@link CompareOptions.minEffect}. */
export const MINIMUM_CHANGE = 0.05;

/** The smallest change of a share that matters: half a percentage point. */
const SHARE_MARGIN = 0.005;

/** A difference in error rates from which response times are those of different calls. */
const COMPARABLE_ERRORS = 0.01;

const HEADLINES = { open: 'responseTime.p50Us', closed: 'rate.goodputPerSecond' } as const;

/** A variant on both sides, or on one only. */
interface VariantPair {
  readonly name: string;
  readonly base: SideVariant | undefined;
  readonly candidate: SideVariant | undefined;
  readonly headline: string;
}

/** What is known of a metric before it is judged. */
interface Examined {
  readonly one: QuantityMetric;
  readonly pair: VariantPair;
  readonly values: Omit<
    Change,
    'level' | 'verdict' | 'because' | 'change' | 'ciLow' | 'ciHigh' | 'noise' | 'detectable' | 'pairsNeeded'
  >;
  /** Undefined when it cannot be tested; then `because` says why. */
  readonly tested: Tested | undefined;
  readonly because: Change['because'];
}

/**
 * `candidate` against `base`. The repetition is the unit of observation: the first of one side is paired with the first of the other, which had the
 * same arrivals. Claims about the headline metrics of all variants are wrong with a probability of 5 % at most, and so are
 * those about all other metrics together (docs/decisions/0026-verdicts.md).
 */
export function compareResults(
  base: Measured,
  candidate: Measured,
  options: CompareOptions,
  quantities: Quantities = QUANTITIES,
): ComparisonDocument {
  const unlike = unlikeSides(base, candidate);
  const refused = !options.acceptsUnlike && unlike.some(({ consequence }) => consequence === 'refused');
  const examined = variantPairs(base, candidate, options).flatMap((pair) =>
    metricsOf(quantities)
      .filter((one) => isCompared(one, pair))
      .map((one) => examine(one, pair, options, refused)),
  );
  const levels = levelsOf(examined);
  const changes = examined.map((each) => conclude(each, levels.get(each) ?? FAMILY_LEVEL));
  const inOrder = [...changes].sort((a, b) => Number(b.isHeadline) - Number(a.isHeadline));
  return {
    schema: 'paceline/comparison@1',
    paceline: VERSION,
    createdAt: options.createdAt.toISOString(),
    title: String(candidate.profile['title'] ?? ''),
    base: base.side,
    candidate: candidate.side,
    minEffect: options.minEffect,
    level: FAMILY_LEVEL,
    unlike: [...unlike],
    changes: inOrder,
    geomeans: geomeansOf(changes),
    verdict: verdictOf(inOrder, unlike),
  };
}

function variantPairs(base: Measured, candidate: Measured, options: CompareOptions): readonly VariantPair[] {
  // A single variant is the same one, however it is named.
  if (base.variants.length === 1 && candidate.variants.length === 1) {
    return [pairOf(candidate.variants[0]!.name, base.variants[0], candidate.variants[0], options)];
  }
  const names = [...new Set([...base.variants, ...candidate.variants].map(({ name }) => name))];
  return names.map((name) => {
    const named = ({ variants }: Measured): SideVariant | undefined =>
      variants.find((one) => one.name === name);
    return pairOf(name, named(base), named(candidate), options);
  });
}

function pairOf(
  name: string,
  base: SideVariant | undefined,
  candidate: SideVariant | undefined,
  { headline }: CompareOptions,
): VariantPair {
  const loop = loopOf((candidate ?? base)!.settings) ?? 'open';
  return { name, base, candidate, headline: headline ?? HEADLINES[loop] };
}

/** Whether a repetition of either side has a value of it. */
function isCompared(one: QuantityMetric, { base, candidate, headline }: VariantPair): boolean {
  if (one.path !== headline && one.metric.compared === undefined) return false;
  return [base, candidate].some((side) =>
    side?.repetitions.some((repetition) => valueIn(repetition, one) !== undefined),
  );
}

function examine(
  one: QuantityMetric,
  pair: VariantPair,
  { minEffect }: CompareOptions,
  refused: boolean,
): Examined {
  const { metric, path } = one;
  const valuesOf = (side: SideVariant | undefined): readonly (number | undefined)[] =>
    (side?.repetitions ?? []).map((repetition) => valueIn(repetition, one));
  const [before, after] = [valuesOf(pair.base), valuesOf(pair.candidate)];
  const both = Math.min(before.length, after.length);
  const pairs = before.slice(0, both).flatMap((base, at): readonly ValuePair[] => {
    const candidate = after[at];
    return base === undefined || candidate === undefined ? [] : [{ base, candidate }];
  });
  const isShare = metric.unit === 'share' || metric.unit === 'fraction';
  const hasRatio = !isShare && pairs.every(({ base, candidate }) => base > 0 && candidate > 0);
  const scale: Scale = hasRatio ? 'ratio' : 'difference';
  const values = {
    variant: pair.name,
    metric: path,
    label: metric.label,
    unit: metric.unit,
    better: metric.better,
    isHeadline: path === pair.headline,
    pairs,
    scale,
    margin: isShare ? SHARE_MARGIN : hasRatio ? minEffect : minEffect * (meanOf(pairs, 'base') || 1),
    base: middleOf(pairs, 'base', scale),
    candidate: middleOf(pairs, 'candidate', scale),
  };
  const because = obstacle(pair, pairs, both, refused);
  const canTest = pairs.length >= MINIMUM_REPETITIONS;
  return {
    one,
    pair,
    values,
    tested: canTest ? testPairs(pairs, scale, values.margin) : undefined,
    because,
  };
}

/** Why no claim can be made, whatever the values are; null when one can. */
function obstacle(
  { base, candidate }: VariantPair,
  pairs: readonly ValuePair[],
  both: number,
  refused: boolean,
): Change['because'] {
  if (base === undefined || candidate === undefined) return 'one-side-only';
  const repetitions = [...base.repetitions, ...candidate.repetitions];
  if ([base, candidate].some((side) => side.repetitions.every(({ calls }) => calls.ok === 0)))
    return 'nothing-worked';
  if (both < MINIMUM_REPETITIONS) return 'too-few-repetitions';
  if (pairs.length < both) return 'no-samples';
  if (repetitions.some(({ generator }) => generator.bound)) return 'generator-bound';
  return refused ? 'unlike-sides' : null;
}

/** Holm's levels of the headlines among themselves, and of the other metrics among themselves. */
function levelsOf(examined: readonly Examined[]): ReadonlyMap<Examined, number> {
  const families = [true, false].map((headline) =>
    examined.filter(({ tested, values }) => tested !== undefined && values.isHeadline === headline),
  );
  return new Map(
    families.flatMap((family) => {
      const levels = holmLevels(family.map(({ tested }) => tested!.tail));
      return family.map((one, at) => [one, levels[at]!] as const);
    }),
  );
}

function conclude({ one, pair, values, tested, because }: Examined, level: number): Change {
  if (tested === undefined) {
    const nothing = {
      change: null,
      ciLow: null,
      ciHigh: null,
      noise: null,
      detectable: null,
      pairsNeeded: null,
    };
    return { ...values, ...nothing, change: plainChange(values), level, verdict: 'undecided', because };
  }
  const { claim, ...judged } = judgeTested(tested, level);
  const verdict = verdictOfClaim(claim, one.metric.better);
  const doubt = because ?? flattered(one, pair, verdict);
  return {
    ...values,
    ...judged,
    level,
    verdict: doubt === null ? verdict : 'undecided',
    because: doubt ?? (verdict === 'undecided' ? 'wide-interval' : null),
  };
}

function verdictOfClaim(claim: Claim | undefined, better: Change['better']): ChangeVerdict {
  if (claim === undefined) return 'undecided';
  if (claim === 'within') return 'same';
  return (claim === 'below') === (better === 'lower') ? 'improved' : 'regressed';
}

/** The quicker side may be the one that failed more calls, whose errors were answered fast. */
function flattered(
  { metric }: QuantityMetric,
  { base, candidate }: VariantPair,
  verdict: ChangeVerdict,
): Change['because'] {
  if (metric.compared !== 'with-like-failures') return null;
  const more = errorRateOf(candidate!) - errorRateOf(base!);
  const isFlattered =
    (verdict === 'improved' && more > COMPARABLE_ERRORS) ||
    (verdict === 'regressed' && -more > COMPARABLE_ERRORS);
  return isFlattered ? 'unlike-failures' : null;
}

const errorRateOf = ({ repetitions }: SideVariant): number =>
  repetitions.reduce((sum, one) => sum + failureRateOf(one), 0) / repetitions.length;

type Which = keyof ValuePair;

const meanOf = (pairs: readonly ValuePair[], which: Which): number =>
  pairs.reduce((sum, pair) => sum + pair[which], 0) / Math.max(1, pairs.length);

function middleOf(pairs: readonly ValuePair[], which: Which, scale: Scale): number | null {
  if (pairs.length === 0) return null;
  if (scale === 'difference') return meanOf(pairs, which);
  return Math.exp(pairs.reduce((sum, pair) => sum + Math.log(pair[which]), 0) / pairs.length);
}

function plainChange({ base, candidate, scale }: Examined['values']): number | null {
  if (base === null || candidate === null) return null;
  return scale === 'ratio' ? candidate / base : candidate - base;
}

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
