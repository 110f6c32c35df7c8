/** @module A pool of tokens, of which each call takes a fresh one. */
import { pacerOf } from '../../generator/schedule/pacer.ts';
import type { LoadSettings } from '../../profile/settings.ts';
import { UserError } from '../../units/user-error.ts';
import type { AgentGroup } from './group.ts';

/** 411 bytes of a token in each thread, and a millisecond of the authorization server: more would take minutes. */
const MOST_TOKENS = 200_000;
/** A Poisson process makes more calls than expected in half of the cases; sessions have requests of their own. */
const RESERVE = 1.1;
const RESERVE_PER_AGENT = 4;

/** How many tokens the pool of each group has; the load divides a pool in proportion to the agents. Throws a `UserError` when the load needs too many. */
export function poolSizes(load: LoadSettings, groups: readonly AgentGroup[]): readonly number[] {
  const pacer = pacerOf(load.shape, load.warmupUs, load.durationUs);
  if (pacer === undefined) {
    throw new UserError({
      where: 'auth.per',
      what: 'a token per call needs to know the number of calls, which load.concurrency does not give',
      todo: 'use load.rate, or auth.per agent',
    });
  }
  const tokens = Math.ceil(pacer.total * RESERVE) + load.agents * RESERVE_PER_AGENT;
  if (tokens > MOST_TOKENS) {
    throw new UserError({
      where: 'auth.per',
      what: `a token per call needs ${tokens} tokens before the load begins`,
      expected: `at most ${MOST_TOKENS}`,
      todo: 'lower load.rate or load.duration, or use auth.per agent',
    });
  }
  const startOf = (agent: number): number => Math.floor((tokens * agent) / load.agents);
  return groups.map(({ agents }) => startOf(agents.at(-1)! + 1) - startOf(agents[0]!));
}
