/** @module How response times spread: their histogram in bins of a logarithmic scale. */
import { countsIn, decodeHistogram } from '../../recording/histogram.ts';
import type { Micros } from '../../units/time.ts';
import type { Bin } from '../document.ts';

/** A bin is about a quarter wider than the one before, the same for every variant and result. */
const PER_DECADE = 10;

/** Where bin `at` begins; the first one also has the times below a microsecond. */
const edge = (at: number): Micros => Math.round(10 ** (at / PER_DECADE));

/** The bins of an encoded histogram from the first to the last that has calls; none without calls or histogram. */
export function binsOf(encoded: string | undefined): readonly Bin[] {
  const counts = encoded === undefined ? [] : countsIn(decodeHistogram(encoded));
  const total = counts.reduce((sum, [, calls]) => sum + calls, 0);
  const byBin = new Map<number, number>();
  for (const [us, calls] of counts) {
    const at = binAt(us);
    byBin.set(at, (byBin.get(at) ?? 0) + calls);
  }
  const first = Math.min(...byBin.keys());
  const last = Math.max(...byBin.keys());
  return Array.from({ length: total === 0 ? 0 : last - first + 1 }, (_, place) => {
    const calls = byBin.get(first + place) ?? 0;
    return { fromUs: edge(first + place), toUs: edge(first + place + 1), calls, share: calls / total };
  });
}

function binAt(us: Micros): number {
  const near = Math.floor(Math.log10(Math.max(us, 1)) * PER_DECADE);
  // Edges are whole microseconds, so that a bin holds exactly the times from its first edge to before the next.
  return us < edge(near) ? near - 1 : us >= edge(near + 1) ? near + 1 : near;
}
