/** @module Simulated experiments as whole reports and whole comparisons of results: false alarms, planted changes, and coverage of intervals. */
import { differenceOfCounts } from '../src/result/comparison/counts.ts';
import { type Difference, judge } from '../src/result/comparison/difference.ts';
import { differenceOfValues } from '../src/result/comparison/values.ts';
import type { VariantResult } from '../src/result/document.ts';
import { metricsOf, type QuantityMetric } from '../src/result/measure/metrics.ts';
import { MINIMUM_CHANGE } from '../src/result/regression/compare-results.ts';
import type { ComparisonDocument } from '../src/result/regression/document.ts';
import { testPairs } from '../src/result/regression/judge-pairs.ts';
import { valuePairs } from '../src/result/regression/pair-values.ts';
import { type Experiments, simulateComparisons, simulateVariants } from './aa-simulation.ts';
import { goalOf } from './goal.ts';
import { allWithin } from './known-figures.ts';
import { type Part, percent } from './verdicts-pairs.ts';
import { compareSides, isAlarm } from './verdicts-sides.ts';

const NOISE = 0.03;
const DRIFTS = [0, 0.05, 0.1];
const SIZES = [
  { variants: 1, repetitions: 3 },
  { variants: 1, repetitions: 10 },
  { variants: 3, repetitions: 5 },
  { variants: 3, repetitions: 10 },
];

const driftHead =
  (what: string) =>
  (drift: number): string =>
    drift === 0 ? `${what}, no drift` : `${100 * drift} % a trial`;

/** The share of seeds from 1 to `runs` for which `holds`. */
function shareOf(runs: number, holds: (seed: number) => boolean): number {
  const seeds = Array.from({ length: runs }, (_, index) => index + 1);
  return seeds.filter(holds).length / runs;
}

/**
 * The variants of two results whose trials were run in turns, as `paceline ab` runs them: the first half of the variants of one simulated
 * experiment, and the second half. `planted`: by which share the first variant of the candidate is slower.
 */
export function simulateSides(
  size: Omit<Experiments, 'planted'>,
  planted: number,
  seed: number,
): readonly [base: readonly VariantResult[], candidate: readonly VariantResult[]] {
  // The simulation plants in its second variant.
  const all = simulateVariants({ ...size, variants: 2 * size.variants, planted }, seed);
  return [all.filter((_, at) => at % 2 === 0), all.filter((_, at) => at % 2 === 1)];
}

/** The comparison of the two. */
export function simulateDocument(
  size: Omit<Experiments, 'planted'>,
  planted: number,
  seed: number,
): ComparisonDocument {
  return compareSides(...simulateSides(size, planted, seed));
}

/** Whole documents of variants that do not differ, in which anything at all is called regressed or improved. */
export function falseAlarms(runs: number): Part {
  const found = SIZES.map((size) => ({
    size,
    shares: [
      ...DRIFTS.map((drift) =>
        shareOf(runs, (seed) => isAlarm(simulateDocument({ ...size, drift, noise: NOISE }, 0, seed))),
      ),
      ...DRIFTS.map((drift) => shareOf(runs, (seed) => isReportAlarm({ ...size, drift }, seed))),
    ],
  }));
  return {
    tables: [
      {
        caption: 'Nothing differs: comparisons and reports with any false alarm in any metric of any variant',
        head: [
          'variants',
          'repetitions',
          ...DRIFTS.map(driftHead('compare')),
          ...DRIFTS.map(driftHead('report')),
        ],
        rows: found.map(({ size, shares }) => [
          String(size.variants),
          String(size.repetitions),
          ...shares.map(percent),
        ]),
      },
    ],
    goals: [
      goalOf(
        { what: 'share with any false alarm, simulated', direction: 'at most', bound: 0.05, unit: '' },
        Math.max(...found.flatMap(({ shares }) => shares)),
      ),
    ],
  };
}

function isReportAlarm(size: Pick<Experiments, 'variants' | 'repetitions' | 'drift'>, seed: number): boolean {
  const experiments = { ...size, variants: size.variants + 1, noise: NOISE, planted: 0 };
  return simulateComparisons(experiments, seed).some(
    ({ verdict }) => verdict === 'better' || verdict === 'worse',
  );
}

const PLANTED = [0.02, MINIMUM_CHANGE, 0.1];
/** Of the p50 of a trial; a pair has 2.8 %. */
const PLANTED_NOISE = 0.02;
const SLIGHT_DRIFTS = [0, 0.01];

