/** @module Queueing theory: the time that requests spend in finite servers with Poisson arrivals and exponential service times. */

/** Time in the system (waiting and service), in units of the mean service time. */
export interface TimeInSystem {
  readonly mean: number;
  /** Absent if the distribution is unknown. */
  readonly p99?: number;
}

/**
 * One server with one slot, M/M/1: the time in the system is exponential. `load` is the utilisation, the share of the time for which the server is
 * busy, below 1.
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

/** The utilisations of the truth tests. */
export const LOADS = [0.5, 0.7, 0.9] as const;
type Load = (typeof LOADS)[number];

/**
 * Mean time in the system for four servers behind `least-in-flight` (join the shortest queue) and `random-two` (power of two choices, without
 * replacement). There is no closed form. The values come from the stationary distribution of the Markov chain of the sorted queue lengths and
 * Little's law. `test/finite-servers.test.ts` recomputes those at 0.5 and 0.7.
 */
export const FOUR_SERVERS: Readonly<
  Record<'least-in-flight' | 'random-two', Readonly<Record<Load, number>>>
> = {
  'least-in-flight': { 0.5: 1.1582, 0.7: 1.5114, 0.9: 3.2408 },
  'random-two': { 0.5: 1.3245, 0.7: 1.7984, 0.9: 3.7527 },
};

/**
 * The relative standard error of the mean time in the system of M/M/1 over `requests` successive requests. Queue lengths are correlated over long
 * times: at a utilisation of 0.9, an error of 1.7 % requires 1.3 million requests. Source: the asymptotic variance of the waiting time, W. Whitt, "Planning
 * queueing simulations", Management Science 35(11), 1989.
 */
export function relativeError(load: number, requests: number): number {
  return Math.sqrt(relativeVariance(load) / requests);
}

/** The number of successive requests for a relative standard error: the inverse of {@link relativeError}. */
export function requestsFor(load: number, error: number): number {
  return relativeVariance(load) / error ** 2;
}

function relativeVariance(load: number): number {
  const variance = (load * (2 + 5 * load - 4 * load ** 2 + load ** 3)) / (1 - load) ** 4;
  return variance / single(load).mean ** 2;
}
