import { describe, expect, it } from 'vitest';
import { FOUR_SERVERS, LOADS, relativeError, roundRobin, single } from '../bench/truth-queueing.ts';
import { simulate } from '../bench/truth-simulation.ts';
import { createSchedule } from '../src/generator/schedule/schedule.ts';
import type { LoadSettings, PolicyName } from '../src/profile/settings.ts';
import { drawServiceTime } from '../src/server/service-time.ts';
import { randomAt } from '../src/units/random.ts';

const SERVICE_US = 20_000;
const WORK = { kind: 'exponential', meanUs: SERVICE_US } as const;

/** Poisson arrivals that keep `instances` busy for this share of the time, about `calls` of them. */
function loadOf(instances: number, busy: number, calls: number): LoadSettings {
  const perSecond = (instances * busy * 1e6) / SERVICE_US;
  return {
    shape: { kind: 'rate', perSecond },
    arrivals: 'poisson',
    warmupUs: 10e6,
    durationUs: (calls / perSecond) * 1e6,
    agents: 1,
    connections: 1,
    maxConnections: 1,
    timeoutUs: Infinity,
    driver: 'wire',
    maxInFlight: Infinity,
    checkIds: true,
    workers: 1,
  };
}

/** Mean and p99 of the response time, in units of the mean service time. */
async function timeInSystem(
  policy: PolicyName,
  instances: number,
  busy: number,
  calls: number,
): Promise<{ readonly mean: number; readonly p99: number }> {
  const load = loadOf(instances, busy, calls);
  const { calls: counts, responseTime } = await simulate({ load, instances, policy, work: WORK, seed: SEED });
  expect(counts.ok).toBe(counts.due);
  expect(Math.abs(counts.due - calls)).toBeLessThan(0.01 * calls);
  return { mean: responseTime.meanUs / SERVICE_US, p99: responseTime.p99Us / SERVICE_US };
}

/** That `value` is within 5 % of `wanted`. */
function expectNear(value: number, wanted: number): void {
  expect(value / wanted).toBeGreaterThan(0.95);
  expect(value / wanted).toBeLessThan(1.05);
}

/** Enough calls for a standard error of the mean of 2 % at most: the busier an instance is, the longer its queue stays as it is. */
const CALLS = { 0.5: 100_000, 0.7: 200_000, 0.9: 2_000_000 } as const;
/** Four instances draw on four times as many service times in the same time. */
const CALLS_OF_FOUR = { 0.5: 100_000, 0.9: 600_000 } as const;
const SEED = 4;

/**
 * Mean time in the system of four servers, in units of the service time, with its error. `round-robin`: E_4/M/1. The others: an independent
 * simulation of n = 4, without replacement, 95 % interval; `least-in-flight` is join the shortest queue.
 */
const REFERENCE: Readonly<
  Record<
    'round-robin' | 'random-two' | 'least-in-flight',
    Readonly<Record<number, readonly [number, number]>>
  >
> = {
  'round-robin': { 0.5: [1.4325, 0.0001], 0.7: [2.2367, 0.0001], 0.9: [6.383, 0.0001] },
  'random-two': { 0.5: [1.329, 0.005], 0.7: [1.795, 0.015], 0.9: [3.72, 0.076] },
  'least-in-flight': { 0.5: [1.159, 0.004], 0.7: [1.507, 0.008], 0.9: [3.13, 0.111] },
};

/**
 * The response times of the calls of `load` by Lindley's recursion, in microseconds: each call begins when it arrives, or when the one before
 * it on its instance ends. The instances take turns.
 */
function lindleyTimes(load: LoadSettings, instances: number): Float64Array {
  const schedule = createSchedule({ load, weights: [1], seed: SEED, worker: 0, workers: 1, resident: false });
  const fleet = Array.from({ length: instances }, (_, index) => ({
    random: randomAt(SEED, 'service', index),
    freeUs: 0,
  }));
  const times: number[] = [];
  let turn = 0;
  for (let arrival = schedule.next(); arrival !== undefined; arrival = schedule.next()) {
    const instance = fleet[turn]!;
    turn = (turn + 1) % instances;
    instance.freeUs = Math.max(instance.freeUs, arrival.dueUs) + drawServiceTime(WORK, instance.random);
    if (arrival.dueUs >= load.warmupUs) times.push(instance.freeUs - arrival.dueUs);
  }
  return Float64Array.from(times);
}

const meanOf = (times: Float64Array): number => times.reduce((sum, us) => sum + us, 0) / times.length;

/** Mean and p99 by the recursion, in units of the mean service time. */
function lindleyFigures(instances: number, calls: number): { readonly mean: number; readonly p99: number } {
  const times = lindleyTimes(loadOf(instances, 0.9, calls), instances).sort();
  expect(Math.abs(times.length - calls)).toBeLessThan(0.01 * calls);
  return { mean: meanOf(times) / SERVICE_US, p99: times[Math.floor(0.99 * times.length)]! / SERVICE_US };
}

describe('instances that take turns', () => {
  it.each([
    [1, 'sticky'],
    [4, 'round-robin'],
  ] as const)(
    "make every call wait as long as Lindley's recursion says, to the microsecond: %d, %s",
    async (instances, policy) => {
      const load = loadOf(instances, 0.9, 50_000);
      const { responseTime } = await simulate({ load, instances, policy, work: WORK, seed: SEED });
      const times = lindleyTimes(load, instances).map(Math.round);
      expect(responseTime.count).toBe(times.length);
      expect(responseTime.maxUs).toBe(times.reduce((most, us) => Math.max(most, us)));
      expect(responseTime.meanUs).toBe(Math.round(meanOf(times)));
    },
  );
});

