/**
 * @module Looking at the data before all of it is there: the level of each look, so that all looks together claim something wrong in no more
 * than the level of one test (K. Lan, D. DeMets, "Discrete sequential boundaries for clinical trials", Biometrika 70, 1983).
 */
import { normalDensity, normalTail } from './normal.ts';

/** Points of each integral (Simpson's rule), and how many standard deviations it begins below zero. */
const POINTS = 400;
const LOWEST = 8;

/** The sum of the data that has not crossed a boundary so far: its density on an even grid of values. */
interface Continuing {
  readonly low: number;
  readonly step: number;
  readonly density: readonly number[];
}

/**
 * The one-sided level at which each of `looks` (numbers of pairs, ascending; the last is the most there will be) tests, spending `level` in
 * the manner of Pocock: `level x ln(1 + (e - 1) x share of the pairs)` by the end of each look. Nearly the same level at each
 * look is spent by that, so a large change is found early. The levels are those of normal data with known variance; with Student's quantiles for
 * the degrees of freedom of a look, they hold for few pairs as well (`npm run bench -- verdicts` measures it).
 */
export function lookLevels(looks: readonly number[], level: number): readonly number[] {
  const most = looks.at(-1)!;
  const levels: number[] = [];
  let before: Continuing | undefined;
  let last = 0;
  for (const [at, look] of looks.entries()) {
    const share = look / most;
    const spent = spentBy(share, level);
    const increment = share - (at === 0 ? 0 : looks[at - 1]! / most);
    const boundary = boundaryFor(spent - last, before, increment);
    levels.push(normalTail(boundary / Math.sqrt(share)));
    before = continuing(before, increment, share, boundary);
    last = spent;
  }
  return levels;
}

/** What may have been spent when `share` of the pairs are there. */
export const spentBy = (share: number, level: number): number => level * Math.log(1 + (Math.E - 1) * share);

/** The value that the sum exceeds for the first time now with probability `chance`. */
function boundaryFor(chance: number, before: Continuing | undefined, increment: number): number {
  let [low, high] = [-LOWEST, LOWEST];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (chanceBeyond(middle, before, increment) > chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function chanceBeyond(value: number, before: Continuing | undefined, increment: number): number {
  if (before === undefined) return normalTail(value / Math.sqrt(increment));
  return integral(before, (sum) => normalTail((value - sum) / Math.sqrt(increment)));
}

/** The density of the sum after an increment, below the boundary. */
function continuing(
  before: Continuing | undefined,
  increment: number,
  share: number,
  boundary: number,
): Continuing {
  const low = -LOWEST * Math.sqrt(share);
  const step = (boundary - low) / POINTS;
  const density = Array.from({ length: POINTS + 1 }, (_, point) => {
    const value = low + point * step;
    if (before === undefined) return normalDensity(value, increment);
    return integral(before, (sum) => normalDensity(value - sum, increment));
  });
  return { low, step, density };
}

/** The integral of the density times `weight`, by Simpson's rule. */
function integral({ low, step, density }: Continuing, weight: (value: number) => number): number {
  const sum = density.reduce((total, value, point) => {
    const factor = point === 0 || point === POINTS ? 1 : point % 2 === 1 ? 4 : 2;
    return total + factor * value * weight(low + point * step);
  }, 0);
  return (sum * step) / 3;
}
