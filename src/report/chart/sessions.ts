/** @module Chart: what became of sessions: calls that reached the owner of their session, and calls that found it gone. */
import type { TopLevelSpec } from 'vega-lite';
import type { Summary } from '../../result/document.ts';
import type { Measured } from '../model.ts';
import { count, list, NOTHING, percent, percentWithUnit } from '../wording.ts';
import { boldLettersIn, type DrawChart, PERCENT_LABELS, TOTAL, type Width } from './chart.ts';
import { BAD, INK, OK } from './palette.ts';
import { BAR, BAR_OFFSET, type Layer, NOTE_PIXELS, rowAxis, rowNames, rowNotes, STEP } from './rows.ts';

interface Measure {
  readonly title: string;
  readonly colour: string;
  readonly read: (summary: Summary) => number | null;
}

const MEASURES: readonly Measure[] = [
  {
    title: 'owner hits, %',
    colour: OK,
    read: (one) => one.sessions?.ownerHitRate ?? null,
  },
  { title: 'calls that found their session gone, %', colour: BAD, read: (one) => one.calls.lostShare },
];

function panel(measured: readonly Measured[], measure: Measure, pixels: number) {
  const values = measured.map((one, row) => ({ row, share: measure.read(one.summary) ?? 0 }));
  const ticks = measured.flatMap((one, row) =>
    one.variant.repetitions.flatMap((rep) => {
      const share = measure.read(rep);
      return share === null ? [] : [{ row, share }];
    }),
  );
  const notes = measured.map((one) => {
    const share = measure.read(one.summary);
    return share === null ? 'not known' : percentWithUnit(share);
  });
  const y = rowAxis(measured.length);
  const x = {
    field: 'share',
    type: 'quantitative',
    scale: { domain: [0, 1] as [number, number] },
    axis: {
      title: measure.title,
      labelExpr: PERCENT_LABELS,
      tickCount: 5,
      labelFlush: true,
      gridDash: [2, 3] as [number, number],
    },
  } as const;
  const layer: Layer[] = [
    rowNames(
      measured.map((one) => one.name),
      boldLettersIn(pixels - NOTE_PIXELS),
    ),
    rowNotes(notes, pixels),
    {
      data: { values },
      mark: { type: 'bar', height: BAR, yOffset: BAR_OFFSET, color: measure.colour },
      encoding: { y, x },
    },
    {
      data: { values: ticks },
      mark: { type: 'tick', height: BAR + 6, yOffset: BAR_OFFSET, thickness: 1.5, color: INK } as never,
      encoding: { y, x },
    },
  ];
  return { width: pixels, height: measured.length * STEP, layer };
}

function specOf(measured: readonly Measured[], width: Width): TopLevelSpec {
  const pixels = width === 'wide' ? Math.floor((TOTAL.wide - 16 - 48) / 2) : TOTAL.narrow - 16;
  const panels = MEASURES.map((measure) => panel(measured, measure, pixels));
  return width === 'wide' ? { hconcat: panels, spacing: 40 } : { vconcat: panels, spacing: 24 };
}

/** Where sessions are in a shared store, a call need not reach the instance that created its session. */
function sharedText(measured: readonly Measured[]): string {
  const shared = measured.filter(({ summary }) => summary.sessions?.lookUp !== undefined);
  if (shared.length === 0) return '';
  return ` In ${list(shared.map(({ name }) => `“${name}”`))} every instance asks a shared store, and any of them will do.`;
}

export const sessions: DrawChart = (model) => {
  const measured = model.measured.filter((one) => one.summary.sessions !== null);
  if (measured.length === 0) return undefined;
  return {
    name: 'sessions',
    title: 'Whether calls reached the instance that holds their session',
    caption: `Owner hits are sessions whose first call reached the instance that created them.${sharedText(measured)} Bars are all repetitions together, ticks single ones.`,
    spec: (width) => specOf(measured, width),
    table: {
      columns: [
        'variant',
        'owner hits %',
        'calls on the owner %',
        'calls lost %',
        'sessions opened',
        'lost',
        'reopened',
        'handshakes broken',
        'streams open',
        'streams refused',
      ],
      rows: measured.map(({ name, summary }) => {
        const { ownerHitRate, ...counts } = summary.sessions!;
        return [
          name,
          ownerHitRate === null ? NOTHING : percent(ownerHitRate),
          counts.callsOnOwnerShare === null ? NOTHING : percent(counts.callsOnOwnerShare),
          percent(summary.calls.lostShare),
          ...(
            [
              'opened',
              'lost',
              'reinitialised',
              'handshakesBroken',
              'streamsOpened',
              'streamsRefused',
            ] as const
          ).map((key) => count(counts[key])),
        ];
      }),
    },
  };
};
