/** @module Chart: the median call of each variant, split into authentication, policy, handler and the rest. */
import type { TopLevelSpec } from 'vega-lite';
import { type Statistic, statisticOf } from '../../../result/measure/distribution.ts';
import { formatMicros, type Micros } from '../../../units/time.ts';
import { type Authorized, authorized } from '../../authorization/authorized.ts';
import { micros, microsOf } from '../../table/authorization/section.ts';
import { boldLettersIn, type DrawChart, TOTAL, type Width } from '../chart.ts';
import { GROUND, MUTED, OK, SERIES } from '../palette.ts';
import { BAR, BAR_OFFSET, NOTE_PIXELS, rowAxis, rowNames, rowNotes, STEP } from '../rows.ts';

const MEDIAN: Statistic = 'p50Us';

/** The stages in the order of a call, with their colours. */
const STAGES = ['authentication', 'policy', 'handler', 'rest'] as const;
const COLOURS = [SERIES[1]!, SERIES[3]!, OK, MUTED];

interface Split {
  readonly one: Authorized;
  /** Median of the whole call, from sending to the last byte. */
  readonly callUs: Micros;
  /** Medians of the stages that the answers state. */
  readonly stages: readonly Micros[];
}

function splitsOf(some: readonly Authorized[]): readonly Split[] {
  return some.flatMap((one): readonly Split[] => {
    const callUs = statisticOf(one.summary.serviceTime, MEDIAN);
    const { check, policy, handler } = one.auth;
    if (callUs === null || (check ?? policy ?? handler) === null) return [];
    return [
      { one, callUs, stages: [check, policy, handler].map((of) => (of && statisticOf(of, MEDIAN)) ?? 0) },
    ];
  });
}

/** Bars in milliseconds. What the stages leave of the call is the rest. */
function segmentsOf(splits: readonly Split[]) {
  return splits.flatMap(({ callUs, stages }, row) => {
    let from = 0;
    return STAGES.map((stage, at) => {
      const to = stage === 'rest' ? Math.max(from, callUs / 1000) : from + stages[at]! / 1000;
      const segment = { row, stage, from, to };
      from = to;
      return segment;
    });
  });
}

function specOf(splits: readonly Split[], width: Width): TopLevelSpec {
  const pixels = TOTAL[width] - 16;
  const notes = splits.map(({ callUs }) => formatMicros(callUs));
  return {
    width: pixels,
    height: splits.length * STEP,
    layer: [
      rowNames(
        splits.map(({ one }) => one.name),
        boldLettersIn(pixels - NOTE_PIXELS),
      ),
      rowNotes(notes, pixels),
      {
        data: { values: segmentsOf(splits) },
        mark: { type: 'bar', height: BAR, yOffset: BAR_OFFSET, stroke: GROUND, strokeWidth: 0.5 },
        encoding: {
          y: rowAxis(splits.length),
          x: {
            field: 'from',
            type: 'quantitative',
            axis: { title: 'time of the median call, ms', grid: false, tickCount: 5, labelFlush: true },
          },
          x2: { field: 'to' },
          color: {
            field: 'stage',
            type: 'nominal',
            scale: { domain: [...STAGES], range: COLOURS },
            legend: {
              orient: 'top',
              title: null,
              symbolType: 'square',
              symbolSize: 140,
              columns: width === 'wide' ? 4 : 2,
            },
          },
        },
      },
    ],
  };
}

export const stages: DrawChart = (model) => {
  const splits = splitsOf(authorized(model));
  if (splits.length === 0) return undefined;
  return {
    name: 'auth-stages',
    title: 'Where the median call spends its time',
    caption:
      'Medians of authentication, policy and handler as the servers time them, within the median time from sending a call to the last byte of its answer. The rest is transport, balancer, queues and the server itself.',
    spec: (width) => specOf(splits, width),
    table: {
      columns: ['variant', 'authentication us', 'policy us', 'handler us', 'call us'],
      rows: splits.map(({ one, callUs }) => [
        one.name,
        microsOf(one.auth.check, MEDIAN),
        microsOf(one.auth.policy, MEDIAN),
        microsOf(one.auth.handler, MEDIAN),
        micros(callUs),
      ]),
    },
  };
};
