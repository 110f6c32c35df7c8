/** @module What an A/B comparison has shown: its two sides, judged as `paceline compare` judges two results. */

import { plural } from '../../report/wording.ts';
import type { Repetition, ResultDocument } from '../../result/document.ts';
import { type Block, isOneSided, type Spoilt } from '../../result/regression/blocks.ts';
import { type CompareOptions, compareResults } from '../../result/regression/compare-results.ts';
import type { ComparisonDocument } from '../../result/regression/document.ts';
import { type Measured, measuredSide } from '../../result/regression/sides.ts';
import { levelsAt } from '../plan/looks.ts';
import type { Standing } from '../plan/sequential.ts';

/** How people call a side. */
export interface SideLabel {
  readonly label: string;
  /** The revision that it runs; absent where the sides do not differ in that. */
  readonly revision?: string | undefined;
}

export interface SidesOptions extends Pick<CompareOptions, 'minEffect' | 'headline' | 'createdAt'> {
  readonly labels: { readonly base: SideLabel; readonly candidate: SideLabel };
  /** The file of the result. */
  readonly file: string;
  /** The numbers of pairs at which it looks. */
  readonly looks: readonly number[];
}

/**
 * The comparison of the two variants of `document`, whose blocks stand as `standing` says. Blocks that say nothing are left out, with a reason that
 * tells so. Nothing is decided when the comparison was given up because of them. A block in which one side alone had no call that ended ok is
 * evidence against a pass: with one, the verdict is `regressed` or `undecided`.
 */
export function compareSides(
  document: ResultDocument,
  standing: Standing,
  { labels, file, looks, ...options }: SidesOptions,
): ComparisonDocument {
  const { sound, ending } = standing;
  const sideOf = (side: 'base' | 'candidate'): Measured =>
    measuredOf(
      document,
      labels[side],
      file,
      sound.map((block) => block[side]),
    );
  const compared = compareResults(sideOf('base'), sideOf('candidate'), {
    ...options,
    acceptsUnlike: false,
    keepsDistributions: true,
    levels: levelsAt(looks, sound.length),
  });
  const left = leftOut(standing.blocks);
  if (ending?.kind !== 'spoilt') {
    const { status, reasons } = compared.verdict;
    const verdict = { status, reasons: [...reasons, ...left] };
    const isDoubtful = status !== 'regressed' && standing.blocks.some(isOneSided);
    return isDoubtful ? withoutPass({ ...compared, verdict }) : { ...compared, verdict };
  }
  const changes = compared.changes.map((change) => ({
    ...change,
    verdict: 'undecided' as const,
    because: ending.because,
  }));
  return { ...compared, changes, verdict: { status: 'undecided', reasons: [...left] } };
}

/** Neither the verdict nor a headline metric says that the candidate is as good as the base. */
function withoutPass(compared: ComparisonDocument): ComparisonDocument {
  const changes = compared.changes.map((change) =>
    change.isHeadline && change.because === null
      ? { ...change, verdict: 'undecided' as const, because: 'one-sided-blocks' as const }
      : change,
  );
  return { ...compared, changes, verdict: { ...compared.verdict, status: 'undecided' } };
}

/** The sides differ in what was measured only, so one description of the settings holds for both. */
function measuredOf(
  document: ResultDocument,
  { label, revision }: SideLabel,
  path: string,
  repetitions: readonly Repetition[],
): Measured {
  const variant = { ...document.variants[0]!, name: '', repetitions: [...repetitions] };
  const measured = measuredSide(label, [{ path, document: { ...document, variants: [variant] } }]);
  return { ...measured, side: { ...measured.side, ...(revision !== undefined && { revision }) } };
}

const CAUSES: Readonly<Record<Spoilt, string>> = {
  'generator-bound': 'the generator was the bottleneck',
  'nothing-worked': 'not one call ended ok',
};

/** The cause in words, for a sentence. */
export const causeText = ({ side, because }: NonNullable<Block['spoilt']>): string =>
  `${CAUSES[because]} (${side === 'base' ? 'a' : 'b'})`;

/** A clause for each cause for which blocks are left out. */
export function leftOut(blocks: readonly Block[]): readonly string[] {
  const idle = blocks.flatMap(({ base, candidate, spoilt }) => {
    if (spoilt?.because !== 'nothing-worked') return [];
    if (base.calls.ok > 0) return ['b'];
    return [candidate.calls.ok > 0 ? 'a' : 'either side'];
  });
  const bound = blocks.filter(({ spoilt }) => spoilt?.because === 'generator-bound').length;
  return [
    ...[...new Set(idle)].map((side) => {
      const count = idle.filter((one) => one === side).length;
      return `in ${count} of ${plural(blocks.length, 'block')}, not one call of ${side} ended ok`;
    }),
    ...(bound === 0
      ? []
      : [
          `${bound} of ${plural(blocks.length, 'block')} ${bound === 1 ? 'is' : 'are'} left out: the generator was the bottleneck`,
        ]),
  ];
}