/** A change that is planted in the p50 of one variant: how often the whole comparison has the verdict `regressed`. */
export function plantedChanges(runs: number): Part {
  const isRegressed = (planted: number, variants: number, drift: number) => (seed: number) => {
    const size = { variants, repetitions: 10, drift, noise: PLANTED_NOISE };
    return simulateDocument(size, planted, seed).verdict.status === 'regressed';
  };
  const found = PLANTED.flatMap((planted) =>
    [1, 3].map((variants) => ({
      planted,
      variants,
      shares: SLIGHT_DRIFTS.map((drift) => shareOf(runs, isRegressed(planted, variants, drift))),
    })),
  );
  const sharesOf = (planted: number): readonly number[] =>
    found.filter((one) => one.planted === planted).flatMap(({ shares }) => shares);
  return {
    tables: [
      {
        caption: `Planted changes of the p50, noise of ${percent(PLANTED_NOISE)} a trial, 10 repetitions: comparisons with the verdict regressed`,
        head: ['planted', 'variants', ...SLIGHT_DRIFTS.map(driftHead('compare'))],
        rows: found.map(({ planted, variants, shares }) => [
          `+${100 * planted} %`,
          String(variants),
          ...shares.map(percent),
        ]),
      },
    ],
    goals: [
      goalOf(
        { what: 'share of +10 % found, simulated', direction: 'at least', bound: 0.95, unit: '' },
        Math.min(...sharesOf(0.1)),
      ),
      goalOf(
        { what: 'share of +2 % called a regression, simulated', direction: 'at most', bound: 0, unit: '' },
        Math.max(...sharesOf(0.02)),
      ),
    ],
  };
}

const metricAt = (path: string): QuantityMetric => metricsOf().find((one) => one.path === path)!;
const P50 = metricAt('responseTime.p50Us');
const ERROR_RATE = metricAt('calls.errorRate');

type Two = readonly [VariantResult, VariantResult];

/** What has an interval, and its true value, when the p50 of the second variant is 10 % longer. */
const COVERED: readonly (readonly [name: string, of: (pair: Two) => Difference, truth: number])[] = [
  ['p50 in a report', (pair) => differenceOfValues(P50, pair, pair)!, 1.1],
  [
    'p50 in a comparison',
    ([base, candidate]) => testPairs(valuePairs(P50, base, candidate), 'ratio', MINIMUM_CHANGE),
    1.1,
  ],
  [
    'error rate in both',
    ([base, candidate]) =>
      differenceOfCounts(ERROR_RATE, [base.repetitions, candidate.repetitions])!.difference,
    0,
  ],
];
/** One-sided: an interval at 95 %. */
const COVERED_LEVEL = 0.025;

/** How often the interval at 95 % contains the true difference. */
export function coverage(runs: number): Part {
  const covers =
    ([, differenceOf, truth]: (typeof COVERED)[number], repetitions: number, drift: number) =>
    (seed: number) => {
      const pair = simulateVariants({ variants: 2, repetitions, drift, noise: NOISE, planted: 0.1 }, seed);
      const { ciLow, ciHigh } = judge(differenceOf([pair[0]!, pair[1]!]), COVERED_LEVEL);
      return ciLow <= truth && truth <= ciHigh;
    };
  const found = COVERED.flatMap((one) =>
    [3, 5, 10].map((repetitions) => ({
      name: one[0],
      repetitions,
      shares: DRIFTS.map((drift) => shareOf(runs, covers(one, repetitions, drift))),
    })),
  );
  const ofReports = found.filter(({ name }) => name === COVERED[0]![0]).flatMap(({ shares }) => shares);
  return {
    tables: [
      {
        caption:
          'Intervals at 95 % that contain the true difference of two variants whose trials ran in turns',
        head: ['metric', 'repetitions', ...DRIFTS.map(driftHead('intervals'))],
        rows: found.map(({ name, repetitions, shares }) => [
          name,
          String(repetitions),
          ...shares.map(percent),
        ]),
      },
    ],
    goals: [
      {
        ...allWithin(ofReports.map((share) => ({ good: share >= 0.93 && share <= 0.97 }))),
        what: 'coverage of the p50 in reports outside of 93 to 97 %',
      },
    ],
  };
}
