/** @module Truth for finite servers: compares real lean servers with one slot each with queueing theory. */
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

/** As a profile has by default: the pool grows beyond them while a server holds calls. */
export const DEFAULT_CONNECTIONS = 64;

/** Long compared with what a timer, a socket and a balancer add to a call. */
const SERVICE: Micros = 20_000;
const WORK: ServiceTime = { kind: 'exponential', meanUs: SERVICE };

/** Instances with one slot each, at a given utilisation. */
interface Case {
  readonly name: string;
  /** Without it, one instance without a balancer. */
  readonly policy?: PolicyName;
  readonly instances: number;
  /** The share of the time for which an instance is busy. */
  readonly utilisation: number;
  readonly seconds: number;
  readonly expected: TimeInSystem;
}

const CASES: readonly Case[] = LOADS.flatMap((utilisation): readonly Case[] => {
  const four = { instances: 4, utilisation, seconds: 20 };
  const at = `at ${utilisation}`;
  return [
    { name: `one, ${at}`, instances: 1, utilisation, seconds: 30, expected: single(utilisation) },
    { ...four, name: `round-robin, ${at}`, policy: 'round-robin', expected: roundRobin(4, utilisation) },
    ...(['random-two', 'least-in-flight'] as const).map((policy) => ({
      ...four,
      name: `${policy}, ${at}`,
      policy,
      expected: { mean: FOUR_SERVERS[policy][utilisation] },
    })),
  ];
});

/** One figure of one case. Times are in units of the mean service time. */
export interface FiniteReading {
  readonly name: string;
  readonly figure: keyof TimeInSystem;
  readonly expected: number;
  /** The figure of the simulation with the same arrivals and service times. */
  readonly simulated: number;
  readonly measured: number;
  readonly good: boolean;
}

/** The allowed relative error of a figure. */
export const WITHIN = 0.05;
/** A standard error for which {@link WITHIN} is three standard errors, so that a larger deviation by chance is rare. */
const TOLERABLE = WITHIN / 3;
/** The allowed relative error of the simulation with a seed. */
const REPRESENTATIVE = 0.01;

/** Runs every case. Passes a line of progress for each to `say`. */
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
  const { name, utilisation, expected } = each;
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
    note: `${name}: ${due} calls, ${ok} ok; seed ${seed}.${each.policy === undefined ? chanceNote(utilisation, due) : ''}`,
  };
}

/** The standard error by chance for one server without the choice of a seed, and the length of run that would make it small. */
function chanceNote(utilisation: number, calls: number): string {
  const percent = (error: number): string => `${(100 * error).toFixed(1)} %`;
  const needed = requestsFor(utilisation, TOLERABLE);
  const hours = (needed * SERVICE) / utilisation / 3600e6;
  return ` With an arbitrary seed, the mean of so many calls has a standard error of ${percent(relativeError(utilisation, calls))}; ${percent(TOLERABLE)} requires ${Math.round(needed)} calls, or ${hours.toFixed(1)} hours.`;
}

/**
 * The first seed with representative draws: the simulation with its arrivals and service times is within 1 % of the expected figures. The
 * error of a real run with the same draws is then not due to chance, which would otherwise average out only over hours.
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

function loadOf({ instances, utilisation, seconds }: Case, seed: number, url: string): Load {
  return {
    url,
    driver: 'wire',
    shape: { kind: 'rate', perSecond: (instances * utilisation * 1e6) / SERVICE },
    arrivals: 'poisson',
    tool: 'work',
    seconds,
    connections: DEFAULT_CONNECTIONS,
    seed,
  };
}
