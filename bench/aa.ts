/** @module The section `aa`: how often reports of simulated experiments claim a difference that is not there, and find one that is. */
import { type Comparison, MINIMUM_EFFECT } from '../src/result/document.ts';
import { type Experiments, simulateComparisons } from './aa-simulation.ts';
import { type PairedExperiments, simulateAdded } from './added-simulation.ts';
import type { Context } from './context.ts';
import type { Outcome, Section } from './section.ts';
import type { Table } from './table.ts';

/** Simulated experiments per figure, for each of `--rounds`. */
const RUNS_PER_ROUND = 200;
const SIZES = [2, 4, 6].flatMap((variants) =>
  [3, 5, 10].map((repetitions) => ({ variants, repetitions }) as const),
);
const DRIFTS = [0, 0.05, 0.1];
const DRIFTS_US = [0, 1, 3];
const NOISES = [0.01, 0.03, 0.06];
const TYPICAL_NOISE = 0.03;
const PLANTED = 0.2;

const isClaim = ({ verdict }: Comparison): boolean => verdict === 'better' || verdict === 'worse';
const isFound = ({ metric, candidate, verdict }: Comparison): boolean =>
  metric === 'responseTime.p50Us' && candidate === '1' && verdict === 'worse';

/** The share of `runs` experiments, each with a seed of its own, with a comparison that `holds`. */
function shareOf(experiments: Experiments, runs: number, holds: (one: Comparison) => boolean): number {
  const seeds = Array.from({ length: runs }, (_, index) => index + 1);
  return seeds.filter((seed) => simulateComparisons(experiments, seed).some(holds)).length / runs;
}

/** The share of `runs` experiments in which the interval of a difference of 0 contains 0. */
function coverageOf(experiments: PairedExperiments, runs: number): number {
  const seeds = Array.from({ length: runs }, (_, index) => index + 1);
  const covered = seeds.filter((seed) => {
    const { low = 1, high = -1 } = simulateAdded(experiments, seed).interval ?? {};
    return low <= 0 && 0 <= high;
  });
  return covered.length / runs;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A row per size of the experiment, a column per value of what is varied. */
function tableOf(
  caption: string,
  heads: readonly string[],
  shares: (size: (typeof SIZES)[number]) => readonly number[],
): Table {
  return {
    caption,
    head: ['variants', 'repetitions', ...heads],
    rows: SIZES.map((size) => [
      String(size.variants),
      String(size.repetitions),
      ...shares(size).map(percent),
    ]),
  };
}

async function run({ effort, say }: Context): Promise<Outcome> {
  const runs = effort.rounds * RUNS_PER_ROUND;
  say(`${runs} simulated experiments per figure`);
  const claims = tableOf(
    'Reports of variants that do not differ in which a difference is claimed',
    DRIFTS.map((drift) => (drift === 0 ? 'no drift' : `drift of ${100 * drift} % a trial`)),
    (size) =>
      DRIFTS.map((drift) => shareOf({ ...size, drift, noise: TYPICAL_NOISE, planted: 0 }, runs, isClaim)),
  );
  const atMargin = tableOf(
    'Reports of variants of which the second takes 2 % longer, the margin itself, in which a difference is claimed',
    DRIFTS.map((drift) => (drift === 0 ? 'no drift' : `drift of ${100 * drift} % a trial`)),
    (size) =>
      DRIFTS.map((drift) =>
        shareOf({ ...size, drift, noise: TYPICAL_NOISE, planted: MINIMUM_EFFECT }, runs, isClaim),
      ),
  );
  const found = tableOf(
    'Reports that find a median which is 20 % longer, with a drift of 5 % a trial',
    NOISES.map((noise) => `noise of ${100 * noise} %`),
    (size) =>
      NOISES.map((noise) => shareOf({ ...size, drift: 0.05, noise, planted: PLANTED }, runs, isFound)),
  );
  const covered = tableOf(
    'Variants without a check: how often the interval of what the second one adds contains 0',
    DRIFTS_US.map((us) => (us === 0 ? 'no drift' : `drift of ${us} us a trial`)),
    (size) => DRIFTS_US.map((driftUs) => coverageOf({ ...size, driftUs }, runs)),
  );
  const error = Math.sqrt((0.05 * 0.95) / runs);
  const notes = [
    `${runs} experiments per figure, each with a seed of its own: the standard error of 5 % is ${percent(error)}.`,
  ];
  const data = {
    runs,
    claims: claims.rows,
    atMargin: atMargin.rows,
    found: found.rows,
    covered: covered.rows,
  };
  return { tables: [claims, atMargin, found, covered], notes, data };
}

export const aa: Section = {
  name: 'aa',
  title: 'Comparisons of variants that do not differ, and of some that do',
  method:
    'Simulated trials with known medians, in the order in which a run makes them, go through the comparison of the product. Noise is the standard deviation of a median between trials, three times as large for the p99; drift slows every trial down against the one before, and throughput and error rate drift with it. The error rate is 0.3 %, and varies by 30 % between trials. A report claims a difference if one of its comparisons (throughput, p50, p99, error rate, each variant against the first) is better or worse. For what a check adds, medians of 1 ms have a noise of 10 us a trial, and one of 50 us that all trials of a repetition share. Nothing is measured, so the figures do not depend on the machine.',
  run,
};
