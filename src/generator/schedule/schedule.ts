/** @module The merged schedule: which call, by which agent, due when. A function of the seed and the arrival's index alone. */
import type { LoadSettings } from '../../profile/settings.ts';
import { drawAt, randomAt, streamKey } from '../../units/random.ts';
import { type Micros, UNSET } from '../../units/time.ts';
import { firstAbove } from './first-above.ts';
import { pacerOf } from './pacer.ts';
import { homesOf, weightsOfAgents } from './residence.ts';

/** A call with the time it is due. */
export interface Arrival {
  /** Its number over all workers, from 0, warm-up included: where arrivals are flows, the first of those of its calls. */
  readonly seq: number;
  /** From the start of the load, warm-up included. In a closed loop a call is due when its turn comes. */
  readonly dueUs: Micros;
  /** Index of the agent that makes the call. */
  readonly agent: number;
  /** Index into the mix of calls; of the arrival of a flow, the number of calls and the index of the flow. */
  readonly call: number;
  /** Of a call that is a step of a flow: what earlier steps have saved, by name. */
  readonly saved?: Readonly<Record<string, unknown>> | undefined;
}

/** Arrivals in order of their due time. */
export interface Schedule {
  /**
   * The next arrival, valid until the one after it is asked for; `undefined` after the last one. A closed loop has no last one; its
   * next is due at `turnUs`.
   */
  next(turnUs?: Micros): Arrival | undefined;
}

export interface ScheduleOptions {
  readonly load: LoadSettings;
  /** Weights of the mix: of its calls, 0 for those that are steps, then of its flows. */
  readonly weights: readonly number[];
  /** How many numbers each arrival has: the calls of the longest flow. Absent: one. */
  readonly stride?: number;
  readonly seed: number;
  /** This worker's place among all of them. */
  readonly worker: number;
  readonly workers: number;
  /**
   * Agents hold state (a session), so an arrival belongs to the worker that its agent lives with ({@link homesOf}); otherwise arrival `k`
   * belongs to worker `k mod workers`. Needs at least as many agents as workers.
   */
  readonly resident: boolean;
}

/** The share of the one seeded schedule that belongs to one worker. The schedule does not depend on the number of workers. */
export function createSchedule(options: ScheduleOptions): Schedule {
  const { load, seed, stride = 1 } = options;
  const pacer = pacerOf(load.shape, load.warmupUs, load.durationUs);
  const agentOf = agentsBySeq(options);
  const callOf = callsBySeq(options);
  const isOurs = ownership(options, agentOf);
  const mark = load.arrivals === 'poisson' ? poissonMarks(seed) : (seq: number) => seq;
  const arrival = { seq: 0, dueUs: UNSET, agent: 0, call: 0 };
  let seq = -1;
  return {
    next(turnUs = 0) {
      // Every worker walks all arrivals: they are cheap.
      for (;;) {
        seq += 1;
        arrival.dueUs = turnUs;
        if (pacer !== undefined) {
          const at = mark(seq);
          if (at >= pacer.total) return undefined;
          arrival.dueUs = pacer.dueAt(at);
        }
        if (!isOurs(seq)) continue;
        arrival.seq = seq * stride;
        arrival.agent = agentOf(seq);
        arrival.call = callOf(seq);
        return arrival;
      }
    },
  };
}

function ownership(
  { load, resident, worker, workers }: ScheduleOptions,
  agentOf: (seq: number) => number,
): (seq: number) => boolean {
  if (workers === 1) return () => true;
  if (!resident) return (seq) => seq % workers === worker;
  const homes = homesOf(load.agents, load.skew ?? 0, workers);
  return (seq) => homes[agentOf(seq)] === worker;
}

/** Partial sums of unit exponentials: the marks of a Poisson process of rate 1. */
function poissonMarks(seed: number): () => number {
  const random = randomAt(seed, 'arrival');
  let sum = 0;
  return () => {
    sum -= Math.log(1 - random.next());
    return sum;
  };
}

function callsBySeq({ weights, seed }: ScheduleOptions): (seq: number) => number {
  const key = streamKey(seed, 'call');
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const callAt = firstAbove(
    risingSums(weights).map((sum) => sum / total),
    1,
  );
  return (seq) => callAt(drawAt(key, seq));
}

/** Each agent has its share of the arrivals ({@link weightsOfAgents}). */
function agentsBySeq({ load: { agents, skew = 0 }, seed }: ScheduleOptions): (seq: number) => number {
  const key = streamKey(seed, 'agent');
  if (skew === 0) return (seq) => Math.floor(drawAt(key, seq) * agents);
  const sums = risingSums(weightsOfAgents(agents, skew));
  const agentAt = firstAbove(sums, sums.at(-1)!);
  return (seq) => agentAt(drawAt(key, seq));
}

function risingSums(weights: ArrayLike<number>): Float64Array {
  const sums = Float64Array.from(weights);
  for (let i = 1; i < sums.length; i += 1) sums[i]! += sums[i - 1]!;
  return sums;
}
