/** @module The section `verdicts`: how often comparisons claim what is not so, and how often they find what is. */
import type { Context } from './context.ts';
import type { Outcome, Section } from './section.ts';
import { errorGate } from './verdicts-gate.ts';
import { gateInLooks } from './verdicts-gate-looks.ts';
import { naiveLooks, spentLooks } from './verdicts-looks.ts';
import { characteristics } from './verdicts-pairs.ts';
import { realComparisons } from './verdicts-real.ts';
import { coverage, falseAlarms, plantedChanges } from './verdicts-reports.ts';

/** Simulated comparisons per figure, for each of `--rounds`: of pairs alone, and of whole results. */
const PAIRS_PER_ROUND = 4000;
const RESULTS_PER_ROUND = 200;
/** Coverage has to be known more exactly, and takes less time. */
const COVERAGE_FACTOR = 4;

async function run(context: Context): Promise<Outcome> {
  const { effort, long, say } = context;
  const [runs, results] = [effort.rounds * PAIRS_PER_ROUND, effort.rounds * RESULTS_PER_ROUND];
  say(`${runs} simulated comparisons of pairs per figure`);
  const pairs = [characteristics(runs), spentLooks(runs), naiveLooks(runs)];
  say(`${results} simulated results per figure`);
  const reports = [
    falseAlarms(results),
    plantedChanges(results),
    errorGate(results),
    gateInLooks(results),
    coverage(results * COVERAGE_FACTOR),
  ];
  const parts = [...pairs, ...reports, ...(long ? [await realComparisons(context)] : [])];
  const tables = parts.flatMap((part) => part.tables);
  return { tables, goals: parts.flatMap((part) => part.goals), notes: [], data: { runs, results, tables } };
}

export const verdicts: Section = {
  name: 'verdicts',
  title: 'Verdicts: false alarms, changes found, and what looking early costs',
  method:
    'Simulated values with a known change go through the comparison of the product. Pairs: logarithms of ratios are normal. Whole results: simulated experiments as in the section `aa`, with throughput, p50, p99 and error rate of each variant; results that are compared had their trials run in turns. A report is that of variants against the first one, with one variant more than the comparison has. Nothing is measured without `--long`, which adds real runs of a lean server.',
  run,
};
