/**
 * @module Looking at the data before all of it is there: the level of each look, so that all looks together claim something wrong in no more
 * than the level of one test (K. Lan, D. DeMets, "Discrete sequential boundaries for clinical trials", Biometrika 70, 1983).
 */
import { studentTail } from './student.ts';

/**
 * The one-sided level at which each of `looks` (numbers of pairs, ascending, from 2 on; the last is the most there will be) tests, spending `level`
 * in the manner of Pocock: `level x ln(1 + (e - 1) x share of the pairs)` by the end of each look. Nearly the same level at
 * each look is spent by that, so a large change is found early.
 *
 * The levels are those of Student's test, whose variance is estimated anew at each look. Levels of normal data with known variance, the usual
 * approximation (C. Jennison, B. Turnbull, "Group sequential methods", 2000, section 11.4), spend 5.4 % instead of 5 % from 5 pairs on.
 */
export function lookLevels(looks: readonly number[], level: number): readonly number[] {
  const most = looks.at(-1)!;
  const levels: number[] = [];
  let before: Continuing | undefined;
  let last = 0;
  for (const look of looks) {
    const spent = spentBy(look / most, level);
    const next = tailAfter(before, look);
    const boundary = boundaryFor(spent - last, next);
    levels.push(studentTail(studentOf(boundary, look), look - 1) / 2);
    before = continuing(next, boundary, look);
    last = spent;
  }
  return levels;
}

/** What {@link lookLevels} spends at each look. Claims of several tests at each look, made at these levels by Holm's method, are wrong in `level` at most. */
export function lookShares(looks: readonly number[], level: number): readonly number[] {
  const spent = looks.map((look) => spentBy(look / looks.at(-1)!, level));
  return spent.map((by, at) => by - (spent[at - 1] ?? 0));
}

/** What may have been spent when `share` of the pairs are there. */
const spentBy = (share: number, level: number): number => level * Math.log(1 + (Math.E - 1) * share);

/**
 * The data that has crossed no boundary so far. Of n differences from the true mean, the direction is all that Student's t depends on:
 * `x = sum / sqrt(n x sum of squares)`, the cosine of an angle, and `t = x sqrt((n - 1) / (1 - x x))`. That direction is independent of the sum of squares.
 * So the x of all data is known from the x of the earlier and of the new data, and an independent angle that says how the sum of
 * squares is divided between them (see {@link tailAfter}).
 */
interface Continuing {
  readonly pairs: number;
  /** The probability that x is about each of these values. */
  readonly masses: readonly (readonly [x: number, mass: number])[];
}

/** The probability that x exceeds a value now, and no boundary was crossed before. */
type Tail = (x: number) => number;

/** Values of x, and how many of its standard deviations they begin below zero. */
const CELLS = 200;
const LOWEST = 8;

const ANGLES = 48;

/**
 * With n earlier and m new differences, of which the earlier ones have the share cos(a)^2 of the sum of squares, x = sqrt(n / (n + m)) cos(a) x(earlier) +
 * sqrt(m / (n + m)) sin(a) x(new), and the density of the angle a is proportional to cos(a)^(n - 1) sin(a)^(m - 1).
 */
function tailAfter(before: Continuing | undefined, look: number): Tail {
  if (before === undefined) return directionTail(look);
  const { pairs, masses } = before;
  const fresh = look - pairs;
  const ownTail = tabled(directionTail(fresh));
  const angles = anglesOf(pairs, fresh);
  return (x) => {
    let sum = 0;
    for (const { earlier, later, weight } of angles)
      for (const [old, mass] of masses) sum += weight * mass * ownTail((x - earlier * old) / later);
    return sum;
  };
}

/** The factors of x of the earlier and of the new differences for some angles, each with its probability. */
function anglesOf(pairs: number, fresh: number) {
  const all = pairs + fresh;
  const angles = Array.from({ length: ANGLES }, (_, at) => ((at + 0.5) / ANGLES) * (Math.PI / 2)).map(
    (angle) => ({
      earlier: Math.sqrt(pairs / all) * Math.cos(angle),
      later: Math.sqrt(fresh / all) * Math.sin(angle),
      density: Math.cos(angle) ** (pairs - 1) * Math.sin(angle) ** (fresh - 1),
    }),
  );
  const total = angles.reduce((sum, { density }) => sum + density, 0);
  return angles.map(({ earlier, later, density }) => ({ earlier, later, weight: density / total }));
}

/** The probability that x of `count` differences exceeds a value; a single one has the direction 1 or -1. */
function directionTail(count: number): Tail {
  return (x) => {
    if (x >= 1 || x <= -1) return x >= 1 ? 0 : 1;
    if (count === 1) return 0.5;
    const half = studentTail(studentOf(Math.abs(x), count), count - 1) / 2;
    return x > 0 ? half : 1 - half;
  };
}

/** Student's t of `count` differences with this x. */
const studentOf = (x: number, count: number): number => x * Math.sqrt((count - 1) / (1 - x * x));

const TABLE = 2000;

/** The same, interpolated: it is asked for some millions of times. */
function tabled(tail: Tail): Tail {
  const table = Array.from({ length: TABLE + 1 }, (_, at) => tail((2 * at) / TABLE - 1));
  return (x) => {
    if (x >= 1 || x <= -1) return x >= 1 ? 0 : 1;
    const at = ((x + 1) / 2) * TABLE;
    const low = Math.floor(at);
    return table[low]! + (at - low) * (table[low + 1]! - table[low]!);
  };
}

/** The x that is exceeded for the first time now with probability `chance`. */
function boundaryFor(chance: number, tail: Tail): number {
  let [low, high] = [-1, 1];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (tail(middle) > chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** What is left below the boundary. */
function continuing(tail: Tail, boundary: number, pairs: number): Continuing {
  const low = Math.max(-1, -LOWEST / Math.sqrt(pairs));
  const step = (boundary - low) / CELLS;
  const tails = Array.from({ length: CELLS + 1 }, (_, at) => tail(low + at * step));
  const masses = Array.from(
    { length: CELLS },
    (_, at) => [low + (at + 0.5) * step, tails[at]! - tails[at + 1]!] as const,
  );
  return { pairs, masses };
}