describe('an instance with one slot, Poisson arrivals and exponential work', () => {
  it.each([0.5, 0.7] as const)(
    'is the queue M/M/1 in mean and p99, busy for %d of the time',
    async (busy) => {
      const { mean, p99 } = await timeInSystem('round-robin', 1, busy, CALLS[busy]);
      expectNear(mean, single(busy).mean);
      expectNear(p99, single(busy).p99!);
      expect(relativeError(busy, CALLS[busy])).toBeLessThan(0.02);
    },
  );

  // As many calls as this needs take the recursion a fraction of the time that the simulation takes.
  it('is the queue M/M/1 in mean and p99, busy for 0.9 of the time', () => {
    const { mean, p99 } = lindleyFigures(1, CALLS[0.9]);
    expectNear(mean, single(0.9).mean);
    expectNear(p99, single(0.9).p99!);
    expect(relativeError(0.9, CALLS[0.9])).toBeLessThan(0.02);
  });
});

describe('four such instances', () => {
  // Between the two, the theory is compared with the reference and with the chain only.
  describe.each([0.5, 0.9] as const)('busy for %d of the time', (busy) => {
    it('behind round-robin are E_4/M/1 in mean and p99', async () => {
      const { mean, p99 } =
        busy === 0.9
          ? lindleyFigures(4, CALLS_OF_FOUR[busy])
          : await timeInSystem('round-robin', 4, busy, CALLS_OF_FOUR[busy]);
      expectNear(mean, REFERENCE['round-robin'][busy]![0]);
      expectNear(p99, roundRobin(4, busy).p99!);
    });

    it.each(['random-two', 'least-in-flight'] as const)(
      'behind %s are as in the reference and in theory',
      async (policy) => {
        const { mean } = await timeInSystem(policy, 4, busy, CALLS_OF_FOUR[busy]);
        expectNear(mean, REFERENCE[policy][busy]![0]);
        expectNear(mean, FOUR_SERVERS[policy][busy]);
      },
    );
  });
});

describe('the theory', () => {
  it('agrees with the reference, within its error', () => {
    for (const busy of LOADS) {
      const exact = {
        'round-robin': roundRobin(4, busy).mean,
        'random-two': FOUR_SERVERS['random-two'][busy],
        'least-in-flight': FOUR_SERVERS['least-in-flight'][busy],
      };
      for (const policy of ['round-robin', 'random-two', 'least-in-flight'] as const) {
        const [reference, error] = REFERENCE[policy][busy]!;
        expect(Math.abs(exact[policy] - reference), `${policy} at ${busy}`).toBeLessThanOrEqual(error);
      }
    }
  });

  it.each([
    [0.5, 12],
    [0.7, 16],
  ] as const)('has four servers from their Markov chain, at %d', (busy, longest) => {
    expect(chainMean([1, 0, 0, 0], busy, longest)).toBeCloseTo(FOUR_SERVERS['least-in-flight'][busy], 3);
    // Of the six pairs of servers, three hold the one with the fewest requests, two more the second, one more the third.
    expect(chainMean([3 / 6, 2 / 6, 1 / 6, 0], busy, longest)).toBeCloseTo(
      FOUR_SERVERS['random-two'][busy],
      3,
    );
  });
});

/**
 * The mean time in the system of four servers of rate 1, from the stationary distribution of their sorted queue lengths (Gauss-Seidel) and Little's
 * law. `choice`: the share of arrivals that go to the server with the k-th fewest requests. No queue grows beyond `longest`.
 */
function chainMean(choice: readonly number[], busy: number, longest: number): number {
  const states = sortedQueues(longest);
  const indexOf = new Map(states.map((state, index) => [state.join(), index]));
  /** Of each state: from where it is entered, and at which rate; and the rate at which it is left. */
  const from: number[][] = states.map(() => []);
  const rates: number[][] = states.map(() => []);
  const left = new Float64Array(states.length);
  for (const [index, state] of states.entries()) {
    const move = (server: number, by: number, rate: number): void => {
      const next = state.map((length, k) => (k === server ? length + by : length)).sort((x, y) => x - y);
      const entered = indexOf.get(next.join())!;
      from[entered]!.push(index);
      rates[entered]!.push(rate);
      left[index]! += rate;
    };
    for (const [server, length] of state.entries()) {
      if (length < longest && choice[server]! > 0) move(server, 1, 4 * busy * choice[server]!);
      if (length > 0) move(server, -1, 1);
    }
  }
  const share = Float64Array.from(states, (state) => busy ** total(state));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (let k = 0; k < states.length; k += 1) {
      const index = sweep % 2 === 0 ? k : states.length - 1 - k;
      let inflow = 0;
      for (let edge = 0; edge < from[index]!.length; edge += 1) {
        inflow += share[from[index]![edge]!]! * rates[index]![edge]!;
      }
      share[index] = inflow / left[index]!;
    }
  }
  const requests = states.reduce((sum, state, index) => sum + total(state) * share[index]!, 0);
  return requests / share.reduce((sum, each) => sum + each, 0) / (4 * busy);
}

/** Enough for five digits at a load of 0.7. */
const SWEEPS = 250;

/** The lengths of four queues in rising order, none above `longest`; the states with the fewest requests first. */
function sortedQueues(longest: number): readonly (readonly number[])[] {
  const upTo = Array.from({ length: longest + 1 }, (_, length) => length);
  return upTo
    .flatMap((a) => upTo.slice(a).map((b) => [a, b]))
    .flatMap(([a, b]) => upTo.slice(b).map((c) => [a!, b!, c]))
    .flatMap(([a, b, c]) => upTo.slice(c).map((d) => [a!, b!, c!, d]))
    .sort((x, y) => total(x) - total(y));
}

const total = (lengths: readonly number[]): number => lengths.reduce((sum, length) => sum + length, 0);
