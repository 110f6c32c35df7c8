/** @module The quantity `slowest`: the slowest calls one by one, and whether they have a time or an instance in common. */
import { slowest as measure, type SlowCall } from '../../recording/measure/slowest.ts';
import { countsOf, type Recording } from '../../recording/recording.ts';
import type { Micros } from '../../units/time.ts';
import { binomialTail } from '../statistics/binomial.ts';
import type { Quantity } from './quantity.ts';
import { Slowest } from './slowest-figures.ts';

/** Calls that have something in common: so many at least. Of calls spread evenly, eight of ten fall into one tenth of the time once in 30,000 results. */
const FEWEST_TOGETHER = 8;
const PART_OF_TIME = 0.1;
/** How probable it may be that so many at one instance are chance, whichever instance it is. */
const CHANCE = 0.01;

/** Absent where no call has a response time, and from older results. */
export const slowest: Quantity<'slowest', Slowest | undefined> = {
  name: 'slowest',
  schema: Slowest.optional(),
  figures(recording) {
    const { calls } = countsOf(recording, measure) ?? { calls: [] };
    if (calls.length === 0) return undefined;
    const spanUs = (recording.measuredUs / (recording.repetitions ?? 1)) * PART_OF_TIME;
    return {
      calls: [...calls],
      together: togetherOf(calls, spanUs),
      atInstance: instanceOf(calls, recording),
    };
  },
  metrics: [],
};

/** The most calls that fell due within `spanUs` of each other, if they are enough. */
function togetherOf(calls: readonly SlowCall[], spanUs: Micros): Slowest['together'] {
  let found: Slowest['together'] = null;
  for (const { repetition, dueUs: fromUs } of calls) {
    const near = calls.filter(
      (one) => one.repetition === repetition && one.dueUs >= fromUs && one.dueUs <= fromUs + spanUs,
    );
    if (near.length < Math.max(FEWEST_TOGETHER, (found?.calls ?? 0) + 1)) continue;
    const toUs = Math.max(...near.map(({ dueUs }) => dueUs));
    found = { ...(repetition !== undefined && { repetition }), fromUs, toUs, calls: near.length };
  }
  return found;
}

/** The instance with the most of `calls`, if it has more than its share of all calls explains. */
function instanceOf(calls: readonly SlowCall[], { byInstance }: Recording): Slowest['atInstance'] {
  const named = calls.filter(({ instance }) => instance !== null);
  const all = byInstance.reduce((sum, one) => sum + one.calls, 0);
  if (byInstance.length < 2 || named.length < FEWEST_TOGETHER) return null;
  const found = byInstance.map(({ name, calls: answered }) => {
    const own = named.filter(({ instance }) => instance === name).length;
    return { instance: name, calls: own, chance: binomialTail(own, named.length, answered / all) };
  });
  const { chance, ...most } = found.reduce((best, one) => (one.calls > best.calls ? one : best));
  return chance * byInstance.length <= CHANCE ? most : null;
}
