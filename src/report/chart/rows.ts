/** @module The common shape of charts with a row per variant: the name stands above its bar, so that it needs no room beside it. */
import type { TopLevelSpec } from 'vega-lite';
import { shortenAll } from '../wording.ts';
import { FONT_SIZE, LETTER } from './chart.ts';

type Layered = Extract<TopLevelSpec, { layer: unknown }>;
export type Layer = Layered['layer'][number];

/** Height of a row, and of the bar in it. */
export const STEP = 46;
export const BAR = 16;
/** The bar sits in the lower part of its row, the name in the upper. */
export const BAR_OFFSET = 9;
const NAME_OFFSET = -12;

/** Vertical position of a row by its place among all, so that names may be equal. */
export const rowAxis = (rows: number) =>
  ({
    field: 'row',
    type: 'ordinal',
    axis: null,
    scale: { domain: Array.from({ length: rows }, (_, row) => row), paddingInner: 0, paddingOuter: 0 },
  }) as const;

/** Room for a note of ten letters on the line of the names. */
export const NOTE_PIXELS: number = Math.ceil(10 * LETTER * FONT_SIZE);

/** The names above the bars, cut to `letters`; equal names stay equal. */
export function rowNames(names: readonly string[], letters: number, dy = NAME_OFFSET): Layer {
  const different = [...new Set(names)];
  const short = shortenAll(different, letters);
  return {
    data: { values: names.map((name, row) => ({ row, name: short[different.indexOf(name)]! })) },
    mark: { type: 'text', align: 'left', baseline: 'middle', dy, fontWeight: 'bold' },
    encoding: { y: rowAxis(names.length), x: { value: 0 }, text: { field: 'name', type: 'nominal' } },
  };
}

/** Text that ends at `pixels`, on the line of the names unless `dy` says otherwise. */
export function rowNotes(notes: readonly string[], pixels: number, dy = NAME_OFFSET): Layer {
  return {
    data: { values: notes.map((note, row) => ({ row, note })) },
    mark: { type: 'text', align: pixels === 0 ? 'left' : 'right', baseline: 'middle', dy },
    encoding: { y: rowAxis(notes.length), x: { value: pixels }, text: { field: 'note', type: 'nominal' } },
  };
}
