/** @module This build against the one before: the ratio of every figure that both were measured for in the same rounds. */
import { beforeName } from './build.ts';
import { FIGURES, type FigureName } from './figures.ts';
import { formatSpread, ratioOf, type Spread } from './ratio.ts';
import { type Rounds, roundsOf } from './rounds.ts';
import type { Table } from './table.ts';

/** One figure of one arm, this build over the one before. */
export interface Comparison {
  /** The arm, after what the arms of its rounds have in common. */
  readonly arm: string;
  readonly figure: FigureName;
  readonly ratio: Spread;
  /** Rounds in which both builds were measured. */
  readonly rounds: number;
  /** Better or worse only where the ratio of every round is on the same side of 1, and their median differs from 1 by {@link LEAST_DIFFERENCE}. */
  readonly verdict: 'better' | 'worse' | 'same' | 'undecided';
}

/** With fewer rounds, chance alone often puts all ratios on one side of 1. */
const LEAST_ROUNDS = 3;
/** Figures that hardly vary, such as bytes, differ in every round by less than anyone would notice. */
const LEAST_DIFFERENCE = 0.01;

/** All comparisons of the two builds in `rounds`; none without a build before. */
export function comparisonsIn(rounds: Rounds): readonly Comparison[] {
  const { title, names } = rounds;
  return (Object.keys(FIGURES) as FigureName[]).flatMap((figure) =>
    names.flatMap((name) => {
      const values = roundsOf(rounds, figure);
      const ratio = ratioOf(values, name, beforeName(name));
      if (ratio === undefined) return [];
      const count = values.filter(
        (round) => round[name] !== undefined && round[beforeName(name)] !== undefined,
      ).length;
      const arm = title === undefined ? name : `${title}: ${name}`;
      return { arm, figure, ratio, rounds: count, verdict: verdictOf(figure, ratio, count) };
    }),
  );
}

function verdictOf(figure: FigureName, { median, min, max }: Spread, rounds: number): Comparison['verdict'] {
  if (rounds < LEAST_ROUNDS) return 'undecided';
  if (Math.abs(median - 1) < LEAST_DIFFERENCE) return 'same';
  const { better } = FIGURES[figure];
  if (min > 1) return better === 'more' ? 'better' : 'worse';
  if (max < 1) return better === 'more' ? 'worse' : 'better';
  return 'same';
}

/** Comparisons by the section that they are of, the worse ones first. */
export function comparisonTable(
  all: readonly { readonly section: string; readonly comparison: Comparison }[],
): Table {
  const isWorse = ({ comparison }: (typeof all)[number]): boolean => comparison.verdict === 'worse';
  const inOrder = [...all.filter(isWorse), ...all.filter((each) => !isWorse(each))];
  return {
    caption: `This build against the one before: ${all.filter(isWorse).length} of ${all.length} figures are worse beyond their spread`,
    head: ['section', 'what', 'figure', 'better is', 'x before', ''],
    rows: inOrder.map(({ section, comparison: { arm, figure, ratio, verdict } }) => [
      section,
      arm,
      FIGURES[figure].what,
      FIGURES[figure].better,
      formatSpread(ratio, 3),
      verdict === 'worse' ? 'WORSE' : verdict,
    ]),
  };
}
