/** @module The merged schedule: which call, by which agent, due when. A function of the seed and the arrival's index alone. */
import type { LoadSettings } from '../../profile/settings.ts';
import { drawAt, randomAt, streamKey } from '../../units/random.ts';
import type { Micros } from '../../units/time.ts';
import { pacerOf } from './pacer.ts';

/** A call with the time it is due. */
export interface Arrival {
  /** Index over all workers, from 0, warm-up included. */
  readonly seq: number;
  /** From the start of the load, warm-up included. In a closed loop a call is due when its turn comes. */
  readonly dueUs: Micros;
  /** Index of the agent that makes the call. */
  readonly agent: number;
  /** Index into the mix of calls. */
  readonly call: number;
}

/** Arrivals in order of their due time. */
export interface Schedule {
  /** The next arrival; `undefined` after the last one. A closed loop has no last one; its next is due at `turnUs`. */
  next(turnUs?: Micros): Arrival | undefined;
}

export interface ScheduleOptions {
  readonly load: LoadSettings;
  /** Weights of the mix of calls; any positive numbers. */
  readonly weights: readonly number[];
  readonly seed: number;
  /** This worker's place among all of them: arrival `k` belongs to worker `k mod workers`. */
  readonly worker: number;
  readonly workers: number;
  /**
   * Agents hold state (a session), so each belongs to one worker: the agent drawn is replaced by its neighbour that belongs
   * to this one. Only then does the choice of agents depend on the number of workers. Needs at least as many agents as workers.
   */
  readonly resident: boolean;
}

/** The share of the one seeded schedule that belongs to one worker. */
export function createSchedule(options: ScheduleOptions): Schedule {
  const { load, seed, worker, workers } = options;
  const pacer = pacerOf(load.shape, load.warmupUs, load.durationUs);
  const pick = picker(options);
  if (pacer === undefined) {
    let seq = worker - workers;
    return {
      next(turnUs = 0) {
        seq += workers;
        return pick(seq, turnUs);
      },
    };
  }
  const mark = load.arrivals === 'poisson' ? poissonMarks(seed) : (seq: number) => seq;
  let seq = -1;
  return {
    next() {
      // Every worker walks all marks (they are cheap), so that the schedule does not depend on the number of workers.
      for (;;) {
        seq += 1;
        const at = mark(seq);
        if (at >= pacer.total) return undefined;
        if (seq % workers === worker) return pick(seq, pacer.dueAt(at));
      }
    },
  };
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

function picker({
  load,
  weights,
  seed,
  resident,
  worker,
  workers,
}: ScheduleOptions): (seq: number, dueUs: Micros) => Arrival {
  const agentKey = streamKey(seed, 'agent');
  const callKey = streamKey(seed, 'call');
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const bounds: number[] = [];
  let upTo = 0;
  for (const weight of weights) {
    upTo += weight;
    bounds.push(upTo / total);
  }
  const agentAt = agentsByDraw(load.agents, load.skew ?? 0);
  const moveIn = (agent: number): number => {
    const moved = agent - (agent % workers) + worker;
    return moved < load.agents ? moved : moved - workers;
  };
  return (seq, dueUs) => {
    const draw = drawAt(callKey, seq);
    let call = 0;
    while (call < bounds.length - 1 && draw >= bounds[call]!) call += 1;
    const agent = agentAt(drawAt(agentKey, seq));
    return { seq, dueUs, agent: resident ? moveIn(agent) : agent, call };
  };
}

/**
 * The agent of a draw in [0, 1): agent `i` (from 0) has a share of the calls proportional to `1 / (i + 1) ** skew` (Zipf's law, G. K. Zipf,
 * "Human Behavior and the Principle of Least Effort", 1949); with `skew` 0 all have the same.
 */
function agentsByDraw(agents: number, skew: number): (draw: number) => number {
  if (skew === 0) return (draw) => Math.floor(draw * agents);
  const upTo = new Float64Array(agents);
  let sum = 0;
  for (let agent = 0; agent < agents; agent += 1) {
    sum += (agent + 1) ** -skew;
    upTo[agent] = sum;
  }
  return (draw) => {
    const wanted = draw * sum;
    let [low, high] = [0, agents - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (upTo[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
