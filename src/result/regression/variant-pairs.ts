/** @module The variants of two sides, each with its counterpart. */
import { loopOf } from '../settings.ts';
import type { Measured, SideVariant } from './sides.ts';

/** The metric that decides, by the load: of a closed loop how much it gets done, of an open loop how long a call takes. */
const HEADLINES = { open: 'responseTime.p50Us', closed: 'rate.goodputPerSecond' } as const;

/** The path of the headline metric of a variant with these settings. */
export const headlineOf = (settings: SideVariant['settings']): string =>
  HEADLINES[loopOf(settings) ?? 'open'];

/** A variant on both sides, or on one only. */
export interface VariantPair {
  readonly name: string;
  readonly base: SideVariant | undefined;
  readonly candidate: SideVariant | undefined;
  /** The paths of its headline metrics. */
  readonly headlines: readonly string[];
}

/** Variants with the same name; a single variant on each side is the same one, however it is named. `headlines`: of all variants; absent: one, by the load. */
export function variantPairs(
  base: Pick<Measured, 'variants'>,
  candidate: Pick<Measured, 'variants'>,
  headlines: readonly string[] | undefined,
): readonly VariantPair[] {
  if (base.variants.length === 1 && candidate.variants.length === 1) {
    return [pairOf(candidate.variants[0]!.name, base.variants[0], candidate.variants[0], headlines)];
  }
  const names = [...new Set([...base.variants, ...candidate.variants].map(({ name }) => name))];
  return names.map((name) => {
    const named = ({ variants }: Pick<Measured, 'variants'>): SideVariant | undefined =>
      variants.find((one) => one.name === name);
    return pairOf(name, named(base), named(candidate), headlines);
  });
}

function pairOf(
  name: string,
  base: SideVariant | undefined,
  candidate: SideVariant | undefined,
  headlines: readonly string[] | undefined,
): VariantPair {
  const own = headlines ?? [headlineOf((candidate ?? base)!.settings)];
  return { name, base, candidate, headlines: own };
}
