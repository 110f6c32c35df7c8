/** @module The quantity `balance`: how evenly calls are spread over instances. */
import { z } from 'zod';
import type { Quantity } from './quantity.ts';

/** Below this Jain index a reader should know how uneven the load was. */
const UNEVEN = 0.95;

/** Over calls per instance. `jain` is 1 when all are equal, 1/n when one has all; null when no instance named itself. */
const Figures = z.object({ jain: z.number().nullable(), maxOverMean: z.number().nullable() });
type Figures = z.infer<typeof Figures>;

/** `uneven`: the load leans by more than chance explains. Older results do not say so, nor do they have what chance explains. */
const Balance = Figures.extend({ uneven: z.boolean().optional() }).transform((balance) => ({
  ...balance,
  uneven: balance.uneven ?? (balance.jain ?? 1) < UNEVEN,
}));
type Balance = z.infer<typeof Balance>;

/**
 * The balance of these calls per instance. Jain's index is `(sum x)^2 / (n * sum x^2)`: 1 when all are equal, `1/n`
 * when one has all (R. Jain, D. Chiu, W. Hawe, DEC-TR-301, 1984). Instances that answered no call are unknown here.
 */
export function balanceOf(calls: readonly number[]): Figures {
  const total = calls.reduce((sum, count) => sum + count, 0);
  if (total === 0) return { jain: null, maxOverMean: null };
  const squares = calls.reduce((sum, count) => sum + count * count, 0);
  return {
    jain: (total * total) / (calls.length * squares),
    maxOverMean: (Math.max(...calls) * calls.length) / total,
  };
}

/** So many standard deviations are not chance: one fair spread in two hundred leans more. */
const CHANCE = 2.58;

/**
 * Whether these calls per instance lean notably, and by more than they would if each call chose an instance at random: few calls
 * always lean. Pearson's statistic is `calls * (1 / jain - 1)`; its cube root is nearly normal (E. Wilson and M. Hilferty, "The
 * distribution of chi-square", Proceedings of the National Academy of Sciences 17, 1931).
 */
export function isUneven(calls: readonly number[]): boolean {
  const { jain } = balanceOf(calls);
  if (jain === null || jain >= UNEVEN) return false;
  const degrees = calls.length - 1;
  const statistic = calls.reduce((sum, count) => sum + count, 0) * (1 / jain - 1);
  const variance = 2 / (9 * degrees);
  return (Math.cbrt(statistic / degrees) - (1 - variance)) / Math.sqrt(variance) > CHANCE;
}

const absent = 'no instance named itself';

export const balance: Quantity<'balance', Balance> = {
  name: 'balance',
  schema: Balance,
  figures({ byInstance }) {
    const calls = byInstance.map((instance) => instance.calls);
    return { ...balanceOf(calls), uneven: isUneven(calls) };
  },
  metrics: [
    {
      name: 'jain_index',
      key: 'jain',
      label: 'Jain index of the load',
      meaning: 'how evenly the instances were loaded, 1 when all had the same',
      unit: 'fraction',
      better: 'higher',
      read: ({ jain }) => jain,
      absent,
      fromServer: true,
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
      fromServer: true,
      hasSpread: true,
    },
  ],
  note: 'Jain index: how evenly the instances were loaded, 1 when all had the same.',
};
