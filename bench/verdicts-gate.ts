/** @module Simulated comparisons in which more calls of the candidate fail: how often that alone, without the headline metric, makes the verdict `regressed`. */
import { SHARE_MARGIN } from '../src/result/comparison/counts.ts';
import { MINIMUM_CHANGE } from '../src/result/regression/compare-results.ts';
import type { ComparisonDocument } from '../src/result/regression/document.ts';
import { isErrorGate } from '../src/result/regression/gate.ts';
import { FAMILY_LEVEL } from '../src/result/statistics/holm.ts';
import type { Experiments } from './aa-simulation.ts';
import { goalOf } from './goal.ts';
import { type Part, percent } from './verdicts-pairs.ts';
import { simulateDocument } from './verdicts-reports.ts';

const NOISE = 0.03;
/** By how much the share of failed calls of the candidate's first variant is larger. */
const RISES = [0, SHARE_MARGIN / 2, SHARE_MARGIN, 2 * SHARE_MARGIN, 4 * SHARE_MARGIN];
const SIZES = [
  { variants: 1, repetitions: 3 },
  { variants: 1, repetitions: 5 },
  { variants: 1, repetitions: 10 },
  { variants: 3, repetitions: 10 },
];

type Size = Pick<Experiments, 'variants' | 'repetitions'>;

/** Of `runs` comparisons, the share for which `holds`. `slower`: by which share the p50 of the candidate's first variant is longer. */
function shareOf(
  runs: number,
  size: Size,
  { rise, slower }: { readonly rise: number; readonly slower: number },
  holds: (document: ComparisonDocument) => boolean,
): number {
  const experiments = { ...size, drift: 0, noise: NOISE, moreErrors: rise };
  const seeds = Array.from({ length: runs }, (_, index) => index + 1);
  return seeds.filter((seed) => holds(simulateDocument(experiments, slower, seed))).length / runs;
}

/** Whether the error rate of a variant makes the verdict. */
export const isGated = (document: ComparisonDocument): boolean =>
  document.changes.some((change) => isErrorGate(change, document));

const isRegressed = ({ verdict }: ComparisonDocument): boolean => verdict.status === 'regressed';

/** How often the error rate decides by its true rise, and how often the whole verdict is wrong. */
export function errorGate(runs: number): Part {
  const found = SIZES.map((size) => ({
    size,
    gated: RISES.map((rise) => shareOf(runs, size, { rise, slower: 0 }, isGated)),
    equal: shareOf(runs, size, { rise: 0, slower: 0 }, isRegressed),
    atMargins: shareOf(runs, size, { rise: SHARE_MARGIN, slower: MINIMUM_CHANGE }, isRegressed),
  }));
  const points = (rise: number): string => `+${Number((100 * rise).toPrecision(3))} points`;
  return {
    tables: [
      {
        caption:
          'More calls of the candidate fail: comparisons that the error rate calls regressed, by its true rise; and all with the verdict regressed, where nothing differs and where p50 and error rate are both at their margins',
        head: [
          'variants',
          'repetitions',
          ...RISES.map(points),
          'verdict, nothing differs',
          'both at the margin',
        ],
        rows: found.map(({ size, gated, equal, atMargins }) => [
          String(size.variants),
          String(size.repetitions),
          ...gated.map(percent),
          percent(equal),
          percent(atMargins),
        ]),
      },
    ],
    goals: [
      goalOf(
        {
          what: 'share that the error rate calls regressed at its margin, of 5 % and two standard errors',
          direction: 'at most',
          bound: FAMILY_LEVEL + 2 * Math.sqrt((FAMILY_LEVEL * (1 - FAMILY_LEVEL)) / runs),
          unit: '',
        },
        Math.max(...found.map(({ gated }) => gated[RISES.indexOf(SHARE_MARGIN)]!)),
      ),
      goalOf(
        {
          what: 'share of the verdict regressed where nothing differs',
          direction: 'at most',
          bound: FAMILY_LEVEL,
          unit: '',
        },
        Math.max(...found.map(({ equal }) => equal)),
      ),
      goalOf(
        { what: 'share of +1 point found with 10 repetitions', direction: 'at least', bound: 0.95, unit: '' },
        Math.min(
          ...found
            .filter(({ size }) => size.repetitions === 10)
            .map(({ gated }) => gated[RISES.indexOf(2 * SHARE_MARGIN)]!),
        ),
      ),
    ],
  };
}
