/** @module Simulated runs of `paceline ab` in which more calls of the candidate fail: what the error rate does at the looks, beside the headline metric. */
import { levelsAt } from '../src/experiment/plan/looks.ts';
import { SHARE_MARGIN } from '../src/result/comparison/counts.ts';
import type { VariantResult } from '../src/result/document.ts';
import { MINIMUM_CHANGE } from '../src/result/regression/compare-results.ts';
import type { ComparisonDocument } from '../src/result/regression/document.ts';
import { FAMILY_LEVEL } from '../src/result/statistics/holm.ts';
import { goalOf } from './goal.ts';
import { isGated } from './verdicts-gate.ts';
import { LOOKS } from './verdicts-looks.ts';
import { type Part, percent } from './verdicts-pairs.ts';
import { simulateSides } from './verdicts-reports.ts';
import { compareSides } from './verdicts-sides.ts';

const NOISES = [0.03, 0.05];
/** By which share the p50 of the candidate is longer, and by how much the share of its failed calls is larger. */
const CHANGES = [
  { slower: 0, rise: 0 },
  { slower: 0, rise: SHARE_MARGIN },
  { slower: MINIMUM_CHANGE, rise: 0 },
  { slower: MINIMUM_CHANGE, rise: SHARE_MARGIN },
  { slower: 0, rise: 2 * SHARE_MARGIN },
  { slower: 0, rise: 4 * SHARE_MARGIN },
] as const;

type Change = (typeof CHANGES)[number];

/** What `paceline ab` says, and after how many pairs: at the first look that decides the headline metric, or at the last one. */
function lookUntilDecided({ slower, rise }: Change, noise: number, seed: number) {
  const size = { variants: 1, repetitions: LOOKS.at(-1)!, drift: 0, noise, moreErrors: rise };
  const [base, candidate] = simulateSides(size, slower, seed);
  for (const pairs of LOOKS) {
    const document = compareSides(first(base, pairs), first(candidate, pairs), levelsAt(LOOKS, pairs));
    if (isDecided(document) || pairs === LOOKS.at(-1)) return { document, pairs };
  }
  throw new Error('there is no look');
}

const first = (variants: readonly VariantResult[], pairs: number): readonly VariantResult[] =>
  variants.map((variant) => ({ ...variant, repetitions: variant.repetitions.slice(0, pairs) }));

const isDecided = ({ changes }: ComparisonDocument): boolean =>
  changes.some(({ isHeadline, verdict }) => isHeadline && verdict !== 'undecided');

/** Verdicts of whole runs of `paceline ab`, and how often the error rate alone makes them `regressed`. */
export function gateInLooks(runs: number): Part {
  const found = NOISES.flatMap((noise) =>
    CHANGES.map((change) => {
      const ended = Array.from({ length: runs }, (_, index) => lookUntilDecided(change, noise, index + 1));
      const shareOf = (holds: (document: ComparisonDocument) => boolean): number =>
        ended.filter(({ document }) => holds(document)).length / runs;
      return {
        noise,
        change,
        statuses: STATUSES.map((status) => shareOf(({ verdict }) => verdict.status === status)),
        gated: shareOf(isGated),
        pairs: ended.reduce((sum, { pairs }) => sum + pairs, 0) / runs,
      };
    }),
  );
  const equal = found.filter(({ change }) => change === CHANGES[0]);
  const atErrorMargin = found.filter(({ change }) => change.rise === SHARE_MARGIN);
  return {
    tables: [
      {
        caption: `Runs of \`paceline ab\` with looks at ${LOOKS.join(', ')} pairs that end when the headline metric is decided: their verdicts, and those in which the error rate is regressed`,
        head: ['noise of a trial', 'p50', 'error rate', ...STATUSES, 'by the error rate', 'pairs, mean'],
        rows: found.map(({ noise, change: { slower, rise }, statuses, gated, pairs }) => [
          percent(noise),
          `+${100 * slower} %`,
          `+${Number((100 * rise).toPrecision(3))} points`,
          ...statuses.map(percent),
          percent(gated),
          pairs.toFixed(1),
        ]),
      },
    ],
    goals: [
      goalOf(
        {
          what: 'share of the verdict regressed of `ab` where nothing differs',
          direction: 'at most',
          bound: FAMILY_LEVEL,
          unit: '',
        },
        Math.max(...equal.map(({ statuses: [regressed] }) => regressed!)),
      ),
      goalOf(
        {
          what: 'share that the error rate calls regressed in `ab` at its margin, of 5 % and two standard errors',
          direction: 'at most',
          bound: FAMILY_LEVEL + 2 * Math.sqrt((FAMILY_LEVEL * (1 - FAMILY_LEVEL)) / runs),
          unit: '',
        },
        Math.max(...atErrorMargin.map(({ gated }) => gated)),
      ),
    ],
  };
}

const STATUSES = ['regressed', 'improved', 'same', 'undecided'] as const;
