/** @module Counterbalanced orders of trials, so that what drifts from trial to trial reaches every variant alike. */
import type { Random } from '../../units/random.ts';

/** One block: every variant once, by its index, in the order they are run. */
export type Block = readonly number[];

/**
 * `blocks` blocks of `variants` variants. Each variant stands in each place equally often, as far as the numbers allow, and
 * the sums of the places are as equal as possible, so that linear drift cancels. Blocks are rows of a Williams design, in which each
 * variant follows each other one equally often (E. J. Williams, "Experimental designs balanced for the estimation of residual
 * effects of treatments", Australian Journal of Scientific Research A 2, 1949). `random` chooses among the orders that are
 * equally balanced.
 */
export function balancedOrder(variants: number, blocks: number, random: Random): readonly Block[] {
  const names = shuffled(
    Array.from({ length: variants }, (_, index) => index),
    random,
  );
  const design = williams(variants);
  const chosen: Block[] = [];
  while (chosen.length < blocks) {
    const unused = design.filter((row) => timesIn(chosen, row) === Math.floor(chosen.length / design.length));
    chosen.push(bestOf(shuffled(unused, random), chosen));
  }
  return chosen.map((row) => row.map((index) => names[index]!));
}

/** Each row begins one variant later than the one before; of an odd number of variants, the mirrored rows are needed, too. */
function williams(variants: number): readonly Block[] {
  const first = Array.from({ length: variants }, (_, place) =>
    place % 2 === 1 ? (place + 1) / 2 : (variants - place / 2) % variants,
  );
  const rows = first.map((_, shift) => first.map((index) => (index + shift) % variants));
  return variants % 2 === 0 || variants === 1 ? rows : [...rows, ...rows.map((row) => [...row].reverse())];
}

const timesIn = (blocks: readonly Block[], row: Block): number =>
  blocks.filter((block) => block === row).length;

/** The row that keeps the blocks most balanced, the first of several. */
function bestOf(rows: readonly Block[], before: readonly Block[]): Block {
  const scored = rows.map((row) => ({ row, ...imbalance([...before, row]) }));
  return scored.reduce((best, one) =>
    one.places < best.places || (one.places === best.places && one.sums < best.sums) ? one : best,
  ).row;
}

/** How unevenly variants stand in the places, and how unequal the sums of their places are; smaller is better. */
function imbalance(blocks: readonly Block[]): { readonly places: number; readonly sums: number } {
  const size = blocks[0]!.length;
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const block of blocks) for (const [place, index] of block.entries()) counts[index]![place]! += 1;
  const squares = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value * value, 0);
  return {
    places: squares(counts.flat()),
    sums: squares(counts.map((row) => row.reduce((sum, count, place) => sum + count * place, 0))),
  };
}

/** A random permutation (Fisher and Yates). */
function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const list = [...items];
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [list[last], list[other]] = [list[other]!, list[last]!];
  }
  return list;
}
