/** @module Which of a few repetitions are outliers among them. They are told, and counted all the same. */
import type { OutlierTrial } from './document.ts';

/** Quartiles of fewer values say nothing about any of them. */
const FEWEST = 5;
/** Beyond so many interquartile ranges outside of the quartiles: Tukey's outer fences, "Exploratory Data Analysis", 1977. */
const FENCE = 3;
/** Nearer to the median of the others than this share of it, no value is worth a word. Of few values that are almost equal some are beyond the fences by chance. */
const WORTH_A_WORD = 0.05;

/** An outlier, by its place among the values. */
interface Outlier extends Omit<OutlierTrial, 'repetition'> {
  readonly at: number;
}

/** The outliers among `values`, in their order. */
export function outlierTrials(values: readonly number[]): readonly Outlier[] {
  if (values.length < FEWEST) return [];
  const [low, high] = [quantile(values, 0.25), quantile(values, 0.75)];
  const reach = FENCE * (high - low);
  return values.flatMap((value, at): readonly Outlier[] => {
    if (value >= low - reach && value <= high + reach) return [];
    const othersMedian = quantile(values.toSpliced(at, 1), 0.5);
    return Math.abs(value - othersMedian) < WORTH_A_WORD * othersMedian ? [] : [{ at, value, othersMedian }];
  });
}

/** Interpolated between the values on both sides (type 7 of R. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", 1996). */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (place - below) * (next - sorted[below]!);
}
