/** @module Comparisons of real runs of a lean server: with itself, with one that takes longer, and resampled from all of them. */
import type { Repetition, VariantResult } from '../src/result/document.ts';
import { type Random, randomAt } from '../src/units/random.ts';
import type { Context } from './context.ts';
import { goalOf } from './goal.ts';
import { runProfile } from './run-profile.ts';
import { type Part, percent } from './verdicts-pairs.ts';
import { type Compared, compareSides, isAlarm } from './verdicts-sides.ts';

/** Comparisons of each kind, the repetitions of each side, and how many comparisons are drawn again from all repetitions. */
const COMPARISONS = 20;
const REPETITIONS = 10;
const RESAMPLED = 1000;

/** Base and candidate are the same; the planted one takes 10 % longer for its work. Trials run in turns, about a second each. */
const PROFILE = [
  'load: { rate: 200/s, arrivals: constant, warmup: 100ms, duration: 400ms, agents: 4 }',
  'calls: [{ tool: work }]',
  'fleet: { server: lean, instances: 1, tools: { work: 10ms } }',
  `repetitions: ${REPETITIONS}`,
  'variants:',
  '  - { name: base }',
  '  - { name: candidate }',
  '  - { name: planted, fleet.tools.work: 11ms }',
];

/** How often real comparisons raise a false alarm, and find what was planted. About ten minutes; `rounds` below 5 make it shorter in proportion. */
export async function realComparisons({ effort, say }: Context): Promise<Part> {
  const comparisons = Math.max(1, Math.round((COMPARISONS * Math.min(effort.rounds, 5)) / 5));
  const same: Compared[] = [];
  let [alarms, found, undecided] = [0, 0, 0];
  for (let seed = 1; seed <= comparisons; seed += 1) {
    const variants = await runProfile(PROFILE, seed);
    const [base, candidate, planted] = ['base', 'candidate', 'planted'].map((name) =>
      wholeOf(variants, name),
    );
    same.push(base!, candidate!);
    const [again, slower] = [candidate!, planted!].map((one) => compareSides([base!], [one]));
    if (isAlarm(again!)) alarms += 1;
    if (slower!.verdict.status === 'regressed') found += 1;
    if (again!.verdict.status === 'undecided') undecided += 1;
    say(
      `${seed} of ${comparisons}: the same ${again!.verdict.status}, 10 % longer ${slower!.verdict.status}`,
    );
  }
  const again = resampledAlarms(same);
  const shareText = (count: number, of: number): string => `${count} of ${of} (${percent(count / of)})`;
  return {
    tables: [
      {
        caption: `Real runs of a lean server, ${REPETITIONS} repetitions of each side`,
        head: ['comparisons', 'measured'],
        rows: [
          ['same against same: any false alarm in any metric', shareText(alarms, comparisons)],
          ['same against same: headline undecided', shareText(undecided, comparisons)],
          ['10 % longer work: verdict regressed', shareText(found, comparisons)],
          ['same against same, resampled: any false alarm', shareText(again, RESAMPLED)],
        ],
      },
    ],
    goals: [
      goalOf(
        { what: 'share with any false alarm, real', direction: 'at most', bound: 0.05, unit: '' },
        alarms / comparisons,
      ),
      goalOf(
        { what: 'share of +10 % found, real', direction: 'at least', bound: 0.95, unit: '' },
        found / comparisons,
      ),
      goalOf(
        { what: 'share with any false alarm, resampled', direction: 'at most', bound: 0.05, unit: '' },
        again / RESAMPLED,
      ),
    ],
  };
}

function wholeOf(variants: ReadonlyMap<string, VariantResult>, name: string): Compared {
  const { settings, repetitions } = variants.get(name)!;
  return { settings, repetitions: repetitions.filter(({ complete }) => complete) };
}

/** Alarms of comparisons whose sides are drawn from the repetitions of all runs of the same server. */
function resampledAlarms(same: readonly Compared[]): number {
  const { settings } = same[0]!;
  const all = same.flatMap(({ repetitions }) => repetitions);
  const random = randomAt(1, 'order');
  const drawn = Array.from({ length: RESAMPLED }, () => {
    const repetitions = drawOf(all, 2 * REPETITIONS, random);
    const [base, candidate] = [repetitions.slice(0, REPETITIONS), repetitions.slice(REPETITIONS)];
    return compareSides([{ settings, repetitions: base }], [{ settings, repetitions: candidate }]);
  });
  return drawn.filter(isAlarm).length;
}

/** So many of `all`, none twice where there are enough. */
function drawOf(all: readonly Repetition[], count: number, random: Random): readonly Repetition[] {
  const left = [...all];
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(random.below(left.length), 1)[0]!,
  );
}
