/** @module Chart: throughput and errors over time, a panel per variant and a thin line per repetition. */
import type { TopLevelSpec } from 'vega-lite';
import type { Repetition, Window } from '../../result/document.ts';
import type { Measured } from '../model.ts';
import { count, figure, NOTHING, shortenAll } from '../wording.ts';
import { type DrawChart, lettersIn, TOTAL, type Width } from './chart.ts';
import { BAD, MUTED, OK } from './palette.ts';
import type { Layer } from './rows.ts';

/** More points than this per line are merged: they cannot be seen, and the page must stay small. */
const MOST_POINTS = 120;
const KINDS = ['ok', 'failed'] as const;

interface Point {
  readonly panel: string;
  readonly line: string;
  readonly kind: (typeof KINDS)[number];
  readonly second: number;
  readonly perSecond: number;
}

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
    merged(repetition.windows).flatMap(({ second, ...rates }) =>
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

interface Mark {
  readonly panel: string;
  readonly second: number;
  readonly label: string;
}

/** When faults were injected: at the same moment in every repetition, give or take milliseconds. */
function marksOf(one: Measured, panel: string): readonly Mark[] {
  return (one.variant.faults ?? []).map(({ kind, atMs }) => ({ panel, second: atMs / 1000, label: kind }));
}

type Lines = Extract<Layer, { mark: unknown }>;

/** The lines of a panel. */
function linesOf(most: number, seconds: readonly number[]): Lines {
  const isShort = seconds.every((second) => second < 2);
  const legend = { orient: 'top', title: null, symbolType: 'stroke' } as const;
  return {
    // A line needs two seconds; of a shorter run points are seen.
    mark: { type: 'line', strokeWidth: 1.5, opacity: 0.75, point: isShort },
    encoding: {
      x: {
        field: 'second',
        type: 'quantitative',
        // One second is one point, of which no scale comes.
        scale: { nice: false, ...(isShort && { domain: [0, Math.max(1, ...seconds)] }) },
        axis: { title: 'measured time, s', grid: false, tickCount: 5, tickMinStep: 1, format: '~g' },
      },
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

const RULE_LABEL = 12;

/** The lines with a vertical rule where a fault was injected; without faults, just the lines. */
function layersOf(lines: Lines, hasMarks: boolean): Lines | { layer: Layer[] } {
  if (!hasMarks) return lines;
  const x = { field: 'second', type: 'quantitative' } as const;
  const injected = [{ filter: 'isValid(datum.label)' }];
  return {
    layer: [
      { transform: [{ filter: 'isValid(datum.perSecond)' }], ...lines },
      { transform: injected, mark: { type: 'rule', strokeDash: [2, 2], color: MUTED }, encoding: { x } },
      {
        transform: injected,
        mark: { type: 'text', align: 'left', dx: 3, baseline: 'top', fontSize: RULE_LABEL, color: MUTED },
        encoding: { x, y: { value: 0 }, text: { field: 'label', type: 'nominal' } },
      },
    ],
  };
}

function specOf(measured: readonly Measured[], width: Width): TopLevelSpec {
  const columns = width === 'wide' && measured.length > 1 ? 2 : 1;
  const panelWidth = Math.floor((TOTAL[width] - 66 - (columns - 1) * 24) / columns);
  const panels = shortenAll(
    measured.map((one) => one.name),
    lettersIn(panelWidth),
  );
  const values = measured.flatMap((one, place) => pointsOf(one, panels[place]!));
  const marks = measured.flatMap((one, place) => marksOf(one, panels[place]!));
  const seconds = [...values, ...marks].map(({ second }) => second);
  const most = Math.max(1, ...values.map((point) => point.perSecond));
  return {
    data: { values: [...values, ...marks] },
    columns,
    spacing: { row: 40, column: 24 },
    bounds: 'flush',
    facet: {
      field: 'panel',
      type: 'nominal',
      title: null,
      sort: [...panels],
      header: { labelAnchor: 'start', labelAlign: 'left', labelPadding: 6 },
    },
    spec: {
      width: panelWidth,
      height: measured.length === 1 ? 240 : measured.length > 6 ? 84 : 120,
      ...layersOf(linesOf(most, seconds), marks.length > 0),
    },
  };
}

const okCell = ({ timeline: { okPerSecond } }: Repetition, key: 'lowest' | 'mean' | 'highest'): string =>
  okPerSecond === null ? NOTHING : key === 'mean' ? figure(okPerSecond.mean) : count(okPerSecond[key]);

export const timeline: DrawChart = (model) => {
  const measured = model.measured.filter((one) =>
    one.variant.repetitions.some((rep) => rep.windows.length > 0),
  );
  if (measured.length === 0) return undefined;
  return {
    name: 'timeline',
    title: 'Calls per second over the measured time, ok and failed',
    caption: 'One line per repetition. Calls are placed by the second in which they ended.',
    spec: (width) => specOf(measured, width),
    table: {
      columns: [
        'variant',
        'repetition',
        'seconds',
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
