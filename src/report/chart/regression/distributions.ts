/** @module Chart: how the response times of both sides spread, one drawn over the other. */
import type { TopLevelSpec } from 'vega-lite';
import type { Distributions } from '../../../result/regression/document.ts';
import { count, millis, millisWithUnit, percent, plain } from '../../wording.ts';
import { type Chart, logTicks, type Width } from '../chart.ts';
import { cutText, headedPanels, MOST_PANELS, SIDE_COLOUR, SIDES, type SideName } from './sides.ts';

/** An axis with fewer ticks at 1, 2 and 5 gets finer ones. */
const FEWEST_TICKS = 4;

/** Times begin at a microsecond, so that they have a logarithm. */
const msOf = (us: number): number => Math.max(us, 1) / 1000;

/** The steps of a side: a height where each bin begins, and 0 where the last one ends. Heights are shares in a decade, so that bins of any width compare. */
function stepsOf(of: Distributions, side: SideName, panel: string) {
  return of.edgesUs.map((us, at) => {
    const next = of.edgesUs[at + 1];
    const height = next === undefined ? 0 : of[side].shares[at]! / Math.log10(next / us);
    return { panel, side, ms: us / 1000, height };
  });
}

/** Ticks within the axis. */
function ticksOf(low: number, high: number): number[] {
  const coarse = logTicks(low, high).filter((tick) => tick >= low && tick <= high);
  if (coarse.length >= FEWEST_TICKS) return [...coarse];
  const step = 10 ** Math.floor(Math.log10((high - low) / 2));
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) =>
    Number(((first + at) * step).toPrecision(6)),
  );
}

const timeAxis = (low: number, high: number) =>
  ({
    field: 'ms',
    type: 'quantitative',
    scale: { type: 'log', domain: [low, high] as [number, number], nice: false },
    axis: {
      title: 'response time, ms (log)',
      values: ticksOf(low, high),
      labelExpr: "format(datum.value, ',~g')",
      labelOverlap: 'greedy',
      labelSeparation: 6,
      grid: false,
    },
  }) as const;

const HEIGHT = {
  field: 'height',
  type: 'quantitative',
  stack: null,
  axis: { title: 'density of calls', labels: false, ticks: false, grid: false },
} as const;

function specOf(drawn: readonly Distributions[], width: Width): TopLevelSpec {
  const panels = headedPanels(
    drawn.map(({ variant, base, candidate }) => ({
      name: variant,
      note: `${millis(base.p50Us)} → ${millisWithUnit(candidate.p50Us)}`,
    })),
    width,
  );
  const sides = drawn.flatMap((of, place) =>
    SIDES.map((side) => ({ of, side, panel: panels.names[place]! })),
  );
  const steps = sides.flatMap(({ of, side, panel }) => stepsOf(of, side, panel));
  const medians = sides.map(({ of, side, panel }) => ({ panel, side, median: msOf(of[side].p50Us) }));
  const times = steps.map(({ ms }) => ms);
  const x = timeAxis(Math.min(...times), Math.max(...times));
  const encoding = { x, y: HEIGHT, color: SIDE_COLOUR };
  const onSteps = [{ filter: 'isValid(datum.height)' }];
  return {
    data: { values: [...steps, ...medians] },
    ...panels.layout,
    spec: {
      width: panels.width,
      height: panels.height,
      layer: [
        {
          transform: onSteps,
          mark: { type: 'area', interpolate: 'step-after', fillOpacity: 0.28, line: false },
          encoding,
        },
        {
          transform: onSteps,
          mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.75 },
          encoding,
        },
        {
          transform: [{ filter: 'isValid(datum.median)' }],
          mark: { type: 'rule', strokeDash: [4, 3], strokeWidth: 1.5 },
          encoding: { x: { ...x, field: 'median' }, color: SIDE_COLOUR },
        },
      ],
    },
  };
}

/** Undefined when there are none. */
export function overlaid(distributions: readonly Distributions[]): Chart | undefined {
  const drawn = distributions.slice(0, MOST_PANELS);
  if (drawn.length === 0) return undefined;
  return {
    name: 'distributions',
    title: 'How response times spread on both sides',
    caption:
      'All complete repetitions together. Areas are shares of the calls, broken lines and figures are medians. The fastest and the slowest 0.2 % of the calls of a side may lie outside.' +
      cutText(drawn.length, distributions.length),
    spec: (width) => specOf(drawn, width),
    table: {
      columns: ['variant', 'from, ms', 'to below, ms', 'base, % of calls', 'candidate, % of calls'],
      rows: drawn.flatMap(({ variant, edgesUs, base, candidate }) =>
        base.shares.map((share, at) => [
          plain(variant) || `${count(base.calls)} and ${count(candidate.calls)} calls`,
          millis(edgesUs[at]!),
          millis(edgesUs[at + 1]!),
          percent(share),
          percent(candidate.shares[at]!),
        ]),
      ),
    },
  };
}
