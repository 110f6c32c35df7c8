/** @module Open loop: how late calls are sent at several rates, and what CPU time that takes. */

import type { Context } from './context.ts';
import { type Goal, goalOf } from './goal.ts';
import { type Measured, measure } from './load.ts';
import { formatSpread, spreadOf } from './ratio.ts';
import type { Outcome, Section } from './section.ts';
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

async function run({ effort, say }: Context): Promise<Outcome> {
  const target = await startEcho();
  const runs: { row: Row; measured: Measured }[] = [];
  try {
    for (let round = 0; round < effort.rounds; round += 1) {
      for (const row of ROWS) {
        say(`round ${round + 1}/${effort.rounds}: ${nameOf(row)}`);
        const shape = { kind: 'rate', perSecond: row.rate } as const;
        const { seconds } = effort;
        const settings = { workers: row.workers };
        const measured = await measure({ url: target.url, driver: 'wire', shape, seconds, settings });
        runs.push({ row, measured });
      }
    }
  } finally {
    await target.stop();
  }
  const of = (row: Row): readonly Measured[] =>
    runs.flatMap((each) => (each.row === row ? each.measured : []));
  return {
    tables: [
      {
        caption: `wire at a fixed rate: median (min .. max) of ${effort.rounds} rounds`,
        head: [
          'rate/s',
          'threads',
          'send lag p50, us',
          'p99, us',
          'p99.9, us',
          'achieved/offered',
          'not ok',
          'cores used',
          'GC, %',
          'peak RSS, MB',
          'bound',
        ],
        rows: ROWS.map((row) => cellsOf(row, of(row), effort.seconds)),
      },
    ],
    goals: ROWS.flatMap((row) => goalsOf(row, of(row), effort.seconds)),
    notes: [
      ...new Set(
        runs.flatMap(({ row, measured }) =>
          measured.generator.reasons.map((why) => `${nameOf(row)}: ${why}.`),
        ),
      ),
    ],
    data: runs,
  };
}

const nameOf = ({ rate, workers }: Row): string => `${rate}/s${workers === 1 ? '' : `, ${workers} threads`}`;

const boundIn = (all: readonly Measured[]): number => all.filter(({ generator }) => generator.bound).length;

/** Cores that were used on average, by all threads. */
const coresOf = ({ cpuUs = Number.NaN }: Measured, seconds: number): number => cpuUs / 1e6 / seconds;

function cellsOf({ rate, workers }: Row, all: readonly Measured[], seconds: number): readonly string[] {
  const spread = (digits: number, value: (measured: Measured) => number): string =>
    formatSpread(spreadOf(all.map(value)), digits);
  const bound = boundIn(all);
  return [
    String(rate),
    String(workers),
    spread(0, ({ summary }) => summary.sendLag.p50Us),
    spread(0, ({ summary }) => summary.sendLag.p99Us),
    spread(0, ({ summary }) => summary.sendLag.p999Us),
    spread(
      4,
      ({
        summary: {
          rate: { achievedPerSecond, offeredPerSecond },
        },
      }) => achievedPerSecond / offeredPerSecond,
    ),
    spread(0, ({ summary: { calls } }) => calls.due - calls.ok),
    spread(3, (measured) => coresOf(measured, seconds)),
    spread(2, ({ generator }) => generator.gc * 100),
    spread(0, ({ peakRssBytes }) => peakRssBytes / 1024 ** 2),
    bound === 0 ? 'never' : `${bound} of ${all.length}`,
  ];
}

/** The goals of a row, judged by the medians of the rounds. */
function goalsOf({ goal = {}, ...row }: Row, all: readonly Measured[], seconds: number): readonly Goal[] {
  const median = (value: (measured: Measured) => number): number | undefined =>
    spreadOf(all.map(value))?.median;
  const atMost = (what: string, bound: number, unit: string, value: number | undefined): Goal =>
    goalOf({ what: `${nameOf(row)}, ${what}`, direction: 'at most', bound, unit }, value);
  const { lagP99Us, cores, bound } = goal;
  const lag = median(({ summary }) => summary.sendLag.p99Us);
  const used = median((measured) => coresOf(measured, seconds));
  return [
    ...(lagP99Us === undefined ? [] : [atMost('send lag p99', lagP99Us, 'us', lag)]),
    ...(cores === undefined ? [] : [atMost('CPU time', cores, 'of a core', used)]),
    ...(bound === undefined ? [] : [atMost('rounds that the generator limited', 0, '', boundIn(all))]),
  ];
}
