/** @module The quantity `rate`: calls per second, as they fell due and as they were answered. */
import { z } from 'zod';
import { SECOND } from '../../units/time.ts';
import type { Quantity } from './quantity.ts';

/** `achieved` counts every answered call, whatever its outcome, that ended within the measured time. */
const Rate = z.object({ offeredPerSecond: z.number().min(0), achievedPerSecond: z.number().min(0) });
type Rate = z.infer<typeof Rate>;

const ifDue = ({ offeredPerSecond }: Rate, value: number): number | null =>
  offeredPerSecond === 0 ? null : value;
const absent = 'no call was due';

export const rate: Quantity<'rate', Rate> = {
  name: 'rate',
  schema: Rate,
  figures({ measuredUs, answeredInTime }, { due }) {
    const perSecond = (calls: number): number => (measuredUs > 0 ? (calls * SECOND) / measuredUs : 0);
    return { offeredPerSecond: perSecond(due), achievedPerSecond: perSecond(answeredInTime) };
  },
  metrics: [
    {
      name: 'offered_rate',
      key: 'offeredPerSecond',
      label: 'calls due per second',
      unit: 'rate',
      better: 'neither',
      read: (figures) => ifDue(figures, figures.offeredPerSecond),
      absent,
      csv: 'offered_per_second',
      column: { head: 'offered', in: 'results' },
    },
    {
      name: 'rate',
      key: 'achievedPerSecond',
      label: 'answered calls per second',
      unit: 'rate',
      better: 'higher',
      read: (figures) => ifDue(figures, figures.achievedPerSecond),
      absent,
      compared: 'always',
      csv: 'achieved_per_second',
      column: { head: 'achieved', in: 'both' },
    },
  ],
  note: 'Achieved counts every answered call.',
};
