/** @module The file `paceline/calibration@1`: what this machine's generator can do at most, so that a result can say how near it came. */
import { z } from 'zod';
import type { PerSecond } from '../units/time.ts';
import { Machine } from './machine.ts';

const share = z.number().min(0);

/** A closed loop as fast as one thread goes. */
export const Ceiling = z.object({
  /** `null`: the null responder, so that the generator is the limit. `lean`: our own MCP server. */
  server: z.enum(['null', 'lean']),
  callsPerSecond: z.number().min(0),
  /** Time of one core that the generator spends on a call, in microseconds. */
  usPerCall: z.number().min(0),
  /** Share of a core that the generator used: well below 1, the server or the machine was the limit. */
  cpu: share,
  /** Share of the time spent in garbage collection. */
  gc: share,
  /** Share of the calls that ended `ok`; anything below 1 spoils the figure. */
  okShare: z.number().min(0).max(1),
});
export type Ceiling = z.infer<typeof Ceiling>;

/** An open loop against the null responder: how late the generator itself is. */
export const SendLagFloor = z.object({
  ratePerSecond: z.number().min(0),
  achievedPerSecond: z.number().min(0),
  p50Us: z.number().min(0),
  p99Us: z.number().min(0),
});
export type SendLagFloor = z.infer<typeof SendLagFloor>;

export const DriverCalibration = z.object({
  driver: z.string(),
  ceilings: z.array(Ceiling),
  /** Empty for a driver that has no open loop. */
  sendLag: z.array(SendLagFloor),
});
export type DriverCalibration = z.infer<typeof DriverCalibration>;

/** How late the machine lets a thread run that does nothing but wait. */
export const Punctuality = z.object({
  /** How late sleeps of 2 ms end. */
  sleepP50Us: z.number().min(0),
  sleepP99Us: z.number().min(0),
  /** How late a thread that only reads the clock does what falls due at a random moment: 1 in 100 is later than this. */
  spinP99Us: z.number().min(0),
  /** The longest time that such a thread stood still. */
  longestStopUs: z.number().min(0),
});
export type Punctuality = z.infer<typeof Punctuality>;

export const Calibration = z.object({
  schema: z.literal('paceline/calibration@1'),
  paceline: z.string(),
  createdAt: z.string(),
  machine: Machine,
  clock: z.object({
    /** The smallest step seen between two readings. */
    resolutionUs: z.number().min(0),
    /** What one reading costs. */
    readUs: z.number().min(0),
  }),
  /** Absent from files of versions that did not measure it. */
  punctuality: Punctuality.optional(),
  /** Connections, and calls under way, of the closed loops. */
  connections: z.int().min(1),
  drivers: z.array(DriverCalibration),
});
export type Calibration = z.infer<typeof Calibration>;

/** Share of a rate from which on a generator has kept up with it. */
const KEPT_UP = 0.95;

/** Whether a generator made the rate that it was asked for. */
export const keptUp = (achievedPerSecond: PerSecond, askedPerSecond: PerSecond): boolean =>
  achievedPerSecond >= KEPT_UP * askedPerSecond;

/**
 * The most calls per second that one thread of `driver` can make on `machine`, as far as `calibration` knows:
 * `undefined` when it was made on another machine (processor, cores, Node) or without that driver.
 */
export function ceilingOf(calibration: Calibration, machine: Machine, driver: string): PerSecond | undefined {
  const made = calibration.machine;
  if (made.cpu !== machine.cpu || made.cores !== machine.cores || made.node !== machine.node)
    return undefined;
  const found = calibration.drivers.find((entry) => entry.driver === driver);
  const rates = found?.ceilings.filter(({ okShare }) => okShare === 1).map((entry) => entry.callsPerSecond);
  return rates === undefined || rates.length === 0 ? undefined : Math.max(...rates);
}

/** The share of its ceiling at which a generator of `workers` threads made `callsPerSecond`, 0..; `undefined` when the ceiling is. */
export function shareOfCeiling(
  callsPerSecond: PerSecond,
  workers: number,
  ceiling: PerSecond | undefined,
): number | undefined {
  return ceiling === undefined || ceiling <= 0 ? undefined : callsPerSecond / (ceiling * workers);
}
