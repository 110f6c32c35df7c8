/** @module Simulated pairs of repetitions with a known change and known noise, and how often the test of `paceline compare` claims what. */
import { MINIMUM_CHANGE } from '../src/result/regression/compare-results.ts';
import { testPairs, type ValuePair } from '../src/result/regression/judge-pairs.ts';
import { FAMILY_LEVEL } from '../src/result/statistics/holm.ts';
import type { Claim } from '../src/result/statistics/three-sided.ts';
import { type Random, randomAt } from '../src/units/random.ts';
import { normal } from './aa-simulation.ts';
import { allWithin } from './known-figures.ts';
import type { Outcome } from './section.ts';

/** Pairs that are drawn: the true change as a share, and the standard deviation of a pair as a share. */
export interface Drawn {
  readonly change: number;
  readonly noise: number;
}

export function drawPair({ change, noise }: Drawn, random: Random): ValuePair {
  return { base: 1, candidate: (1 + change) * Math.exp(noise * normal(random)) };
}

/** The claim of the pairs about their ratio; undefined when the level allows none. */
export function claimOf(pairs: readonly ValuePair[], level = FAMILY_LEVEL): Claim | undefined {
  const { claim, tail } = testPairs(pairs, 'ratio', MINIMUM_CHANGE);
  return tail < level ? claim : undefined;
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const CHANGES = [0, 0.02, 0.05, 0.08, 0.1, 0.2];

/** Percentages `regressed` and `same` that independent simulations of 20,000 runs each gave, in the order of {@link CHANGES}. */
const EXPECTED: readonly (readonly [noise: number, pairs: number, shares: readonly string[]])[] = [
  [0.02, 3, ['0/74', '0/50', '5/5', '49/0', '81/0', '100/0']],
  [0.02, 5, ['0/99', '0/84', '5/5', '82/0', '99/0', '100/0']],
  [0.03, 3, ['0/38', '0/28', '5/5', '30/0', '55/0', '100/0']],
  [0.03, 5, ['0/82', '0/55', '5/5', '54/0', '88/0', '100/0']],
  [0.03, 10, ['0/100', '0/88', '5/5', '86/0', '100/0', '100/0']],
  [0.05, 10, ['0/76', '0/51', '5/5', '50/0', '86/0', '100/0']],
  [0.05, 20, ['0/99', '0/80', '5/5', '78/0', '99/0', '100/0']],
];

/** A point, and the half by which a whole percentage is rounded. */
const WITHIN = 0.015;

/** Tables and goals of a part of the section. */
export type Part = Required<Pick<Outcome, 'tables' | 'goals'>>;

/** How often a change of each size is called regressed and the same, and whether that is what it should be. */
export function characteristics(runs: number): Part {
  const rows = EXPECTED.map(([noise, pairs, expected]) => ({
    size: [percent(noise), String(pairs)],
    cells: CHANGES.map((change, at) => cellOf(sharesOf({ change, noise }, pairs, runs), expected[at]!)),
  }));
  return {
    tables: [
      {
        caption: `Comparisons called regressed / the same, %, at a margin of ${percent(MINIMUM_CHANGE)}, by the true change`,
        head: ['noise of a pair', 'pairs', ...CHANGES.map((change) => `+${100 * change} %`)],
        rows: rows.map(({ size, cells }) => [...size, ...cells.map(({ text }) => text)]),
      },
    ],
    goals: [{ ...allWithin(rows.flatMap(({ cells }) => cells)), what: 'shares off by more than a point' }],
  };
}

function cellOf(
  shares: readonly number[],
  expected: string,
): { readonly text: string; readonly good: boolean } {
  const wanted = expected.split('/').map((one) => Number(one) / 100);
  const good = shares.every((share, which) => Math.abs(share - wanted[which]!) <= WITHIN);
  const text = shares.map((share) => (100 * share).toFixed(1)).join(' / ');
  return { good, text: good ? text : `${text} MISSED ${expected}` };
}

/** The shares of `runs` comparisons that are called regressed, and the same. */
export function sharesOf(drawn: Drawn, pairs: number, runs: number): readonly [number, number] {
  const random = randomAt(1, 'service', Math.round(1e6 * drawn.change + 1e4 * drawn.noise) + pairs);
  let [regressed, same] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    const claim = claimOf(Array.from({ length: pairs }, () => drawPair(drawn, random)));
    if (claim === 'above') regressed += 1;
    if (claim === 'within') same += 1;
  }
  return [regressed / runs, same / runs];
}
