/** @module State behind handles: what signed ones add to a call against what their cryptography costs, and how often another instance knows a handle. */
import type { Context } from './context.ts';
import type { Goal } from './goal.ts';
import type { Outcome, Section } from './section.ts';
import { foundHandles } from './state-found.ts';
import { sealCosts } from './state-seal.ts';

/** Holds handles to what is known of them beforehand. */
export const state: Section = {
  name: 'state',
  title: 'Handles against what is known of them',
  method:
    'A basket behind a signed handle is changed, which opens the handle and makes the next one. Beside it, in the same process and by turns, the same cryptography is done on texts of the same length: HMAC-SHA256 of node:crypto twice, or a JWE decrypted and encrypted by jose. What is over is what the handle adds. And flows that make a basket and look at it run against real instances behind `random-two`: an instance knows the handle of another one never, so that the look finds it with probability 1/N where the basket is in memory.',
  run,
};

async function run(context: Context): Promise<Outcome> {
  const parts = [await sealCosts(context), await foundHandles(context)];
  return {
    tables: parts.map(({ table }) => table),
    goals: parts.flatMap(({ goals }): readonly Goal[] => goals),
    notes: [],
    data: parts.map(({ data }) => data),
  };
}
