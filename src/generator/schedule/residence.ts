/** @module Which worker an agent with a session lives with, and how often each agent calls. */

/**
 * How often each agent calls, relative to the others: agent `i` (from 0) with the weight `1 / (i + 1) ** skew` (Zipf's law, G. K. Zipf,
 * "Human Behavior and the Principle of Least Effort", 1949); with `skew` 0 all have the same.
 */
export function weightsOfAgents(agents: number, skew: number): Float64Array {
  return Float64Array.from({ length: agents }, (_, agent) => (agent + 1) ** -skew);
}

/** The most workers that can make equally many calls: all calls of the busiest agent, whose weight is 1, are made by one of them. */
export function mostEvenWorkers(agents: number, skew: number): number {
  return Math.floor(weightsOfAgents(agents, skew).reduce((sum, weight) => sum + weight, 0));
}

/**
 * The worker that each agent lives with: each agent, the busiest first, goes to the worker with the fewest calls so far. So all workers
 * make about as many calls as the busiest agent allows. With `skew` 0, agent `i` lives with worker `i mod workers`.
 */
export function homesOf(agents: number, skew: number, workers: number): Uint8Array {
  const taken = new Float64Array(workers);
  return Uint8Array.from(weightsOfAgents(agents, skew), (weight) => {
    let home = 0;
    for (let worker = 1; worker < workers; worker += 1) if (taken[worker]! < taken[home]!) home = worker;
    taken[home]! += weight;
    return home;
  });
}
