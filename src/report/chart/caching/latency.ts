/** @module Chart: what callers wait for with and without caching: results that can be kept, and the other calls. */
import type { TopLevelSpec } from 'vega-lite';
import { statisticOf } from '../../../result/measure/distribution.ts';
import type { Micros } from '../../../units/time.ts';
import { besideCaches, type Cached, nounOf } from '../../caching/cached.ts';
import { microsCell } from '../../table/caching/section.ts';
import { boldLettersIn, type DrawChart, logTicks, TOTAL, type Width } from '../chart.ts';
import { SERIES } from '../palette.ts';
import { BAR_OFFSET, type Layer, rowAxis, rowNames, STEP } from '../rows.ts';

/** Median and p99 of one kind of calls in one variant. */
interface Span {
  readonly row: number;
  readonly kind: 'kept' | 'other';
  readonly p50Us: Micros;
  readonly p99Us: Micros;
}

/** A pixel row for each kind, so that they do not lie on each other. */
const OFFSET = { kept: 0, other: 14 } as const;

/** Of the other calls, what the comparison with the base read on either side. */
function otherOf(one: Cached, all: readonly Cached[]): readonly [Micros, Micros] | undefined {
  const { gain } = one.cache;
  if (gain?.callP50Us && gain.callP99Us) return [gain.callP50Us.value, gain.callP99Us.value];
  const against = all.find(({ cache }) => cache.gain?.base === one.variant.name)?.cache.gain;
  return against?.callP50Us && against.callP99Us
    ? [against.callP50Us.base, against.callP99Us.base]
    : undefined;
}

function spansOf(all: readonly Cached[]): readonly Span[] {
  return all.flatMap((one, row): readonly Span[] => {
    const { listTime } = one.cache;
    const [p50Us, p99Us] = (['p50Us', 'p99Us'] as const).map((key) => listTime && statisticOf(listTime, key));
    const other = otherOf(one, all);
    return [
      ...(p50Us != null && p99Us != null ? [{ row, kind: 'kept', p50Us, p99Us } as const] : []),
      ...(other ? [{ row, kind: 'other', p50Us: other[0], p99Us: other[1] } as const] : []),
    ];
  });
}

function specOf(all: readonly Cached[], spans: readonly Span[], width: Width): TopLevelSpec {
  const pixels = TOTAL[width] - 24;
  const labels = { kept: nounOf(all), other: 'other calls' } as const;
  const values = spans.map((span) => ({
    row: span.row,
    kind: labels[span.kind],
    ms: Math.max(1, span.p50Us) / 1000,
    tailMs: Math.max(1, span.p99Us) / 1000,
  }));
  const ticks = logTicks(
    Math.min(...values.map(({ ms }) => ms)),
    Math.max(...values.map(({ tailMs }) => tailMs)),
  );
  const x = {
    type: 'quantitative',
    scale: { type: 'log', domain: [ticks[0]!, ticks.at(-1)!], nice: false },
    axis: {
      title: 'ms (log): a point at the median, a line to p99',
      values: [...ticks],
      labelExpr: "format(datum.value, ',~r')",
      labelOverlap: 'greedy',
      gridDash: [2, 3],
    },
  } as const;
  const domain = [labels.kept, labels.other];
  const color = {
    field: 'kind',
    type: 'nominal',
    scale: { domain, range: [SERIES[1]!, SERIES[0]!] },
    legend: { orient: 'top', title: null, symbolType: 'circle', symbolSize: 90 },
  } as const;
  const y = rowAxis(all.length);
  const layers = (['kept', 'other'] as const).flatMap((kind): readonly object[] => {
    const own = { data: { values: values.filter((one) => one.kind === labels[kind]) } };
    const yOffset = BAR_OFFSET - 6 + OFFSET[kind];
    return [
      {
        ...own,
        mark: { type: 'rule', strokeWidth: 2, opacity: 0.6, yOffset },
        encoding: { y, x: { ...x, field: 'ms' }, x2: { field: 'tailMs' }, color },
      },
      {
        ...own,
        mark: { type: 'tick', height: 9, thickness: 2, opacity: 0.6, yOffset },
        encoding: { y, x: { ...x, field: 'tailMs' }, color },
      },
      {
        ...own,
        mark: { type: 'point', filled: true, size: 80, opacity: 1, yOffset },
        encoding: { y, x: { ...x, field: 'ms' }, color },
      },
    ];
  });
  return {
    width: pixels,
    height: all.length * STEP,
    layer: [
      ...layers,
      rowNames(
        all.map(({ name }) => name),
        boldLettersIn(pixels),
        -14,
      ),
    ] as Layer[],
  } as TopLevelSpec;
}

export const latency: DrawChart = (model) => {
  const all = besideCaches(model);
  const spans = spansOf(all);
  if (spans.length === 0) return undefined;
  const cells = (row: number, kind: Span['kind']): readonly string[] => {
    const span = spans.find((one) => one.row === row && one.kind === kind);
    return [microsCell(span?.p50Us), microsCell(span?.p99Us)];
  };
  const noun = nounOf(all);
  return {
    name: 'cache-latency',
    title: `What callers wait for ${noun} and for other calls`,
    caption: `${noun === 'lists' ? 'Lists' : 'Requests whose results can be kept'}, hits included, and all other calls. ${
      spans.some(({ kind }) => kind === 'other') ? '' : 'Other calls are not compared. '
    }Few hits leave the median as it is: more than half of the calls have to be hits to move it.`,
    spec: (width) => specOf(all, spans, width),
    table: {
      columns: ['variant', `${noun} p50 us`, `${noun} p99 us`, 'other calls p50 us', 'other calls p99 us'],
      rows: all.map(({ name }, row) => [name, ...cells(row, 'kept'), ...cells(row, 'other')]),
    },
  };
};
