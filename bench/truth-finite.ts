/** @module Truth of finite servers: real lean servers with one slot each against queueing theory. */
import type { PolicyName, ServiceTime } from '../src/profile/settings.ts';
import type { Micros } from '../src/units/time.ts';
import { type Load, measure, planFor } from './load.ts';
import { withServers } from './truth-fleet.ts';
import {
  FOUR_SERVERS,
  LOADS,
  relativeError,
  requestsFor,
  roundRobin,
  single,
  type TimeInSystem,
} from './truth-queueing.ts';
import { simulate } from './truth-simulation.ts';

/** Long enough that what a timer, a socket and a balancer add to a call is small beside it. */
const SERVICE: Micros = 20_000;
const WORK: ServiceTime = { kind: 'exponential', meanUs: SERVICE };

/** Instances at a load, each with one slot. */
interface Case {
  readonly name: string;
  /** Absent: one instance without a balancer. */
  readonly policy?: PolicyName;
  readonly instances: number;
  /** Share of the time for which an instance is busy. */
  readonly busy: number;
  readonly seconds: number;
  readonly expected: TimeInSystem;
}

const CASES: readonly Case[] = LOADS.flatMap((busy): readonly Case[] => {
  const four = { instances: 4, busy, seconds: 20 };
  const at = `at ${busy}`;
  return [
    { name: `one, ${at}`, instances: 1, busy, seconds: 30, expected: single(busy) },
    { ...four, name: `round-robin, ${at}`, policy: 'round-robin', expected: roundRobin(4, busy) },
    ...(['random-two', 'least-in-flight'] as const).map((policy) => ({
      ...four,
      name: `${policy}, ${at}`,
      policy,
      expected: { mean: FOUR_SERVERS[policy][busy] },
    })),
  ];
});

/** One figure of one case. Times are in units of the mean service time. */
export interface FiniteReading {
  readonly name: string;
  readonly figure: keyof TimeInSystem;
  readonly expected: number;
  /** Of the same arrivals and service times, in the simulation. */
  readonly simulated: number;
  readonly measured: number;
  readonly good: boolean;
}

/** By how much a figure may be off the expected one. */
export const WITHIN = 0.05;
/** A standard error that makes a deviation of {@link WITHIN} by chance rare: three of them fit into it. */
const TOLERABLE = WITHIN / 3;
/** By how much the simulation may be off for a seed to be used. */
const REPRESENTATIVE = 0.01;

/** Runs every case; a line for people about each is handed to `say`. */
export async function finiteTruth(
  say: (line: string) => void,
): Promise<{ readonly readings: readonly FiniteReading[]; readonly notes: readonly string[] }> {
  const readings: FiniteReading[] = [];
  const notes: string[] = [];
  for (const each of CASES) {
    say(`finite servers: ${each.name}`);
    const { found, note } = await read(each);
    readings.push(...found);
    notes.push(note);
  }
  return { readings, notes };
}

async function read(
  each: Case,
): Promise<{ readonly found: readonly FiniteReading[]; readonly note: string }> {
  const { name, busy, expected } = each;
  const { seed, simulated } = await representative(each);
  const { summary: measured } = await withServers({ ...each, work: WORK, seed }, (url) =>
    measure(loadOf(each, seed, url)),
  );
  const figures = expected.p99 === undefined ? (['mean'] as const) : (['mean', 'p99'] as const);
  const { due, ok } = measured.calls;
  return {
    found: figures.map((figure) => {
      const value = inService(measured.responseTime)[figure];
      const wanted = expected[figure]!;
      return {
        name,
        figure,
        expected: wanted,
        simulated: simulated[figure],
        measured: value,
        good: ok === due && Math.abs(value - wanted) <= WITHIN * wanted,
      };
    }),
    note: `${name}: ${due} calls, ${ok} ok; seed ${seed}.${each.policy === undefined ? chanceNote(busy, due) : ''}`,
  };
}

/** What chance would do to the figures of one server without the choice of a seed, and how long a run would have to be instead. */
function chanceNote(busy: number, calls: number): string {
  const percent = (error: number): string => `${(100 * error).toFixed(1)} %`;
  const needed = requestsFor(busy, TOLERABLE);
  const hours = (needed * SERVICE) / busy / 3600e6;
  return ` By chance alone the mean of so many calls has a standard error of ${percent(relativeError(busy, calls))}; ${percent(TOLERABLE)} takes ${Math.round(needed)} calls, ${hours.toFixed(1)} hours.`;
}

/**
 * The first seed whose draws are representative: with these arrivals and service times, the simulation comes to the expected figures within 1 %. A
 * real run with the same draws is then off by what the real parts do, and not by chance, which hours of load would otherwise have to average out.
 */
async function representative(
  each: Case,
): Promise<{ readonly seed: number; readonly simulated: Required<TimeInSystem> }> {
  for (let seed = 1; ; seed += 1) {
    const { load } = planFor(loadOf(each, seed, ''));
    const { instances, policy = 'round-robin', expected } = each;
    const { responseTime } = await simulate({ load, instances, policy, work: WORK, seed });
    const simulated = inService(responseTime);
    if (near(simulated.mean, expected.mean) && near(simulated.p99, expected.p99 ?? simulated.p99)) {
      return { seed, simulated };
    }
  }
}

const near = (value: number, wanted: number): boolean => Math.abs(value - wanted) <= REPRESENTATIVE * wanted;

/** Times in units of the mean service time. */
function inService(time: { readonly meanUs: Micros; readonly p99Us: Micros }): Required<TimeInSystem> {
  return { mean: time.meanUs / SERVICE, p99: time.p99Us / SERVICE };
}

function loadOf({ instances, busy, seconds }: Case, seed: number, url: string): Load {
  return {
    url,
    driver: 'wire',
    shape: { kind: 'rate', perSecond: (instances * busy * 1e6) / SERVICE },
    arrivals: 'poisson',
    tool: 'work',
    seconds,
    connections: 256,
    seed,
  };
}
