/** @module The quantity `pages`: how many requests a list took, where lists have several pages. */
import { z } from 'zod';
import { pages as measure } from '../../recording/measure/pages.ts';
import { countsOf } from '../../recording/recording.ts';
import type { Quantity } from './quantity.ts';

const count = z.int().min(0);

/** Measured lists that were read to their last page, and the pages: one request each. */
const Pages = z.object({ lists: count, pages: count, perList: z.number().min(1) });

/** Absent when no list was read so. */
export const pages: Quantity<'pages', z.infer<typeof Pages> | undefined> = {
  name: 'pages',
  schema: Pages.optional(),
  figures(recording) {
    const counts = countsOf(recording, measure);
    return counts === undefined || counts.lists === 0
      ? undefined
      : { ...counts, perList: counts.pages / counts.lists };
  },
  metrics: [
    {
      name: 'pages_per_list',
      key: 'perList',
      label: 'pages per list',
      unit: 'ratio',
      better: 'neither',
      read: ({ perList }) => perList,
      absent: 'no list was read to its last page',
    },
  ],
};
