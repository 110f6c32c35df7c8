/** @module Variants as the sides of a comparison of results, without the files that a user would name. */
import type { Repetition, VariantResult } from '../src/result/document.ts';
import { compareResults, MINIMUM_CHANGE } from '../src/result/regression/compare-results.ts';
import type { Levels } from '../src/result/regression/conclude.ts';
import type { ComparisonDocument } from '../src/result/regression/document.ts';
import type { Measured } from '../src/result/regression/sides.ts';

/** A variant with the repetitions that are compared. */
export interface Compared extends Pick<VariantResult, 'settings'> {
  readonly repetitions: readonly Repetition[];
}

/** The variants of one side against those of the other, in their order, as `paceline compare` does it by default. `levels`: those of a look. */
export function compareSides(
  base: readonly Compared[],
  candidate: readonly Compared[],
  levels?: Levels,
): ComparisonDocument {
  return compareResults(sideOf(base), sideOf(candidate), {
    minEffect: MINIMUM_CHANGE,
    acceptsUnlike: false,
    ...(levels !== undefined && { levels }),
    createdAt: new Date(0),
  });
}

/** Whether anything at all is called regressed or improved. */
export const isAlarm = ({ changes }: ComparisonDocument): boolean =>
  changes.some(({ verdict }) => verdict === 'regressed' || verdict === 'improved');

function sideOf(variants: readonly Compared[]): Measured {
  const machine = { cpu: '', cores: 1, memoryBytes: 1, os: '', node: '', loadAverage1: 0 };
  return {
    side: {
      label: '',
      files: [],
      createdAt: '',
      paceline: '',
      seed: 1,
      machine,
      repetitions: variants[0]?.repetitions.length ?? 0,
      isComplete: true,
    },
    profile: {},
    variants: variants.map(({ settings, repetitions }, at) => ({ name: String(at), settings, repetitions })),
  };
}
