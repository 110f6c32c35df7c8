/** @module Chart: how the calls of each variant spread over the instances, with the even share marked. */
import type { TopLevelSpec } from 'vega-lite';
import type { Measured } from '../model.ts';
import { count, percent, plain, shortenAll, timeCell, unitShare } from '../wording.ts';
import {
  boldLettersIn,
  type DrawChart,
  FONT_SIZE,
  LETTER,
  PERCENT_LABELS,
  TOTAL,
  type Width,
} from './chart.ts';
import { INK, OK } from './palette.ts';

/** Of larger fleets the chart shows the busiest; the table has them all. */
const MOST_BARS = 16;
const BAR_STEP = 18;
const LONGEST_ID = 12;
/** Between panels side by side. */
const GAP = 28;

interface Share {
  readonly id: string;
  readonly calls: number;
  readonly share: number;
  readonly p99Ms: string;
}

function sharesOf({ summary }: Measured): readonly Share[] {
  return Object.entries(summary.byInstance)
    .map(([id, one]) => ({
      id: plain(id) || '?',
      calls: one.calls,
      share: one.share ?? 0,
      p99Ms: timeCell(one.responseTime, 'p99Us'),
    }))
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}

function drawnOf(shares: readonly Share[]): readonly Share[] {
  if (shares.length <= MOST_BARS) return shares;
  const busiest = new Set([...shares].sort((a, b) => b.share - a.share).slice(0, MOST_BARS));
  return shares.filter((share) => busiest.has(share));
}

/** The bars of one panel. */
function barsOf(one: Measured, panel: string) {
  const all = sharesOf(one);
  const shares = drawnOf(all);
  const ids = shortenAll(
    shares.map((share) => share.id),
    LONGEST_ID,
  );
  const even = 1 / all.length;
  return shares.map(({ share }, at) => ({
    panel,
    instance: ids[at]!,
    share,
    even,
    label: `${percent(share)} %`,
  }));
}

function specOf(measured: readonly Measured[], width: Width): TopLevelSpec {
  const columns = width === 'wide' && measured.length > 1 ? 2 : 1;
  const longest = Math.max(...measured.flatMap((one) => sharesOf(one).map(({ id }) => id.length)));
  // The letters of an id that is cut, and its ellipsis, may be wider than they are reckoned.
  const room = longest > LONGEST_ID ? 16 : 0;
  const idPixels = Math.ceil(Math.min(longest, LONGEST_ID) * LETTER * FONT_SIZE) + 10 + room;
  const panelWidth = Math.floor((TOTAL[width] - 4 - (columns - 1) * GAP) / columns) - idPixels;
  const panels = shortenAll(
    measured.map((one) => one.name),
    boldLettersIn(panelWidth),
  );
  const values = measured.flatMap((one, place) => barsOf(one, panels[place]!));
  const order = [...new Set(values.map((value) => value.instance))];
  const y = {
    field: 'instance',
    type: 'nominal',
    sort: order,
    axis: { title: null, domain: false, ticks: false },
  } as const;
  const most = Math.max(...values.map((value) => value.share));
  return {
    data: { values },
    ...(room > 0 && { padding: { left: room, top: 1, right: 1, bottom: 1 } }),
    columns,
    spacing: { row: 36, column: GAP + idPixels },
    bounds: 'flush',
    facet: {
      field: 'panel',
      type: 'nominal',
      title: null,
      sort: [...panels],
      header: { labelAnchor: 'start', labelAlign: 'left', labelPadding: 6 },
    },
    resolve: { scale: { y: 'independent' } },
    spec: {
      width: panelWidth,
      height: { step: BAR_STEP },
      layer: [
        {
          mark: { type: 'bar', color: OK, height: { band: 0.7 } },
          encoding: {
            y,
            x: {
              field: 'share',
              type: 'quantitative',
              scale: { domain: [0, most * (panelWidth / (panelWidth - 60))], nice: false },
              axis: {
                title: "share of the variant's calls, %",
                labelExpr: PERCENT_LABELS,
                tickCount: 5,
                grid: false,
              },
            },
          },
        },
        {
          mark: { type: 'tick', color: INK, thickness: 2, height: { band: 0.95 } as never },
          encoding: { y, x: { field: 'even', type: 'quantitative' } },
        },
        {
          mark: { type: 'text', align: 'right' },
          encoding: { y, x: { value: panelWidth }, text: { field: 'label', type: 'nominal' } },
        },
      ],
    },
  };
}

export const instances: DrawChart = (model) => {
  // Instances that answered nothing are listed, too.
  const measured = model.measured.filter((one) => sharesOf(one).some(({ calls }) => calls > 0));
  if (measured.length === 0) return undefined;
  return {
    name: 'instances',
    title: 'Load of each instance',
    caption: `The mark is the even share. Calls count for the instance that answered.${
      measured.some((one) => sharesOf(one).length > MOST_BARS)
        ? ` Only the ${MOST_BARS} busiest instances are drawn.`
        : ''
    }`,
    spec: (width) => specOf(measured, width),
    table: {
      columns: ['variant', 'instance', 'calls', 'share %', 'p99 ms', 'Jain index of the variant'],
      rows: measured.flatMap((one) =>
        sharesOf(one).map((share) => [
          one.name,
          share.id,
          count(share.calls),
          percent(share.share),
          share.p99Ms,
          unitShare(one.summary.balance.jain),
        ]),
      ),
    },
  };
};
