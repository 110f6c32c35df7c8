/** @module The quantity `mismatches`: calls that a server refused because of their header fields, and what agents did about it. */
import { z } from 'zod';
import { mismatches as measure } from '../../recording/measure/mismatches.ts';
import { countsOf } from '../../recording/recording.ts';
import type { Quantity } from './quantity.ts';

const count = z.int().min(0);

const Mismatches = z.object({
  refused: count.describe('Measured calls that were refused at first, with -32020.'),
  lists: count.describe('Lists of tools that agents asked for because of them, beside all calls.'),
  again: count.describe(
    'Calls of these that were made once more, since the tool was listed otherwise than before.',
  ),
});

/** Absent when no call was refused so. */
export const mismatches: Quantity<'mismatches', z.infer<typeof Mismatches> | undefined> = {
  name: 'mismatches',
  schema: Mismatches.optional(),
  figures(recording) {
    const counts = countsOf(recording, measure);
    return counts === undefined || counts.refused === 0 ? undefined : counts;
  },
  metrics: [
    {
      name: 'header_mismatches',
      key: 'refused',
      label: 'calls whose header fields the server refused at first',
      unit: 'count',
      better: 'lower',
      read: ({ refused }) => refused,
      absent: 'no call was refused because of its header fields',
    },
  ],
};
