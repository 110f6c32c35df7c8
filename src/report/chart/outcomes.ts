/** @module Chart: how the calls of each variant ended, as shares of those that were due. */
import type { TopLevelSpec } from 'vega-lite';
import type { Measured } from '../model.ts';
import { count, percent, percentWithUnit } from '../wording.ts';
import { boldLettersIn, type DrawChart, PERCENT_LABELS, TOTAL, type Width } from './chart.ts';
import { FAILURES, GROUND, OK, REFUSED_MISUSE } from './palette.ts';
import { BAR, BAR_OFFSET, NOTE_PIXELS, rowAxis, rowNames, rowNotes, STEP } from './rows.ts';

/** Endings beyond the colours that can be distinguished are drawn as one; the table has them all. */
const OTHER = 'other';

/** Planted misuse that was refused, which is no failure, whatever its outcome. */
const MISUSE = 'misuse, refused';

/** Calls by outcome, never-sent ones as `dropped`, and refused misuse apart from the failures, without zeros. */
function endingsOf({ summary: { calls } }: Measured): ReadonlyMap<string, number> {
  const misuse: Readonly<Record<string, number | undefined>> = calls.misuseRefused ?? {};
  const all = [
    ...Object.entries(calls.outcomes).map(([kind, ended]) => [kind, ended - (misuse[kind] ?? 0)] as const),
    [MISUSE, calls.misuse ?? 0] as const,
    ['dropped', calls.dropped] as const,
  ];
  return new Map(all.filter(([, calls]) => calls > 0));
}

/** Of the due calls. */
const sharesOf = (one: Measured): Readonly<Record<string, number | undefined>> =>
  Object.fromEntries([...endingsOf(one)].map(([kind, calls]) => [kind, calls / one.summary.calls.due]));

/** Every ending of the result: `ok` first, then refused misuse, then failures by frequency. */
function kindsOf(measured: readonly Measured[]): readonly string[] {
  const totals = new Map<string, number>();
  for (const one of measured) {
    for (const [kind, calls] of endingsOf(one)) totals.set(kind, (totals.get(kind) ?? 0) + calls);
  }
  const good = ['ok', ...(totals.has(MISUSE) ? [MISUSE] : [])];
  const failures = [...totals].filter(([kind]) => !good.includes(kind)).sort((a, b) => b[1] - a[1]);
  return [...good, ...failures.map(([kind]) => kind)];
}

function segmentsOf(measured: readonly Measured[], kinds: readonly string[], drawn: readonly string[]) {
  return measured.flatMap((one, row) => {
    const shares = sharesOf(one);
    let from = 0;
    return drawn.map((kind) => {
      const members = kind === OTHER ? kinds.filter((each) => !drawn.includes(each)) : [kind];
      const share = members.reduce((sum, each) => sum + (shares[each] ?? 0), 0);
      const segment = { row, kind, from, to: from + share };
      from += share;
      return segment;
    });
  });
}

function specOf(measured: readonly Measured[], kinds: readonly string[], width: Width): TopLevelSpec {
  const good = kinds.includes(MISUSE) ? [OK, REFUSED_MISUSE] : [OK];
  const distinct = FAILURES.length + good.length;
  const drawn = kinds.length > distinct ? [...kinds.slice(0, distinct - 1), OTHER] : kinds;
  const pixels = TOTAL[width] - 16;
  const notes = measured.map(({ summary }) => `${percentWithUnit(1 - summary.calls.errorRate)} ok`);
  return {
    width: pixels,
    height: measured.length * STEP,
    layer: [
      rowNames(
        measured.map((one) => one.name),
        boldLettersIn(pixels - NOTE_PIXELS),
      ),
      rowNotes(notes, pixels),
      {
        data: { values: segmentsOf(measured, kinds, drawn) },
        mark: { type: 'bar', height: BAR, yOffset: BAR_OFFSET, stroke: GROUND, strokeWidth: 1 },
        encoding: {
          y: rowAxis(measured.length),
          x: {
            field: 'from',
            type: 'quantitative',
            scale: { domain: [0, 1] },
            axis: {
              title: 'share of the calls due, %',
              labelExpr: PERCENT_LABELS,
              grid: false,
              tickCount: 5,
              labelFlush: true,
            },
          },
          x2: { field: 'to' },
          color: {
            field: 'kind',
            type: 'nominal',
            scale: { domain: [...drawn], range: [...good, ...FAILURES].slice(0, drawn.length) },
            legend: {
              orient: 'top',
              title: null,
              symbolType: 'square',
              symbolSize: 140,
              columns: width === 'wide' ? 6 : 2,
            },
          },
        },
      },
    ],
  };
}

function titleOf(measured: readonly Measured[]): string {
  const failing = measured.filter(({ summary }) => summary.calls.errorRate > 0).length;
  if (measured.length === 1) return 'Not every call ended ok';
  return failing === measured.length
    ? 'Every variant had calls that did not end ok'
    : `Not every call ended ok in ${failing} of ${measured.length} variants`;
}

export const outcomes: DrawChart = ({ measured }) => {
  // That every call ended ok is said in a sentence.
  if (measured.every(({ summary }) => summary.calls.errorRate === 0)) return undefined;
  const kinds = kindsOf(measured);
  return {
    name: 'outcomes',
    title: titleOf(measured),
    caption: 'Share of the calls that were due, all repetitions together.',
    spec: (width) => specOf(measured, kinds, width),
    table: {
      columns: ['variant', 'calls due', ...kinds.flatMap((kind) => [kind, `${kind} %`])],
      rows: measured.map((one) => [
        one.name,
        count(one.summary.calls.due),
        ...kinds.flatMap((kind) => {
          return [count(endingsOf(one).get(kind) ?? 0), percent(sharesOf(one)[kind] ?? 0)];
        }),
      ]),
    },
  };
};
