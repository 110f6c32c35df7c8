/** @module The truth of authorization: planted costs and faults, and what results say of them. */
import { noCost, plantedCosts } from './auth-truth-costs.ts';
import { skippedCheck, staleWindows } from './auth-truth-windows.ts';
import type { Context } from './context.ts';
import { outcomeOf } from './known-figures.ts';
import type { Outcome, Section } from './section.ts';

export const authTruth: Section = {
  name: 'auth',
  title: 'Authorization: what is planted, and what is found',
  method:
    'Real runs of lean servers with the real authorization server, Poisson arrivals, on whatever cores the system gives them. Costs: `--rounds` repetitions of twice `--seconds` seconds at 100/s, so that a longer check does not lengthen queues; a planted cost is the difference between two variants that are otherwise the same. None against none: 20 seeds, each with `--rounds` repetitions of `--seconds` seconds of two variants without a check. Windows: one run each, in which the tokens of all 100 agents are revoked after three seconds.',
  run,
};

async function run(context: Context): Promise<Outcome> {
  return outcomeOf('Authorization', 'planted', [
    ...(await plantedCosts(context)),
    ...(await staleWindows(context)),
    ...(await skippedCheck(context)),
    await noCost(context),
  ]);
}
