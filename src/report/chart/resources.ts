/** @module Chart: response times, and below them on the same axis what the processes of the fleet used, for each variant. */
import type { TopLevelSpec } from 'vega-lite';
import type { ProcessUse, ResourceFigures } from '../../result/measure/resource-figures.ts';
import { processName } from '../findings/resources.ts';
import type { Measured } from '../model.ts';
import { figure, NOTHING, shortenAll } from '../wording.ts';
import { type DrawChart, lettersIn, logTicks, TOTAL, type Width } from './chart.ts';
import { MUTED, SERIES } from './palette.ts';
import type { Lines } from './panels.ts';

/** More points than this cannot be told apart in a line, and the page must stay small. */
const MOST_POINTS = 120;
/** Drawings of more variants would make the page slow to write; the table has all. */
const MOST_VARIANTS = 4;
/** More lines than these cannot be told apart. */
const MOST_PROCESSES = 6;
/** Of the vertical axis and its labels. */
const AXIS_PIXELS = 66;
const TIMES = ['p50', 'p99'] as const;

interface WithResources extends Measured {
  readonly resources: ResourceFigures;
}

/** What is drawn of each process, one row each. */
const USES = [
  { key: 'cpu', title: 'CPU, cores', height: 80 },
  { key: 'rssMiB', title: 'memory, MiB', height: 60 },
  { key: 'gc', title: 'GC, % of time', height: 50 },
] as const;
type UseKey = (typeof USES)[number]['key'];

const scaleOf = (key: UseKey): number => (key === 'gc' ? 100 : 1);

const withResources = (measured: readonly Measured[]): readonly WithResources[] =>
  measured.flatMap((one): readonly WithResources[] => {
    const { resources } = one.summary;
    return resources === undefined || resources.processes.length === 0 ? [] : [{ ...one, resources }];
  });

/** The balancer, and the instances that used most. */
function drawn({ resources: { processes } }: WithResources): readonly ProcessUse[] {
  if (processes.length <= MOST_PROCESSES) return processes;
  const used = [...processes].sort((a, b) => (meanOf(b.cpu) ?? 0) - (meanOf(a.cpu) ?? 0));
  const kept = used.slice(0, MOST_PROCESSES);
  return processes.filter((one) => kept.includes(one));
}

