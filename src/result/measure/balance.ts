/** @module The quantity `balance`: how evenly calls are spread over instances. */
import { z } from 'zod';
import type { Quantity } from './quantity.ts';

/** Over calls per instance. `jain` is 1 when all are equal, 1/n when one has all; null when no instance named itself. */
const Balance = z.object({ jain: z.number().nullable(), maxOverMean: z.number().nullable() });
type Balance = z.infer<typeof Balance>;

/**
 * The balance of these calls per instance. Jain's index is `(sum x)^2 / (n * sum x^2)`: 1 when all are equal, `1/n`
 * when one has all (R. Jain, D. Chiu, W. Hawe, DEC-TR-301, 1984). Instances that answered no call are unknown here.
 */
export function balanceOf(calls: readonly number[]): Balance {
  const total = calls.reduce((sum, count) => sum + count, 0);
  if (total === 0) return { jain: null, maxOverMean: null };
  const squares = calls.reduce((sum, count) => sum + count * count, 0);
  return {
    jain: (total * total) / (calls.length * squares),
    maxOverMean: (Math.max(...calls) * calls.length) / total,
  };
}

const absent = 'no instance named itself';

export const balance: Quantity<'balance', Balance> = {
  name: 'balance',
  schema: Balance,
  figures: ({ byInstance }) => balanceOf(byInstance.map((instance) => instance.calls)),
  metrics: [
    {
      name: 'jain_index',
      key: 'jain',
      label: 'Jain index of the load',
      unit: 'fraction',
      better: 'higher',
      read: ({ jain }) => jain,
      absent,
      column: { head: 'Jain index', in: 'both' },
    },
    {
      name: 'max_over_mean',
      key: 'maxOverMean',
      label: 'load of the busiest instance over the mean',
      unit: 'ratio',
      better: 'lower',
      read: ({ maxOverMean }) => maxOverMean,
      absent,
      hasSpread: true,
    },
  ],
  note: 'Jain index: how evenly the instances were loaded, 1 when all had the same.',
};
