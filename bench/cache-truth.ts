/** @module The truth of caching: real runs whose hit ratios, ages and herds are known beforehand. */
import { replayed, switchedOff } from './cache-truth-gain.ts';
import { herd } from './cache-truth-herd.ts';
import { hitRatios } from './cache-truth-hits.ts';
import { staleness } from './cache-truth-stale.ts';
import type { Context } from './context.ts';
import { outcomeOf } from './known-figures.ts';
import type { Outcome, Section } from './section.ts';

export const cacheTruth: Section = {
  name: 'cache-truth',
  title: 'Caching: what theory says, and what is found',
  method:
    'Real runs of lean servers in real time, on whatever cores the system gives them, about three minutes in all. Poisson arrivals: five methods with a lifetime each in one mix, for three numbers of agents, each with a cache of its own. Expected are the closed forms of docs/accuracy.md; what chance may make is well below the bound of 1.5 percentage points.',
  run,
};

async function run(context: Context): Promise<Outcome> {
  return outcomeOf('Caching', 'run', [
    ...(await hitRatios(context)),
    ...(await replayed(context)),
    ...(await staleness(context)),
    ...(await switchedOff(context)),
    ...(await herd(context)),
  ]);
}
