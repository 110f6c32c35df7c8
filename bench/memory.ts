/** @module Memory: whether resident memory grows over two minutes at 10,000 calls per second. */
import type { Context } from './context.ts';
import { goalOf } from './goal.ts';
import { measure } from './load.ts';
import type { Outcome, Section } from './section.ts';
import { startEcho } from './target.ts';

const RATE = 10_000;
const SECONDS = 120;
/** Until this second, buffers and compiled code may grow. */
const SETTLED = 10;

/** Measures the growth of the resident memory of `wire` from second 10 to second 120. */
export const memory: Section = {
  name: 'memory',
  title: 'Memory over two minutes',
  method: `The driver \`wire\` at ${RATE} calls per second against the null responder for ${SECONDS} s; resident memory is read once per second. Figures are medians of five readings, because the heap grows and shrinks.`,
  run,
};

async function run({ say }: Context): Promise<Outcome> {
  const target = await startEcho();
  try {
    say(`${SECONDS} s at ${RATE}/s`);
    const shape = { kind: 'rate', perSecond: RATE } as const;
    const { rssBytes, peakRssBytes } = await measure({
      url: target.url,
      driver: 'wire',
      shape,
      seconds: SECONDS,
    });
    return {
      tables: [
        {
          caption: 'Resident memory',
          head: ['second', 'MB'],
          rows: [SETTLED, 30, 60, 90, SECONDS].map((second) => [
            String(second),
            at(rssBytes, second).toFixed(1),
          ]),
        },
      ],
      goals: [
        goalOf(
          { what: `growth from second ${SETTLED} to ${SECONDS}`, direction: 'below', bound: 5, unit: 'MB' },
          growthMb(rssBytes, SETTLED, SECONDS),
        ),
      ],
      notes: [`The peak was ${(peakRssBytes / 1024 ** 2).toFixed(0)} MB.`],
      data: { rssBytes, peakRssBytes },
    };
  } finally {
    await target.stop();
  }
}

/** By how much memory grew between two seconds, in MB; `rssBytes` holds one reading a second. */
export function growthMb(rssBytes: readonly number[], from: number, to: number): number {
  return at(rssBytes, to) - at(rssBytes, from);
}

/** The median of the readings of `second` and the four before it, in MB. */
function at(rssBytes: readonly number[], second: number): number {
  const readings = rssBytes.slice(Math.max(0, second - 5), second).sort((a, b) => a - b);
  return (readings[Math.floor(readings.length / 2)] ?? 0) / 1024 ** 2;
}
