/** @module The quantity `replay`: calls of a trace that could not be made when their time came. */
import { z } from 'zod';
import { replay as measure } from '../../recording/measure/replay.ts';
import { countsOf } from '../../recording/recording.ts';
import type { Quantity } from './quantity.ts';

/** Calls that were not made, because the result that they need a value of did not have it, or the load was over. */
const Replay = z.object({ leftOut: z.int().min(0) });

/** Absent when the load was no replay. */
export const replay: Quantity<'replay', z.infer<typeof Replay> | undefined> = {
  name: 'replay',
  schema: Replay.optional(),
  figures: (recording) => countsOf(recording, measure),
  metrics: [
    {
      name: 'replay_left_out',
      key: 'leftOut',
      label: 'calls of the trace left out',
      unit: 'count',
      better: 'lower',
      read: ({ leftOut }) => leftOut,
      absent: 'the load was no replay',
    },
  ],
};
