/** @module Histograms of times in integer microseconds: a tally for the hot path, HdrHistogram for everything that is stored or read. */
import { createRequire } from 'node:module';
import type { Histogram } from 'hdr-histogram-js';
import type { Micros } from '../units/time.ts';

type Library = typeof import('hdr-histogram-js');
const require = createRequire(import.meta.url);
let loaded: Library | undefined;

/** Loaded when the first histogram is made: it takes some 80 ms, which the first call of a load need not wait for. */
function library(): Library {
  loaded ??= require('hdr-histogram-js') as Library;
  return loaded;
}

/** The longest time that is recorded; longer ones count as this one. */
const HIGHEST: Micros = 3_600_000_000;
/** Significant digits kept: a value read back is at most 0.1 % above the one recorded. */
const DIGITS = 3;
/** Values below `2 ** FINE` have a bucket of their own (2 * 10^3 rounded up to a power of two, as in HdrHistogram). */
const FINE = 11;

/**
 * The bucket of a whole number of microseconds: HdrHistogram's `countsArrayIndex` for a lowest value of 1, with
 * `2 ** bits` sub-buckets. Source: http://hdrhistogram.org, "HdrHistogram design".
 */
export function bucketOf(us: Micros, bits: number): number {
  const shift = 32 - Math.clz32(us) - bits;
  return shift <= 0 ? us : (shift << (bits - 1)) + (us >>> shift);
}

/** The lowest value of a bucket: the inverse of {@link bucketOf}. */
export function lowestOf(bucket: number, bits: number): Micros {
  const half = 2 ** (bits - 1);
  const shift = Math.max(0, Math.floor(bucket / half) - 1);
  return (bucket - shift * half) * 2 ** shift;
}

/** How many buckets there are up to {@link HIGHEST}. */
export function bucketCount(bits: number): number {
  return bucketOf(HIGHEST, bits) + 1;
}

/** A time as it is recorded: whole, not negative (a clock step between two processes), at most {@link HIGHEST}. */
export function clampTime(us: Micros): Micros {
  return us <= 0 ? 0 : us >= HIGHEST ? HIGHEST : Math.round(us);
}

/** A series of times as a plain value. Sums and maxima are exact, percentiles are read from the histogram. */
export interface Series {
  readonly count: number;
  readonly totalUs: Micros;
  readonly maxUs: Micros;
  /** HdrHistogram V2 compressed encoding in base64. */
  readonly histogram: string;
}

/**
 * Counts times into HdrHistogram's buckets. Recording is a shift and an increment where the library takes a logarithm and
 * two powers (`recorder.bench.ts` compares them), and allocates nothing; {@link Tally.series} hands the counts to the
 * library for encoding.
 */
export class Tally {
  readonly #counts = new Uint32Array(bucketCount(FINE));
  #totalUs: Micros = 0;
  #maxUs: Micros = 0;

  /** Adds one time, already passed through {@link clampTime}. */
  record(us: Micros): void {
    this.#counts[bucketOf(us, FINE)]! += 1;
    this.#totalUs += us;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  /** The counts as a plain value. */
  series(): Series {
    // Two hundred kinds of calls have six hundred tallies, each with 23,000 buckets, and most of these are above the maximum.
    const used = this.#counts.subarray(0, bucketOf(this.#maxUs, FINE) + 1);
    const count = used.reduce((sum, calls) => sum + calls, 0);
    if (count === 0) return emptySeries();
    const histogram = emptyHistogram(DIGITS);
    used.forEach((calls, bucket) => {
      if (calls > 0) histogram.recordValueWithCount(lowestOf(bucket, FINE), calls);
    });
    return {
      count,
      totalUs: this.#totalUs,
      maxUs: this.#maxUs,
      histogram: encodeHistogram(histogram),
    };
  }
}

/** An empty histogram of the library, for values up to {@link HIGHEST}. */
export function emptyHistogram(digits: 2 | 3): Histogram {
  return library().build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST,
    numberOfSignificantValueDigits: digits,
  });
}

