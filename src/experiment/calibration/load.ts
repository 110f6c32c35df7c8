/** @module The loads of a calibration: the real engine with full MCP requests, ids checked, outcomes classified, times recorded. */
import type { LoadResult } from '../../generator/engine/engine.ts';
import type { LoadPlan } from '../../generator/engine/plan.ts';
import type { CallSettings, DriverName, LoadSettings, Shape } from '../../profile/settings.ts';
import { decodeHistogram, mergeSeries, percentileOf } from '../../recording/histogram.ts';
import type { Ceiling, SendLagFloor } from '../../result/calibration.ts';
import type { Micros, PerSecond } from '../../units/time.ts';

/** Calls in flight in the closed loops, each on its own connection. */
export const CONNECTIONS = 32;

/** The call that every load makes: one argument that differs from call to call. */
const CALL: CallSettings = {
  name: 'tools/call echo',
  method: 'tools/call',
  tool: 'echo',
  arguments: { text: 'hello {{agent}} {{seq}}' },
  weight: 1,
};

/** A load of `shape` with `driver` against `url`. */
export function planOf(
  url: string,
  driver: DriverName,
  shape: Shape,
  { warmupUs, durationUs }: { readonly warmupUs: Micros; readonly durationUs: Micros },
): LoadPlan {
  const load: LoadSettings = {
    shape,
    arrivals: 'constant',
    warmupUs,
    durationUs,
    agents: 64,
    connections: CONNECTIONS,
    maxConnections: 10_000,
    timeoutUs: 5e6,
    driver,
    maxInFlight: 10_000,
    checkIds: true,
    workers: 1,
  };
  return {
    load,
    calls: [CALL],
    url,
    era: 'stateless',
    headers: {},
    seed: 1,
    instanceHeader: 'x-served-by',
    tls: { insecure: false },
  };
}

/** The result of a closed loop against `server`. */
export function ceilingFrom({ recording, health }: LoadResult, server: Ceiling['server']): Ceiling {
  const seconds = recording.measuredUs / 1e6;
  const callsPerSecond = seconds > 0 ? recording.answeredInTime / seconds : 0;
  const done = recording.byCall.reduce((sum, call) => sum + call.done, 0);
  return {
    server,
    callsPerSecond: Math.round(callsPerSecond),
    usPerCall: callsPerSecond > 0 ? round((health.cpu * 1e6) / callsPerSecond) : 0,
    cpu: round(health.cpu),
    gc: round(health.gc),
    okShare: done > 0 ? recording.outcomes.ok / done : 0,
  };
}

/** The result of an open loop at `rate`. */
export function sendLagFrom({ recording }: LoadResult, rate: PerSecond): SendLagFloor {
  const lag = decodeHistogram(mergeSeries([recording.sendLag]).histogram);
  return {
    ratePerSecond: rate,
    achievedPerSecond: Math.round(recording.answeredInTime / Math.max(1e-6, recording.measuredUs / 1e6)),
    p50Us: percentileOf(lag, 50),
    p99Us: percentileOf(lag, 99),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
