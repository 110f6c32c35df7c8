/** @module Queueing theory: how long requests spend in finite servers with Poisson arrivals and exponential service times. */

/** Times in the system, waiting and service, in units of the mean service time. */
export interface TimeInSystem {
  readonly mean: number;
  /** Absent where the distribution is not known. */
  readonly p99?: number;
}

/**
 * One server with one slot, M/M/1: the time in the system is exponential. `load`: the share of its time for which the server is busy, below 1.
 * Source: L. Kleinrock, "Queueing Systems", volume 1 (1975), section 3.2.
 */
export function single(load: number): TimeInSystem {
  return exponential(1 / (1 - load));
}

/**
 * One of `servers` servers behind round-robin: the gaps between its arrivals have an Erlang distribution, E_n/M/1. The time in the system is
 * exponential with the mean 1 / (1 - sigma), where sigma = (n load / (n load + 1 - sigma)) ^ n. Source: Kleinrock, section 6.4 (G/M/1).
 */
export function roundRobin(servers: number, load: number): TimeInSystem {
  let sigma = load;
  for (let step = 0; step < 10_000; step += 1) {
    sigma = ((servers * load) / (servers * load + 1 - sigma)) ** servers;
  }
  return exponential(1 / (1 - sigma));
}

const exponential = (mean: number): TimeInSystem => ({ mean, p99: mean * Math.log(100) });

/** Loads that the truth tests run at. */
export const LOADS = [0.5, 0.7, 0.9] as const;
type Load = (typeof LOADS)[number];

/**
 * Four servers behind `least-in-flight` (join the shortest queue) and `random-two` (power of two choices, without replacement), in the mean.
 * There is no closed form: these are from the stationary distribution of the Markov chain of the sorted queue lengths, and
 * Little's law. `test/finite-servers.test.ts` computes those at 0.5 and 0.7 again.
 */
export const FOUR_SERVERS: Readonly<
  Record<'least-in-flight' | 'random-two', Readonly<Record<Load, number>>>
> = {
  'least-in-flight': { 0.5: 1.1582, 0.7: 1.5114, 0.9: 3.2408 },
  'random-two': { 0.5: 1.3245, 0.7: 1.7984, 0.9: 3.7527 },
};

/**
 * The relative standard error of the mean time in the system of M/M/1, measured over `requests` successive ones. Queues stay as they are for long:
 * at a load of 0.9 it takes 1.3 million requests for 1.7 %. Source: the asymptotic variance of the waiting time, W. Whitt, "Planning
 * queueing simulations", Management Science 35(11), 1989.
 */
export function relativeError(load: number, requests: number): number {
  return Math.sqrt(relativeVariance(load) / requests);
}

/** How many successive requests it takes for that error: its inverse. */
export function requestsFor(load: number, error: number): number {
  return relativeVariance(load) / error ** 2;
}

function relativeVariance(load: number): number {
  const variance = (load * (2 + 5 * load - 4 * load ** 2 + load ** 3)) / (1 - load) ** 4;
  return variance / single(load).mean ** 2;
}
