/** @module Outliers of a few values by the generalized extreme studentized deviate test. */
import { FAMILY_LEVEL } from './holm.ts';
import { meanOf } from './mean.ts';
import { studentQuantile } from './student.ts';

/**
 * The indices of the outliers among `values`, the most extreme first; `most` is how many there are at most. If the others are normally
 * distributed, and there is no outlier, one is found in `level` of samples. B. Rosner, "Percentage Points for a Generalized ESD
 * Many-Outlier Procedure", Technometrics 25(2), 1983; with `most` = 1 it is Grubbs' test.
 */
export function outliersOf(
  values: readonly number[],
  most: number,
  level: number = FAMILY_LEVEL,
): readonly number[] {
  const left = values.map((value, index) => ({ value, index }));
  const removed: number[] = [];
  let found = 0;
  // A deviation among fewer than three values says nothing.
  while (removed.length < most && left.length > 2) {
    const { place, deviation } = mostExtreme(left.map(({ value }) => value));
    if (deviation > criticalDeviation(left.length, level)) found = removed.length + 1;
    removed.push(...left.splice(place, 1).map(({ index }) => index));
  }
  return removed.slice(0, found);
}

/** The value farthest from the mean, and its distance in standard deviations; 0 when all are equal. */
function mostExtreme(values: readonly number[]): { readonly place: number; readonly deviation: number } {
  // The mean of equal values is rounded, and then is none of them.
  if (values.every((value) => value === values[0])) return { place: 0, deviation: 0 };
  const mean = meanOf(values);
  const distances = values.map((value) => Math.abs(value - mean));
  const farthest = Math.max(...distances);
  const variance = distances.reduce((sum, distance) => sum + distance ** 2, 0) / (values.length - 1);
  return { place: distances.indexOf(farthest), deviation: farthest / Math.sqrt(variance) };
}

/** What the largest deviation of `count` values exceeds with a probability of `level`. */
function criticalDeviation(count: number, level: number): number {
  const degrees = count - 2;
  const t = studentQuantile(level / count, degrees);
  return ((count - 1) * t) / Math.sqrt((degrees + t * t) * count);
}
