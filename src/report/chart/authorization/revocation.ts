/** @module Chart: calls of revoked agents around the revocation, allowed and refused, a panel per variant. */
import type { TopLevelSpec } from 'vega-lite';
import { type AuthEvent, eventText, type StaleRow, staleRows } from '../../authorization/stale.ts';
import { count } from '../../wording.ts';
import type { DrawChart, Width } from '../chart.ts';
import { BAD, INK, MUTED, OK } from '../palette.ts';
import { panelsOf } from '../panels.ts';

const STEP_MS = 100;
/** What is later is left to the table. */
const LAST_MS = 12_000;

const KINDS = ['allowed before', 'still allowed', 'refused'] as const;
const COLOURS = [OK, BAD, MUTED];

interface Bar {
  readonly panel: string;
  readonly from: number;
  readonly to: number;
  readonly kind: (typeof KINDS)[number];
  readonly low: number;
  readonly high: number;
}

/** Bars of a tenth of a second, the refused calls upon the allowed ones. */
function barsOf({ confirmedUs, steps }: AuthEvent, panel: string): readonly Bar[] {
  return steps
    .filter(({ atMs }) => atMs < LAST_MS)
    .flatMap(({ atMs, allowed, denied }): readonly Bar[] => {
      const place = { panel, from: atMs / 1000, to: (atMs + STEP_MS) / 1000 };
      const kind = atMs * 1000 < confirmedUs ? 'allowed before' : 'still allowed';
      return [
        ...(allowed === 0 ? [] : [{ ...place, kind, low: 0, high: allowed } as const]),
        ...(denied === 0
          ? []
          : [{ ...place, kind: 'refused', low: allowed, high: allowed + denied } as const]),
      ];
    });
}

function specOf(rows: readonly StaleRow[], width: Width): TopLevelSpec {
  const panels = panelsOf(
    rows.map(({ one }) => one),
    width,
  );
  const bars = rows.flatMap(({ event }, at) => barsOf(event, panels.names[at]!));
  const confirmed = rows.map(({ event }, at) => ({
    panel: panels.names[at]!,
    second: event.confirmedUs / 1e6,
  }));
  const most = Math.max(1, ...bars.map(({ high }) => high));
  const ends = [...bars.map(({ to }) => to), 1];
  const domain = [Math.min(-1, ...bars.map(({ from }) => from)), Math.max(...ends)];
  const axis = { title: 'time since the event, s', grid: false, tickCount: 6, format: '~g' };
  return {
    data: { values: [...bars, ...confirmed] },
    ...panels.layout,
    spec: {
      width: panels.width,
      height: panels.height,
      layer: [
        {
          transform: [{ filter: 'isValid(datum.kind)' }],
          mark: { type: 'rect' },
          encoding: {
            x: { field: 'from', type: 'quantitative', scale: { domain, nice: false }, axis },
            x2: { field: 'to' },
            y: {
              field: 'low',
              type: 'quantitative',
              scale: { domain: [0, most * 1.1], nice: false },
              axis: { title: 'calls per 0.1 s', tickCount: 3 },
            },
            y2: { field: 'high' },
            color: {
              field: 'kind',
              type: 'nominal',
              scale: { domain: [...KINDS], range: COLOURS },
              legend: { orient: 'top', title: null, symbolType: 'square', symbolSize: 140 },
            },
          },
        },
        {
          transform: [{ filter: 'isValid(datum.second)' }],
          mark: { type: 'rule', color: INK, strokeWidth: 1.5, strokeDash: [4, 2] },
          encoding: { x: { field: 'second', type: 'quantitative' } },
        },
      ],
    },
  } as TopLevelSpec;
}

export const revocation: DrawChart = (model) => {
  const rows = staleRows(model).filter(({ event }) => event.steps.length > 0);
  const [first] = rows;
  if (first === undefined) return undefined;
  const drawn = rows.filter(({ place }) => place === first.place);
  const isCut = drawn.some(({ event }) => event.steps.some(({ atMs }) => atMs >= LAST_MS));
  return {
    name: 'auth-revocation',
    title: `Calls of the affected agents around ${eventText(first.event)}`,
    caption: `All repetitions together. The broken line: the authorization server has confirmed the change, so that calls should be refused from there on.${
      isCut ? ` The first ${LAST_MS / 1000} seconds are drawn.` : ''
    }`,
    spec: (width) => specOf(drawn, width),
    table: {
      columns: ['variant', 'event', 'agents', 'confirmed after us', 'allowed since', 'refused since'],
      rows: rows.map(({ one, event }) => [
        one.name,
        eventText(event),
        count(event.agents),
        count(event.confirmedUs),
        count(event.staleAllowed),
        count(event.instances.reduce((sum, { denied }) => sum + denied, 0)),
      ]),
    },
  };
};
