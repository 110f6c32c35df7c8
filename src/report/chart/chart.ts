/** @module What a chart is: a pure function from a result to a Vega-Lite specification, and the same figures as a table. */
import type { TopLevelSpec } from 'vega-lite';
import type { Model } from '../model.ts';

/** How much room there is. `narrow` is a phone held upright. */
export type Width = 'wide' | 'narrow';

/** The figures behind a chart, for those who cannot see it. Cells are printed as they are. */
interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Chart {
  /** Of files: `response-time`. */
  readonly name: string;
  /** What the chart shows, as a sentence without a full stop. */
  readonly title: string;
  /** How to read it. */
  readonly caption: string;
  readonly spec: (width: Width) => TopLevelSpec;
  /** Whether it may need more room than there is: it is not made smaller then, but scrolled. */
  readonly mayBeWider?: true;
  readonly table: ChartTable;
}

/** One line in the table of charts. `undefined` when the document carries nothing for it. */
export type DrawChart = (model: Model) => Chart | undefined;

/** Pixels of the whole drawing. */
export const TOTAL = { wide: 900, narrow: 350 } as const satisfies Record<Width, number>;
export const FONT_SIZE = 13;
/** Average width of a letter in the widest font a chart is drawn with (DejaVu Sans), as a share of its size. */
export const LETTER = 0.59;

/** Labels of an axis of shares, as percentages without the sign: the unit stands in the axis's title. */
export const PERCENT_LABELS = "format(datum.value * 100, '~g')";

/** How many letters of the charts' font fit into `pixels`. */
export const lettersIn = (pixels: number): number => Math.floor(pixels / (LETTER * FONT_SIZE));

/** Bold letters are wider than {@link lettersIn} reckons. */
const BOLD = 0.85;

/** How many bold letters of the charts' font fit into `pixels`. */
export const boldLettersIn = (pixels: number): number => Math.floor(BOLD * lettersIn(pixels));

/** Tick values 1, 2, 5 times powers of ten that cover [low, high], and the domain they span. */
export function logTicks(low: number, high: number): readonly number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)) + 1; power += 1) {
    for (const step of [1, 2, 5]) ticks.push(Number(`${step}e${power}`));
  }
  const first = ticks.findLastIndex((tick) => tick <= low);
  const last = ticks.findIndex((tick) => tick >= high);
  return ticks.slice(first, Math.max(last, first + 1) + 1);
}
