/** @module What the variant and drift add to the value of a trial. Why it is modelled so: docs/decisions/0004-comparison.md. */
import { type Fit, leastSquares } from '../statistics/least-squares.ts';
import type { Estimate } from '../statistics/three-sided.ts';

/** One value of one trial. */
export interface TrialValue {
  /** Index of the variant, from 0; each has a trial. */
  readonly variant: number;
  /** Index of the repetition: trials of one repetition were run one after the other. */
  readonly repetition: number;
  /** Place in the order of all trials. */
  readonly order: number;
  readonly value: number;
}

/** From so many degrees of freedom on, drift from repetition to repetition may have any shape. */
const ENOUGH_DEGREES = 8;

/** With more repetitions, neighbours share a block: each block is a column, and a fit takes time with the square of the columns. */
const MOST_BLOCKS = 50;

/**
 * The differences between variants, without drift, by least squares (an analysis of covariance): `value = variant + drift + chance`.
 * Drift within a repetition is a straight line over the order of trials. From one repetition to the next it may have any shape, if
 * there are enough trials for that; otherwise the line goes on. All trials together show how large chance is, so that
 * few repetitions of several variants suffice. Undefined when there are too few trials.
 */
export function differencesOf(
  trials: readonly TrialValue[],
): ((base: number, candidate: number) => Estimate) | undefined {
  const byBlock = fitModel(trials, true);
  const fitted = byBlock && byBlock.degrees >= ENOUGH_DEGREES ? byBlock : fitModel(trials, false);
  if (fitted === undefined) return undefined;
  const { coefficients, residuals, degrees } = fitted;
  const pooled = meanSquare(residuals, degrees);
  return (base, candidate) => {
    const weights = coefficients.map((_, column) => Number(column === candidate) - Number(column === base));
    const own = residuals.filter((_, row) => [base, candidate].includes(trials[row]!.variant));
    // Variants that vary more than the others do not become more certain by them.
    const variance = Math.max(pooled, meanSquare(own, (degrees * own.length) / residuals.length));
    return {
      mean: coefficients[candidate]! - coefficients[base]!,
      error: Math.sqrt(variance * fitted.varianceOf(weights)),
      degrees,
    };
  };
}

/** What a straight line over the order adds from the first trial to the last. Undefined when there are too few trials. */
export function driftOf(trials: readonly TrialValue[]): Estimate | undefined {
  const fitted = fitModel(trials, false);
  if (fitted === undefined) return undefined;
  const { coefficients, residuals, degrees } = fitted;
  const weights = coefficients.map((_, column) => Number(column === coefficients.length - 1));
  const variance = meanSquare(residuals, degrees);
  return { mean: coefficients.at(-1)!, error: Math.sqrt(variance * fitted.varianceOf(weights)), degrees };
}

/** Columns: the variants, with `byBlock` the blocks of repetitions but the first, and the place in the order from 0 to 1. */
function fitModel(trials: readonly TrialValue[], byBlock: boolean): Fit | undefined {
  const variants = Array.from({ length: Math.max(...trials.map(({ variant }) => variant)) + 1 });
  const repetitions = Math.max(...trials.map(({ repetition }) => repetition)) + 1;
  const blockOf = (repetition: number): number =>
    Math.floor(repetition / Math.ceil(repetitions / MOST_BLOCKS));
  const [, ...blocks] = byBlock ? new Set(trials.map(({ repetition }) => blockOf(repetition))) : [];
  const orders = trials.map(({ order }) => order);
  const first = Math.min(...orders);
  const length = Math.max(1, Math.max(...orders) - first);
  const rows = trials.map(({ variant, repetition, order }) => [
    ...variants.map((_, column) => Number(column === variant)),
    ...blocks.map((one) => Number(one === blockOf(repetition))),
    (order - first) / length,
  ]);
  return leastSquares(
    rows,
    trials.map(({ value }) => value),
  );
}

function meanSquare(residuals: readonly number[], degrees: number): number {
  return residuals.reduce((sum, residual) => sum + residual * residual, 0) / degrees;
}
