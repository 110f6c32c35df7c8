/** @module A table of authorization, with what a reader of it has to know; and cells of its figures. */
import { type Distribution, type Statistic, statisticOf } from '../../../result/measure/distribution.ts';
import type { Model } from '../../model.ts';
import { count, NOTHING } from '../../wording.ts';
import type { TextTable } from '../headline.ts';

/** One table of the section `Authorization`. */
export interface AuthorizationTable {
  readonly title: string;
  /** Sentences below it. */
  readonly note: string;
  /** No rows: the table is left out. */
  readonly table: (model: Model) => TextTable;
}

/** Whole microseconds; `–` where there are none. */
export const micros = (us: number | null | undefined): string =>
  us === null || us === undefined ? NOTHING : count(us);

/** A time of a distribution in microseconds; `–` without calls, and for a percentile that they are too few for. */
export const microsOf = (of: Distribution | null, key: Statistic): string =>
  micros(of && statisticOf(of, key));

/** `[120, 200]`; `–` without an interval. */
export const microsInterval = (lowUs: number | null, highUs: number | null): string =>
  lowUs === null || highUs === null ? NOTHING : `[${micros(lowUs)}, ${micros(highUs)}]`;
