/** @module The quantity `rate`: calls per second, as they fell due and as they were answered. */
import { z } from 'zod';
import { dueInTime } from '../../recording/recording.ts';
import { SECOND } from '../../units/time.ts';
import type { Metric, Quantity } from './quantity.ts';

const perSecond = z.number().min(0);

/**
 * `offered` counts every call that fell due within the measured time, whenever its flow was due; `achieved` counts every answered call, whatever its outcome, that ended within the measured time, also one that fell due in the warm-up; `goodput` those of them that
 * ended `ok`, planted misuse left out. Older results have no goodput.
 */
const Rate = z.object({
  offeredPerSecond: perSecond,
  /** The calls that `offered` counts; absent where they are `calls.due`, as without flows. */
  dueInTime: z.int().min(0).optional(),
  achievedPerSecond: perSecond,
  goodputPerSecond: perSecond.optional(),
});
type Rate = z.infer<typeof Rate>;

type Row = Omit<Metric<Rate>, 'unit' | 'read' | 'absent'> & {
  readonly key: Exclude<keyof Rate, 'dueInTime'>;
};

/** A rate; none where no call was due. */
const rateOf = (row: Row): Metric<Rate> => ({
  ...row,
  unit: 'rate',
  read: (figures) => (figures.offeredPerSecond === 0 ? null : figures[row.key]),
  absent: 'no call was due',
});

export const rate: Quantity<'rate', Rate> = {
  name: 'rate',
  schema: Rate,
  figures(recording, totals) {
    const { measuredUs, answeredInTime, okInTime } = recording;
    const due = dueInTime(recording);
    const rateOver = (calls: number): number => (measuredUs > 0 ? (calls * SECOND) / measuredUs : 0);
    return {
      offeredPerSecond: rateOver(due),
      ...(due !== totals.due && { dueInTime: due }),
      achievedPerSecond: rateOver(answeredInTime),
      goodputPerSecond: rateOver(okInTime),
    };
  },
  metrics: [
    rateOf({
      name: 'offered_rate',
      key: 'offeredPerSecond',
      label: 'calls due per second',
      better: 'neither',
      csv: 'offered_per_second',
      column: { head: 'offered', in: 'results' },
    }),
    rateOf({
      name: 'rate',
      key: 'achievedPerSecond',
      label: 'answered calls per second',
      better: 'higher',
      hasSpread: true,
      overWindows: true,
      csv: 'achieved_per_second',
      column: { head: 'achieved', in: 'results' },
    }),
    rateOf({
      name: 'goodput',
      key: 'goodputPerSecond',
      label: 'successful calls per second',
      meaning: 'calls that ended ok within the measured time, per second; planted misuse does not count',
      better: 'higher',
      compared: 'always',
      overWindows: true,
      offered: ({ offeredPerSecond }) => offeredPerSecond,
      csv: 'goodput_per_second',
      column: { head: 'goodput', in: 'both' },
    }),
  ],
  note: 'Achieved counts every call answered within the measured time, also one that fell due in the warm-up; goodput only those that ended ok, planted misuse left out.',
};
