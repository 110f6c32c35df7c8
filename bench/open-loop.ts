/** @module Open loop: the send lag of one core at 10,000 and 25,000 calls per second. */
import { type Measured, measure } from './load.ts';
import { formatSpread, spreadOf } from './ratio.ts';
import type { Context, Outcome, Section } from './section.ts';
import { startEcho } from './target.ts';

const RATES = [10_000, 25_000] as const;

/** Measures send lag, achieved over offered rate, garbage collection and memory of `wire` on one core. */
export const openLoop: Section = {
  name: 'open-loop',
  title: 'Open loop on one core',
  method:
    'The driver `wire` in an open loop with constant arrivals against the null responder; client and server on a core each, ids checked. Send lag is how late a call was sent.',
  run,
};

async function run({ effort, say }: Context): Promise<Outcome> {
  const target = await startEcho();
  const runs: { rate: number; measured: Measured }[] = [];
  try {
    for (let round = 0; round < effort.rounds; round += 1) {
      for (const rate of RATES) {
        say(`round ${round + 1}/${effort.rounds}: ${rate}/s`);
        const shape = { kind: 'rate', perSecond: rate } as const;
        const measured = await measure({ url: target.url, driver: 'wire', shape, seconds: effort.seconds });
        runs.push({ rate, measured });
      }
    }
  } finally {
    await target.stop();
  }
  const rows = RATES.map((rate) =>
    row(
      rate,
      runs.flatMap((each) => (each.rate === rate ? each.measured : [])),
    ),
  );
  return {
    tables: [
      {
        caption: `wire at a fixed rate: median (min .. max) of ${effort.rounds} rounds`,
        head: [
          'rate/s',
          'send lag p50, us',
          'p99, us',
          'p99.9, us',
          'achieved/offered',
          'not ok',
          'GC, %',
          'peak RSS, MB',
          'bound',
        ],
        rows,
      },
    ],
    notes: [
      ...new Set(
        runs.flatMap(({ rate, measured }) => measured.generator.reasons.map((why) => `${rate}/s: ${why}.`)),
      ),
    ],
    data: runs,
  };
}

function row(rate: number, all: readonly Measured[]): readonly string[] {
  const spread = (digits: number, value: (measured: Measured) => number): string =>
    formatSpread(spreadOf(all.map(value)), digits);
  const bound = all.filter(({ generator }) => generator.bound).length;
  return [
    String(rate),
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
    spread(2, ({ generator }) => generator.gc * 100),
    spread(0, ({ peakRssBytes }) => peakRssBytes / 1024 ** 2),
    bound === 0 ? 'never' : `${bound} of ${all.length}`,
  ];
}
