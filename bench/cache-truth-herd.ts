/** @module Truth of the herd: agents that start together fetch together, as spread as the Erlang distribution says. */
import { herdFetches } from './cache-theory.ts';
import { cacheOf } from './cache-truth-run.ts';
import type { Context } from './context.ts';
import type { Reading } from './known-figures.ts';
import { runProfile } from './run-profile.ts';

const AGENTS = 500;
const REPETITIONS = 3;
const CALLER = { perSecond: 2, ttlSeconds: 3 };
const SECONDS = 5;
const STEP_SECONDS = 0.1;
/** Steps over which a peak is counted. */
const WIDTH = 3;
/** Standard errors that chance may make. */
const ERRORS = 3;

/** The fetches around the peak of the first and of the second generation. */
export async function herd({ say }: Context): Promise<readonly Reading[]> {
  say(`a herd of ${AGENTS} agents`);
  const variants = await runProfile([
    `load: { rate: ${AGENTS * CALLER.perSecond}/s, arrivals: poisson, warmup: 0s, duration: ${SECONDS}s, agents: ${AGENTS} }`,
    'calls: [{ list: tools }]',
    `fleet: { server: lean, instances: 2, tools: { catalogue: 3, ttl: ${CALLER.ttlSeconds}s, cacheScope: private } }`,
    'cache: { honour: true }',
    'variants: [{ name: herd }]',
    `repetitions: ${REPETITIONS}`,
  ]);
  const steps = cacheOf(variants, 'herd').originSteps;
  const perSecond = Math.round(1 / STEP_SECONDS);
  const starts = Array.from({ length: SECONDS * perSecond - WIDTH }, (_, start) => start);
  const second = CALLER.ttlSeconds * perSecond;
  return [
    peakReading('first fetches', highest(starts.filter((start) => start < second)), steps),
    peakReading('second fetches', highest(starts.filter((start) => start >= second)), steps),
  ];
}

/** Fetches of all agents expected in the steps from `start` on. */
const expectedFrom = (start: number): number =>
  AGENTS * REPETITIONS * herdFetches(CALLER, start * STEP_SECONDS, (start + WIDTH) * STEP_SECONDS);

const highest = (starts: readonly number[]): number =>
  starts.reduce((best, start) => (expectedFrom(start) > expectedFrom(best) ? start : best));

function peakReading(what: string, start: number, steps: readonly number[]): Reading {
  const expected = expectedFrom(start);
  const measured = steps.slice(start, start + WIDTH).reduce((sum, count) => sum + count, 0);
  const share = expected / (AGENTS * REPETITIONS);
  const within = ERRORS * Math.sqrt(expected * (1 - share));
  const per = (count: number): string => `${(count / (REPETITIONS * WIDTH * STEP_SECONDS)).toFixed(0)}/s`;
  return {
    name: `${AGENTS} agents started together, ttl ${CALLER.ttlSeconds} s`,
    figure: `peak of the ${what}`,
    expected: per(expected),
    measured: per(measured),
    allowed: `${per(within)} (3 standard errors)`,
    good: Math.abs(measured - expected) <= within,
  };
}
