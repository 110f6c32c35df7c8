/** @module Pages of lists: how many requests the lists took that were read to their end. */
import { addCounts } from '../counts.ts';
import type { Measure, MeasureTally } from './measure.ts';

const COUNTS = ['lists', 'pages'] as const;

/** Measured lists that were read to their end, no page of them from a cache, and their pages: one request each. */
export type PageCounts = Readonly<Record<(typeof COUNTS)[number], number>>;

/** The lists of one worker while they are counted; its agents write to it. */
export class PageTally implements MeasureTally<PageCounts> {
  lists = 0;
  pages = 0;

  /** A list of `pages` pages was read. */
  list(pages: number, measured: boolean): void {
    if (!measured) return;
    this.lists += 1;
    this.pages += pages;
  }

  counts(): PageCounts {
    return { lists: this.lists, pages: this.pages };
  }
}

export const pages: Measure<PageCounts, PageTally> = {
  name: 'pages',
  start: () => new PageTally(),
  merge: (list) => addCounts(COUNTS, list),
};
