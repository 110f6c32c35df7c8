/** @module How the response times of both sides spread: shares of the calls in the same bins of a logarithmic scale. */
import { countsIn, decodeHistogram } from '../../recording/histogram.ts';
import type { Micros } from '../../units/time.ts';
import type { Distributions } from './document.ts';
import type { SideVariant } from './sides.ts';
import type { VariantPair } from './variant-pairs.ts';

/** The bins go from the time that this share of the calls of either side is below, to the one that as many are above. */
const OUTSIDE = 0.002;

/** Bins in a decade, from coarse to fine. */
const PER_DECADE = [5, 10, 20, 40, 80, 160] as const;

/** So many bins are as fine as a drawing. */
const MOST_BINS = 120;

/** The lowest time of each bucket of a histogram with its calls, in rising order. */
type Counts = readonly (readonly [us: Micros, calls: number])[];

/** Of each variant that has times on both sides. */
export function distributionsOf(pairs: readonly VariantPair[]): Distributions[] {
  return pairs.flatMap(({ name, base, candidate }) => {
    const [before, after] = [countsOf(base), countsOf(candidate)];
    return before.length === 0 || after.length === 0 ? [] : [distributionsOfCounts(name, before, after)];
  });
}

function distributionsOfCounts(variant: string, base: Counts, candidate: Counts): Distributions {
  const [first] = extentOf(Math.min(timeAt(base, OUTSIDE), timeAt(candidate, OUTSIDE)));
  const [, last] = extentOf(Math.max(timeAt(base, 1 - OUTSIDE), timeAt(candidate, 1 - OUTSIDE)));
  const edges = edgesOf(first, last, Math.min(callsIn(base), callsIn(candidate)));
  const side = (counts: Counts): Distributions['base'] => ({
    calls: callsIn(counts),
    p50Us: timeAt(counts, 0.5),
    shares: sharesOf(counts, edges),
  });
  return {
    variant,
    edgesUs: edges.map((us) => Number(us.toPrecision(6))),
    base: side(base),
    candidate: side(candidate),
  };
}

/** The times that are counted in the bucket of `us`, which were rounded to whole microseconds: a bucket of three digits is at most a 1,024th of its time wide. */
function extentOf(us: Micros): readonly [from: number, to: number] {
  const width = 2 ** Math.max(0, Math.floor(Math.log2(us)) - 10);
  return [us - 0.5, us - 0.5 + width];
}

/** All repetitions together. Times of 0 count as a microsecond, so that they have a place on the scale. */
function countsOf(side: SideVariant | undefined): Counts {
  const merged = new Map<Micros, number>();
  for (const { histograms } of side?.repetitions ?? []) {
    const encoded = histograms['responseTime'];
    if (encoded === undefined) continue;
    for (const [lowest, calls] of countsIn(decodeHistogram(encoded))) {
      const us = Math.max(lowest, 1);
      merged.set(us, (merged.get(us) ?? 0) + calls);
    }
  }
  return [...merged].sort(([a], [b]) => a - b);
}

const callsIn = (counts: Counts): number => counts.reduce((sum, [, calls]) => sum + calls, 0);

/** The lowest time that at least `share` of the calls do not exceed. */
function timeAt(counts: Counts, share: number): Micros {
  const rank = share * callsIn(counts);
  let before = 0;
  for (const [us, calls] of counts) {
    before += calls;
    if (before >= rank) return us;
  }
  return counts.at(-1)![0];
}

/** At most as many bins as the square root of the calls: with fewer calls in a bin, their number is mostly chance. */
function edgesOf(low: Micros, high: Micros, calls: number): readonly number[] {
  const most = Math.min(MOST_BINS, Math.max(Math.sqrt(calls), 8));
  const decades = Math.log10(high / low);
  const perDecade = PER_DECADE.findLast((one) => decades * one <= most) ?? PER_DECADE[0];
  const first = Math.floor(Math.log10(low) * perDecade);
  const last = Math.ceil(Math.log10(high) * perDecade);
  return Array.from({ length: last - first + 1 }, (_, at) => 10 ** ((first + at) / perDecade));
}

/** The calls of a bucket are spread evenly over it: otherwise a bin that is as narrow as a bucket would have none, and the next one those of two. */
function sharesOf(counts: Counts, edges: readonly number[]): number[] {
  const shares = new Array<number>(edges.length - 1).fill(0);
  const total = callsIn(counts);
  for (const [us, calls] of counts) {
    const [from, to] = extentOf(us);
    for (let bin = 0; bin < shares.length; bin += 1) {
      const within = Math.min(to, edges[bin + 1]!) - Math.max(from, edges[bin]!);
      if (within > 0) shares[bin]! += (within / (to - from)) * (calls / total);
    }
  }
  return shares.map((share) => Number(share.toFixed(6)));
}
