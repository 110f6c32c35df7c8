/** @module Open loop: how late calls are sent at several rates, and what CPU time that takes. */
import { measurePunctuality } from '../src/experiment/calibration/punctuality.ts';
import { punctualityText } from '../src/report/format/calibration-table.ts';
import type { Context } from './context.ts';
import { FIGURES } from './figures.ts';
import { type Goal, goalOf } from './goal.ts';
import { type Measured, measure } from './load.ts';
import { formatSpread } from './ratio.ts';
import { type Arm, type Rounds, roundsOf, runRounds, type Sample, spreadIn } from './rounds.ts';
import type { Outcome, Section } from './section.ts';
import type { Table } from './table.ts';
import { startEcho } from './target.ts';

interface Row {
  readonly rate: number;
  readonly workers: number;
  /** What is to be reached: `cores` is CPU time of all threads over time, `bound` whether the generator may have limited a round. */
  readonly goal?: { readonly lagP99Us?: number; readonly cores?: number; readonly bound?: false };
}

const ROWS: readonly Row[] = [
  { rate: 200, workers: 1, goal: { lagP99Us: 500, cores: 0.15 } },
  { rate: 1000, workers: 2, goal: { bound: false } },
  { rate: 10_000, workers: 1, goal: { lagP99Us: 200 } },
  { rate: 25_000, workers: 1 },
];

/** Measures send lag, achieved over offered rate, CPU time, garbage collection and memory of `wire`. */
export const openLoop: Section = {
  name: 'open-loop',
  title: 'Open loop',
  method:
    'The driver `wire` in an open loop with constant arrivals against the null responder; client and server on a core each, two threads of a client on both, ids checked. Send lag is how late a call was sent.',
  run,
};

async function run(context: Context): Promise<Outcome> {
  const punctuality = await measurePunctuality();
  const target = await startEcho();
  const runs: { readonly row: Row; readonly measured: Measured }[] = [];
  const arms = ROWS.map(
    (row): Arm => ({
      name: nameOf(row),
      of: 'paceline',
      async measure(seconds, build) {
        const shape = { kind: 'rate', perSecond: row.rate } as const;
        const settings = { workers: row.workers };
        const { url } = target;
        const measured = await measure({ url, driver: 'wire', shape, seconds, settings, build });
        if (build.kind === 'this') runs.push({ row, measured });
        return sampleOf(measured, seconds);
      },
    }),
  );
  try {
    const rounds = await runRounds(arms, context);
    const reasons = runs.flatMap(({ row, measured }) =>
      measured.generator.reasons.map((why) => `${nameOf(row)}: ${why}.`),
    );
    return {
      tables: [tableOf(rounds, context.effort.rounds)],
      goals: ROWS.flatMap((row) => goalsOf(row, rounds)),
      notes: [`${punctualityText(punctuality)}.`, ...new Set(reasons)],
      rounds: [rounds],
      data: { punctuality, runs },
    };
  } finally {
    await target.stop();
  }
}

const nameOf = ({ rate, workers }: Row): string => `${rate}/s${workers === 1 ? '' : `, ${workers} threads`}`;

/** Failed calls are a figure here: a call that is late or not sent says more than the others. */
function sampleOf({ summary, generator, peakRssBytes, cpuUs }: Measured, seconds: number): Sample {
  const { sendLag, rate, calls } = summary;
  return {
    failed: 0,
    // Without a call there is no lag, and 0 would say that none was late.
    ...(sendLag.count > 0 && {
      lagP50Us: sendLag.p50Us,
      lagP99Us: sendLag.p99Us,
      lagP999Us: sendLag.p999Us,
    }),
    achievedShare: rate.achievedPerSecond / rate.offeredPerSecond,
    notOk: calls.due - calls.ok,
    gcPercent: generator.gc * 100,
    peakMb: peakRssBytes / 1024 ** 2,
    bound: generator.bound ? 1 : 0,
    ...(cpuUs !== undefined && { cores: cpuUs / 1e6 / seconds }),
  };
}

/** The figures of the table, with their digits. */
const COLUMNS = [
  ['lagP50Us', 0],
  ['lagP99Us', 0],
  ['lagP999Us', 0],
  ['achievedShare', 4],
  ['notOk', 0],
  ['cores', 3],
  ['gcPercent', 2],
  ['peakMb', 0],
] as const;

function tableOf(rounds: Rounds, count: number): Table {
  return {
    caption: `wire at a fixed rate: median (min .. max) of ${count} rounds`,
    head: ['rate', ...COLUMNS.map(([figure]) => FIGURES[figure].what), 'rounds limited by the generator'],
    rows: rounds.names.map((name) => [
      name,
      ...COLUMNS.map(([figure, digits]) => formatSpread(spreadIn(rounds, figure, name), digits)),
      String(boundIn(rounds, name)),
    ]),
  };
}

const boundIn = (rounds: Rounds, name: string): number =>
  roundsOf(rounds, 'bound').reduce((sum, round) => sum + (round[name] ?? 0), 0);

/** The goals of a row, judged by the medians of the rounds. */
function goalsOf({ goal = {}, ...row }: Row, rounds: Rounds): readonly Goal[] {
  const name = nameOf(row);
  const atMost = (what: string, bound: number, unit: string, value: number | undefined): Goal =>
    goalOf({ what: `${name}, ${what}`, direction: 'at most', bound, unit }, value);
  const { lagP99Us, cores, bound } = goal;
  const lag = spreadIn(rounds, 'lagP99Us', name)?.median;
  const used = spreadIn(rounds, 'cores', name)?.median;
  return [
    ...(lagP99Us === undefined ? [] : [atMost('send lag p99', lagP99Us, 'us', lag)]),
    ...(cores === undefined ? [] : [atMost('CPU time', cores, 'of a core', used)]),
    ...(bound === undefined
      ? []
      : [atMost('rounds that the generator limited', 0, '', boundIn(rounds, name))]),
  ];
}
