/** @module A variant's part of the result: its repetitions, their summary, and what follows from both. */
import type { Recording } from '../../recording/recording.ts';
import { caveatsOf } from '../comparison/caveats.ts';
import { spreadsOf } from '../comparison/spread.ts';
import type { Repetition, VariantResult } from '../document.ts';
import { QUANTITIES, type Quantities } from '../measure/quantities.ts';
import { binsOf } from './bins.ts';
import { summariseFaults } from './fault-summary.ts';
import { fellBehind } from './fell-behind.ts';
import { overTime } from './over-time.ts';
import { summariseRepetitions } from './summarise.ts';

/** What follows from the repetitions of a variant and their summary. */
type Conclusions = Pick<VariantResult, 'caveats' | 'fellBehind' | 'spreads' | 'bins' | 'faults'>;

/** A variant without its conclusions. */
export type MeasuredVariant = Omit<VariantResult, keyof Conclusions>;

/** A variant with its conclusions. */
export function withConclusions(
  variant: MeasuredVariant,
  quantities: Quantities = QUANTITIES,
): VariantResult {
  const { repetitions, summary } = variant;
  const faults = summariseFaults(repetitions);
  return {
    ...variant,
    caveats: caveatsOf(variant),
    fellBehind: summary !== null && fellBehind(variant, summary),
    spreads: spreadsOf(repetitions, quantities),
    bins: [...binsOf(summary?.histograms['responseTime'])],
    ...(faults && { faults }),
  };
}

/** A variant of which these repetitions were run, with their recordings. */
export function variantResult(
  variant: Pick<VariantResult, 'name' | 'settings' | 'base' | 'question'>,
  trials: readonly { readonly repetition: Repetition; readonly recording: Recording }[],
): VariantResult {
  const recordings = trials.map(({ recording }) => recording);
  const measured = {
    ...variant,
    repetitions: trials.map(({ repetition }) => repetition),
    summary: recordings.length > 0 ? summariseRepetitions(recordings) : null,
    overTime: [...overTime(recordings)],
  };
  return withConclusions(measured);
}
