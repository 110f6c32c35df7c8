/** @module Chart: the value of every repetition on both sides, in pairs, against the mean of the base. */
import type { TopLevelSpec } from 'vega-lite';
import type { Change } from '../../../result/regression/document.ts';
import { valueText } from '../../regression/change-cells.ts';
import { plain } from '../../wording.ts';
import type { Chart, Width } from '../chart.ts';
import { LINE, MUTED } from '../palette.ts';
import type { Layer } from '../rows.ts';
import { axisOf, SIGNED_LABELS } from './axis.ts';
import { cutText, headedPanels, MOST_PANELS, SIDE_COLOUR, SIDE_SHAPE, type SideName } from './sides.ts';

type Drawn = Change & { readonly base: number; readonly candidate: number };

const isDrawn = (change: Change): change is Drawn =>
  change.pairs.length > 0 && change.base !== null && change.candidate !== null;

const nameOf = ({ variant, label }: Change): string => plain(variant) || label;

/** Both values of each pair, as changes from the mean of the base. */
function pairsOf(one: Drawn, panel: string) {
  const { at } = axisOf(one);
  const against = (value: number): number => at(one.scale === 'ratio' ? value / one.base : value - one.base);
  return one.pairs.map(({ base, candidate }, index) => ({
    panel,
    repetition: index + 1,
    base: against(base),
    candidate: against(candidate),
  }));
}

/** An axis of `values` with a little room at both ends. */
function domainOf(values: readonly number[]): [low: number, high: number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low) * 0.06;
  return [low - room, high + room];
}

function axes(most: number, title: string, places: readonly number[]) {
  const x = {
    field: 'repetition',
    type: 'quantitative',
    scale: { domain: [0.4, most + 0.6] as [number, number], nice: false },
    axis: { title: 'repetition', grid: false, tickMinStep: 1, tickCount: Math.min(most, 10), format: 'd' },
  } as const;
  const y = {
    type: 'quantitative',
    scale: { domain: domainOf(places), nice: false },
    axis: {
      title,
      grid: false,
      tickCount: 5,
      labelExpr: SIGNED_LABELS,
    },
  } as const;
  return { x, y };
}

function specOf(drawn: readonly Drawn[], width: Width): TopLevelSpec {
  const panels = headedPanels(
    drawn.map((one) => ({
      name: nameOf(one),
      note: `${valueText(one, one.base)} → ${valueText(one, one.candidate)}`,
    })),
    width,
  );
  const { title, band } = axisOf(drawn[0]!);
  const pairs = drawn.flatMap((one, place) => pairsOf(one, panels.names[place]!));
  const { x, y } = axes(Math.max(...pairs.map(({ repetition }) => repetition)), title, [
    ...band,
    ...pairs.flatMap(({ base, candidate }) => [base, candidate]),
  ]);
  const dots = (side: SideName): Layer => ({
    transform: [{ calculate: `'${side}'`, as: 'side' }],
    mark: { type: 'point', filled: true, size: 60, opacity: 1 },
    encoding: { x, y: { ...y, field: side }, color: SIDE_COLOUR, shape: SIDE_SHAPE },
  });
  return {
    data: { values: pairs },
    ...panels.layout,
    spec: {
      width: panels.width,
      height: panels.height,
      layer: [
        {
          mark: { type: 'rect', color: LINE },
          encoding: { y: { ...y, datum: band[0] }, y2: { datum: band[1] } },
        },
        {
          mark: { type: 'rule', color: MUTED, strokeWidth: 1 },
          encoding: { x, y: { ...y, field: 'base' }, y2: { field: 'candidate' } },
        },
        dots('base'),
        dots('candidate'),
      ],
    },
  };
}

/** Of changes that share an axis; undefined when none has a value on both sides. `suffix`: follows the name of the chart. */
export function repetitionValues(changes: readonly Change[], suffix: string): Chart | undefined {
  const all = changes.filter(isDrawn);
  const drawn = all.slice(0, MOST_PANELS);
  if (drawn.length === 0) return undefined;
  return {
    name: `values${suffix}`,
    title: `Every repetition: ${[...new Set(drawn.map(({ label }) => label))].join(', ')}`,
    caption:
      'A line joins the repetitions that are compared with each other: they had the same arrivals. 0 is the mean of the base, and the grey ground is the margin around it. A slope means that the machine or the server drifted.' +
      cutText(drawn.length, all.length),
    spec: (width) => specOf(drawn, width),
    table: {
      columns: ['variant', 'repetition', 'base', 'candidate'],
      rows: drawn.flatMap((one) =>
        one.pairs.map(({ base, candidate }, at) => [
          nameOf(one),
          String(at + 1),
          valueText(one, base),
          valueText(one, candidate),
        ]),
      ),
    },
  };
}
