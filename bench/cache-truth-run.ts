/** @module Runs of profiles for the truth of caching, and what is read from their results. */
import type { VariantResult } from '../src/result/document.ts';
import type { CacheFigures } from '../src/result/measure/cache-figures.ts';
import type { Reading } from './known-figures.ts';

/** The figures of a variant. Throws when it has none: then nothing was measured. */
export function cacheOf(variants: ReadonlyMap<string, VariantResult>, name: string): CacheFigures {
  const figures = variants.get(name)?.summary?.cache;
  if (figures === undefined) throw new Error(`the variant "${name}" has no figures of caching`);
  return figures;
}

const percentText = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** A share against the expected one. `within` is a difference of shares. */
export function shareReading(
  name: string,
  figure: string,
  [expected, measured]: readonly [expected: number, measured: number | null],
  within: number,
): Reading {
  return {
    name,
    figure,
    expected: percentText(expected),
    measured: measured === null ? 'none' : percentText(measured),
    allowed: `${(100 * within).toFixed(1)} points`,
    good: measured !== null && Math.abs(measured - expected) <= within,
  };
}