/** The histogram of a {@link Series} or of a result file. Throws on text that is no such encoding. */
export function decodeHistogram(encoded: string): Histogram {
  return library().decodeFromCompressedBase64(encoded);
}

/** How the library's histograms in JavaScript keep their counts, which its types leave out. */
interface CountedBuckets {
  getCountAtIndex(bucket: number): number | undefined;
}

/** A histogram as text: HdrHistogram's V2 compressed encoding in base64. */
export function encodeHistogram(histogram: Histogram): string {
  return library().encodeIntoCompressedBase64(histogram);
}

/** The counts of a histogram of three digits: the lowest time of each bucket that is not empty and its calls, in rising order. */
export function countsIn(histogram: Histogram): readonly (readonly [us: Micros, calls: number])[] {
  const buckets = histogram.totalCount === 0 ? 0 : bucketOf(histogram.maxValue, FINE) + 1;
  const counts: (readonly [us: Micros, calls: number])[] = [];
  // Most buckets are empty: a comparison reads hundreds of histograms.
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const calls = (histogram as unknown as CountedBuckets).getCountAtIndex(bucket) ?? 0;
    if (calls > 0) counts.push([lowestOf(bucket, FINE), calls]);
  }
  return counts;
}

/**
 * The time that `percentile` per cent of the times of a histogram of three digits do not exceed, interpolated within its bucket as
 * if the times in it were spread evenly: unlike {@link percentileOf}, which gives the upper end of the bucket, it is not rounded to
 * 0.1 %. Undefined of an empty histogram.
 */
export function interpolatedPercentile(histogram: Histogram, percentile: number): Micros | undefined {
  const rank = (percentile / 100) * histogram.totalCount;
  const last = histogram.totalCount === 0 ? -1 : bucketOf(histogram.maxValue, FINE);
  for (let bucket = 0, before = 0; bucket <= last; bucket += 1) {
    const calls = (histogram as unknown as CountedBuckets).getCountAtIndex(bucket) ?? 0;
    if (calls > 0 && before + calls >= rank) {
      const lowest = lowestOf(bucket, FINE);
      const width = lowestOf(bucket + 1, FINE) - lowest;
      // Times were rounded to whole microseconds, so the bucket begins half of one below its lowest.
      return Math.max(0, lowest - 0.5 + (width * (rank - before)) / calls);
    }
    before += calls;
  }
  return undefined;
}

/** The mean of the times of a histogram of three digits, each taken as the middle of its bucket; 0 of an empty histogram. The library's own takes ten times as long. */
export function meanOf(histogram: Histogram): Micros {
  const counts = countsIn(histogram);
  const sum = counts.reduce((total, [us, calls]) => {
    const width = lowestOf(bucketOf(us, FINE) + 1, FINE) - us;
    return total + calls * (us + Math.floor(width / 2));
  }, 0);
  return counts.length === 0 ? 0 : sum / histogram.totalCount;
}

let empty: Series | undefined;

/** The series of no times. */
export function emptySeries(): Series {
  empty ??= {
    count: 0,
    totalUs: 0,
    maxUs: 0,
    histogram: encodeHistogram(emptyHistogram(DIGITS)),
  };
  return empty;
}

/** All series as one: what a single tally of all their times would have given, bit for bit. */
export function mergeSeries(list: readonly Series[]): Series {
  if (list.length === 1) return list[0]!;
  const merged = emptyHistogram(DIGITS);
  for (const series of list) if (series.count > 0) merged.add(decodeHistogram(series.histogram));
  return {
    count: list.reduce((sum, series) => sum + series.count, 0),
    totalUs: list.reduce((sum, series) => sum + series.totalUs, 0),
    maxUs: list.reduce((max, series) => Math.max(max, series.maxUs), 0),
    histogram: encodeHistogram(merged),
  };
}

/**
 * The value below or at which `percentile` per cent of the times lie (nearest rank), in microseconds; 0 of an empty
 * histogram. It is the upper end of its bucket, so never below the truth and at most 0.1 % above it.
 */
export function percentileOf(histogram: Histogram, percentile: number): Micros {
  return histogram.totalCount === 0 ? 0 : histogram.getValueAtPercentile(percentile);
}