function meanOf(values: readonly (number | null)[]): number | undefined {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Neighbours as one, so that at most {@link MOST_POINTS} are left: the values with their second. */
function thinned(
  values: readonly (number | null)[],
  stepMs: number,
): readonly { second: number; value: number }[] {
  const size = Math.max(1, Math.ceil(values.length / MOST_POINTS));
  return Array.from({ length: Math.ceil(values.length / size) }, (_, at) => {
    const mean = meanOf(values.slice(at * size, (at + 1) * size));
    return mean === undefined
      ? []
      : [{ second: (at * size * stepMs) / 1000, value: Number(mean.toPrecision(4)) }];
  }).flat();
}

const timesOf = ({ variant }: Measured): readonly Point[] =>
  (variant.overTime ?? []).flatMap(({ atMs, p50Us, p99Us }) =>
    [p50Us, p99Us].flatMap((us, at) =>
      us === null ? [] : [{ line: TIMES[at]!, second: atMs / 1000, value: Math.max(us, 1) / 1000 }],
    ),
  );

const usesOf = (one: WithResources, key: UseKey): readonly Point[] =>
  drawn(one).flatMap((process) =>
    thinned(process[key] ?? [], one.resources.stepMs).map(({ second, value }) => ({
      line: processName(process),
      second,
      value: value * scaleOf(key),
    })),
  );

interface Point {
  readonly line: string;
  readonly second: number;
  readonly value: number;
}

type HeightAxis = NonNullable<NonNullable<Lines['encoding']>['y']>;

interface Row {
  readonly values: readonly Point[];
  readonly title: string;
  readonly height: number;
  readonly lines: readonly string[];
  readonly colours: readonly string[];
  readonly isLog: boolean;
  readonly hasLegend: boolean;
}

function rowsOf(one: WithResources, width: Width): readonly Row[] {
  const lines = drawn(one).map(processName);
  const colours = drawn(one).map(({ part }, at) =>
    part === 'balancer' ? MUTED : SERIES[at % SERIES.length]!,
  );
  const times: Row = {
    values: timesOf(one),
    title: 'ms (log)',
    height: 90,
    lines: TIMES,
    colours: [SERIES[0]!, SERIES[1]!],
    isLog: true,
    hasLegend: true,
  };
  // Every row of every variant takes its time to draw: a phone has the first, and the others in the table.
  const shown = width === 'narrow' ? USES.slice(0, 1) : USES;
  const uses = shown.map(({ key, title, height }, at): Row => {
    return { values: usesOf(one, key), title, height, lines, colours, isLog: false, hasLegend: at === 0 };
  });
  return [times, ...uses].filter(({ values }) => values.length > 0);
}

/** Response times stand on a logarithmic axis, uses on one that begins at zero. */
function heightOf({ isLog, values, title }: Row): HeightAxis {
  const labels = { title, labelExpr: "format(datum.value, ',~g')", labelOverlap: 'greedy' } as const;
  const height = { field: 'value', type: 'quantitative' } as const;
  if (!isLog) return { ...height, scale: { zero: true, nice: true }, axis: { ...labels, tickCount: 3 } };
  const times = values.map(({ value }) => value);
  const ticks = logTicks(Math.min(...times), Math.max(...times));
  return {
    ...height,
    scale: { type: 'log', domain: [ticks[0]!, ticks.at(-1)!], nice: false },
    axis: { ...labels, values: [...ticks] },
  };
}

/** One row; the lowest has the labels of the axis of time. */
function rowSpec(row: Row, { seconds, pixels }: { seconds: number; pixels: number }, isLast: boolean) {
  return {
    data: { values: [...row.values] },
    width: pixels,
    height: row.height,
    mark: { type: 'line', strokeWidth: 1.75, point: seconds < 3 },
    encoding: {
      x: {
        field: 'second',
        type: 'quantitative',
        scale: { domain: [0, seconds] as number[], nice: false },
        axis: {
          title: isLast ? 'measured time, s' : null,
          labels: isLast,
          grid: true,
          tickCount: 5,
          tickMinStep: 1,
          labelExpr: "format(datum.value, ',~g')",
        },
      },
      y: heightOf(row),
      color: {
        field: 'line',
        type: 'nominal',
        scale: { domain: [...row.lines], range: [...row.colours] },
        legend: row.hasLegend ? { orient: 'top', title: null, symbolType: 'stroke' } : null,
      },
    },
  } as const;
}

function specOf(all: readonly WithResources[], width: Width): TopLevelSpec {
  const pixels = TOTAL[width] - AXIS_PIXELS;
  const names = shortenAll(
    all.map(({ name }) => name),
    lettersIn(pixels),
  );
  return {
    vconcat: all.map((one, place) => {
      const rows = rowsOf(one, width);
      const steps = Math.max(...one.resources.processes.map(({ cpu }) => cpu.length));
      const seconds = Math.max(1, (steps * one.resources.stepMs) / 1000);
      return {
        ...(all.length > 1 && { title: { text: names[place]!, anchor: 'start' as const } }),
        spacing: 12,
        resolve: { scale: { color: 'independent' as const } },
        vconcat: rows.map((row, at) => rowSpec(row, { seconds, pixels }, at === rows.length - 1)),
      };
    }),
    resolve: { scale: { color: 'independent' } },
  };
}

const most = (values: readonly (number | null)[]): string => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? NOTHING : figure(Math.max(...known));
};
const mean = (values: readonly (number | null)[] | undefined, scale = 1): string => {
  const value = meanOf(values ?? []);
  return value === undefined ? NOTHING : figure(value * scale);
};

export const resources: DrawChart = (model) => {
  const all = withResources(model.measured);
  if (all.length === 0) return undefined;
  const isCut = all.some((one) => drawn(one).length < one.resources.processes.length);
  const tellsNone = all.every((one) => one.resources.processes.every(({ gc }) => gc === undefined));
  return {
    name: 'resources',
    title: 'What the servers used while they answered',
    caption: `Response times above, what each process used below, on one axis of time. Means over the repetitions; memory is what is resident at the end of each step.${
      all.length > MOST_VARIANTS ? ` The first ${MOST_VARIANTS} variants are drawn, the table has all.` : ''
    }${
      isCut ? ` Of each variant the ${MOST_PROCESSES} processes with the most processor time are drawn.` : ''
    }${tellsNone ? ' Garbage collection is known of the servers of Paceline only.' : ''}`,
    spec: (width) => specOf(all.slice(0, MOST_VARIANTS), width),
    table: {
      columns: [
        'variant',
        'process',
        'CPU cores, mean',
        'CPU cores, most',
        'memory MiB, most',
        'GC % of time, mean',
      ],
      rows: all.flatMap((one) =>
        one.resources.processes.map((process) => [
          one.name,
          processName(process),
          mean(process.cpu),
          most(process.cpu),
          most(process.rssMiB),
          mean(process.gc, 100),
        ]),
      ),
    },
  };
};
