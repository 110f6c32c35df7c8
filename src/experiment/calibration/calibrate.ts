/** @module Measures the generator's maximum throughput on this machine, for each driver, in half a minute. */

import { runLoad } from '../../generator/engine/engine.ts';
import { DRIVER_NAMES, DRIVERS, type DriverName } from '../../profile/kinds.ts';
import { completeOffer } from '../../profile/section/offer.ts';
import type { FleetSettings, Shape } from '../../profile/settings.ts';
import type { Calibration, Ceiling, DriverCalibration, SendLagFloor } from '../../result/calibration.ts';
import type { Machine } from '../../result/machine.ts';
import { startFleet } from '../../testbed/fleet/fleet.ts';
import { startNullResponder } from '../../testbed/fleet/null-responder.ts';
import type { Clock } from '../../units/clock.ts';
import type { Micros, PerSecond } from '../../units/time.ts';
import { measureClock } from './clock.ts';
import { CONNECTIONS, ceilingFrom, planOf, sendLagFrom } from './load.ts';
import { measurePunctuality } from './punctuality.ts';

/** Rates at which the send lag is measured. */
const RATES: readonly PerSecond[] = [1_000, 10_000, 25_000];
/** Send lag is not measured at rates above this share of the maximum, where the queue only grows. */
const REACHABLE = 0.8;

/** Duration of each load. The first calls are slow (connections, compilation), hence a warm-up. */
interface Spans {
  readonly warmupUs: Micros;
  readonly durationUs: Micros;
}
const SPANS: Spans = { warmupUs: 400_000, durationUs: 1_200_000 };

export interface CalibrateOptions {
  readonly version: string;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly spans?: Spans;
  /** Ends the calibration: the promise rejects with its reason, and nothing is left running. */
  readonly signal?: AbortSignal;
  /** Called with the name of each measurement before it begins. */
  onStep?(step: string): void;
}

/** The resources of one calibration. */
interface Bench {
  readonly lean: string;
  readonly none: string;
  readonly options: CalibrateOptions;
}

/**
 * Calibrates every driver against a null responder and the lean server, one thread each, through the engine that runs
 * profiles. Rejects with a `UserError` when a server cannot be started, and with the signal's reason.
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const { signal, clock, machine, version } = options;
  const createdAt = clock.date().toISOString();
  options.onStep?.('the clock');
  const resolution = measureClock(clock);
  options.onStep?.('how late threads run');
  const punctuality = await measurePunctuality(signal);
  const none = await startNullResponder(signal);
  try {
    const lean = await startFleet({ settings: LEAN, seed: 1 }, signal);
    try {
      const bench: Bench = { none: none.url, lean: lean.instances[0]!.url, options };
      const drivers: DriverCalibration[] = [];
      for (const driver of DRIVER_NAMES) drivers.push(await calibrateDriver(driver, bench));
      return {
        schema: 'paceline/calibration@1',
        paceline: version,
        createdAt,
        machine,
        clock: resolution,
        punctuality,
        connections: CONNECTIONS,
        drivers,
      };
    } finally {
      await lean.stop();
    }
  } finally {
    await none.stop();
  }
}

const LEAN: FleetSettings = {
  kind: 'fleet',
  server: 'lean',
  era: 'stateless',
  instances: 1,
  tools: {
    catalogue: 3,
    work: { kind: 'constant', us: 0 },
    reportBytes: 1024,
    ttlMs: 0,
    cacheScope: 'private',
  },
  offer: completeOffer({ ttlMs: 0, cacheScope: 'private' }),
  instanceHeader: 'x-served-by',
};

async function calibrateDriver(driver: DriverName, bench: Bench): Promise<DriverCalibration> {
  const ceilings: Ceiling[] = [];
  for (const server of ['null', 'lean'] as const) {
    bench.options.onStep?.(`${driver}, closed loop of ${CONNECTIONS}, ${server} server`);
    const url = server === 'null' ? bench.none : bench.lean;
    const result = await load(url, driver, { kind: 'closed', concurrency: CONNECTIONS }, bench);
    ceilings.push(ceilingFrom(result, server));
  }
  const sendLag: SendLagFloor[] = [];
  for (const rate of DRIVERS[driver].loops.includes('open') ? RATES : []) {
    if (rate > REACHABLE * ceilings[0]!.callsPerSecond) continue;
    bench.options.onStep?.(`${driver}, open loop at ${rate}/s`);
    sendLag.push(sendLagFrom(await load(bench.none, driver, { kind: 'rate', perSecond: rate }, bench), rate));
  }
  return { driver, ceilings, sendLag };
}

async function load(
  url: string,
  driver: DriverName,
  shape: Shape,
  { options }: Bench,
): ReturnType<typeof runLoad> {
  const { signal, spans = SPANS } = options;
  signal?.throwIfAborted();
  const result = await runLoad(planOf(url, driver, shape, spans), 1, { ...(signal && { signal }) });
  // An interrupted load returns partial counts, which are not the maximum.
  signal?.throwIfAborted();
  return result;
}
