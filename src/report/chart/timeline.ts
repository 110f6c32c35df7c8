/** @module Chart: throughput and errors over time, a panel per variant and a thin line per repetition. */
import type { TopLevelSpec } from 'vega-lite';
import type { Repetition } from '../../result/document.ts';
import type { Window } from '../../result/over-time.ts';
import type { Measured } from '../model.ts';
import { count, figure, NOTHING } from '../wording.ts';
import type { DrawChart, Width } from './chart.ts';
import { BAD, OK } from './palette.ts';
import { type Lines, linePanels, timeAxis } from './panels.ts';

/** More points than this per line are merged: they cannot be seen, and the page must stay small. */
const MOST_POINTS = 120;
const KINDS = ['ok', 'failed'] as const;
const SECOND_MS = 1000;

interface Point {
  readonly panel: string;
  readonly line: string;
  readonly kind: (typeof KINDS)[number];
  readonly second: number;
  readonly perSecond: number;
}

/** The seconds that lie wholly within the measured time: what ended in a part of one is no rate. */
const wholeSeconds = ({ windows }: Repetition): readonly Window[] =>
  windows.filter(({ lengthMs = SECOND_MS }) => lengthMs === SECOND_MS);

/** Merges neighbouring seconds so that at most {@link MOST_POINTS} are left; figures become means per second. */
export function merged(
  windows: readonly Window[],
): readonly { second: number; ok: number; failed: number }[] {
  const size = Math.max(1, Math.ceil(windows.length / MOST_POINTS));
  const ordered = [...windows].sort((a, b) => a.atMs - b.atMs);
  return Array.from({ length: Math.ceil(ordered.length / size) }, (_, at) => {
    const bucket = ordered.slice(at * size, (at + 1) * size);
    const mean = (key: 'ok' | 'errors'): number =>
      bucket.reduce((sum, one) => sum + one[key], 0) / bucket.length;
    return {
      second: bucket[0]!.atMs / 1000,
      ok: Number(mean('ok').toFixed(1)),
      failed: Number(mean('errors').toFixed(1)),
    };
  });
}

function pointsOf(one: Measured, panel: string): readonly Point[] {
  return one.variant.repetitions.flatMap((repetition) =>
    merged(wholeSeconds(repetition)).flatMap(({ second, ...rates }) =>
      KINDS.map((kind) => ({
        panel,
        line: `${kind} ${repetition.index}`,
        kind,
        second,
        perSecond: rates[kind],
      })),
    ),
  );
}

/** The lines of a panel. */
function linesOf(points: readonly Point[], seconds: readonly number[]): Lines {
  const legend = { orient: 'top', title: null, symbolType: 'stroke' } as const;
  const most = Math.max(1, ...points.map(({ perSecond }) => perSecond));
  return {
    // A line needs two seconds; of a shorter run points are seen.
    mark: { type: 'line', strokeWidth: 1.5, opacity: 0.75, point: seconds.every((second) => second < 2) },
    encoding: {
      x: timeAxis(seconds),
      y: {
        field: 'perSecond',
        type: 'quantitative',
        scale: { domain: [0, most * 1.08], nice: false },
        axis: { title: 'calls per s', tickCount: 4 },
      },
      color: { field: 'kind', type: 'nominal', scale: { domain: [...KINDS], range: [OK, BAD] }, legend },
      strokeDash: {
        field: 'kind',
        type: 'nominal',
        scale: {
          domain: [...KINDS],
          range: [
            [1, 0],
            [5, 3],
          ],
        },
        legend,
      },
      detail: { field: 'line' },
    },
  };
}

function specOf(measured: readonly Measured[], width: Width): TopLevelSpec {
  return linePanels(measured, width, { field: 'perSecond', pointsOf, linesOf });
}

const okCell = ({ timeline: { okPerSecond } }: Repetition, key: 'lowest' | 'mean' | 'highest'): string =>
  okPerSecond === null ? NOTHING : key === 'mean' ? figure(okPerSecond.mean) : count(okPerSecond[key]);

export const timeline: DrawChart = (model) => {
  const measured = model.measured.filter(({ variant }) =>
    variant.repetitions.some((one) => wholeSeconds(one).length > 0),
  );
  if (measured.length === 0) return undefined;
  const isCut = measured.some(({ variant }) =>
    variant.repetitions.some((one) => wholeSeconds(one).length < one.windows.length),
  );
  return {
    name: 'timeline',
    title: 'Calls per second over the measured time, ok and failed',
    caption: `One line per repetition. Calls are placed by the second in which they ended.${
      isCut ? ' The last second is left out, because the run ended within it.' : ''
    }`,
    spec: (width) => specOf(measured, width),
    table: {
      columns: [
        'variant',
        'repetition',
        'whole seconds',
        'ok per s, lowest',
        'ok per s, mean',
        'ok per s, highest',
        'failed',
      ],
      rows: measured.flatMap(({ name, variant }) =>
        variant.repetitions
          .filter((rep) => rep.windows.length > 0)
          .map((rep) => [
            name,
            String(rep.index + 1),
            String(rep.timeline.seconds),
            ...(['lowest', 'mean', 'highest'] as const).map((key) => okCell(rep, key)),
            count(rep.timeline.errors),
          ]),
      ),
    },
  };
};
