/** @module A table of caching, with what a reader of it has to know; and cells of its figures. */
import type { Micros, Millis } from '../../../units/time.ts';
import type { Model } from '../../model.ts';
import { count, figure, NOTHING, percent } from '../../wording.ts';
import type { TextTable } from '../headline.ts';

/** One table of the section `Caching`. */
export interface CachingTable {
  readonly title: string;
  /** Sentences below it. */
  readonly note: string;
  /** No rows: the table is left out. */
  readonly table: (model: Model) => TextTable;
}

/** What `show` makes of a value; `–` where there is none. */
const cellOf =
  <Value>(show: (value: Value) => string) =>
  (value: Value | null | undefined): string =>
    value === null || value === undefined ? NOTHING : show(value);

/** A share as a percentage without the sign. */
export const shareCell = cellOf(percent);

/** Whole milliseconds, of a time in these. */
export const millisCell = cellOf<Millis>(count);

/** A rate, a ratio or a part of a core. */
export const figureCell = cellOf<number>((value) => (value === 0 ? '0' : figure(value)));

/** Whole microseconds: what a cache gives takes less than a hundredth of a millisecond. */
export const microsCell = cellOf<Micros>(count);
