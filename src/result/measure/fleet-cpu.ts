/** @module The quantity `fleetCpu`: processor time of the fleet and of the embedded balancer per call. */
import { z } from 'zod';
import { balancerCpu } from '../../recording/measure/balancer-cpu.ts';
import { fleetCpu as measure } from '../../recording/measure/fleet-cpu.ts';
import type { Measure } from '../../recording/measure/measure.ts';
import { countsOf, type Recording } from '../../recording/recording.ts';
import type { Micros } from '../../units/time.ts';
import type { Quantity } from './quantity.ts';

/** Per call that was answered in the measured time, in which the processor time was read. */
const FleetCpu = z.object({
  /** Of all instances together. */
  usPerCall: z.number().min(0),
  /** Of the embedded balancer; null without one. */
  balancerUsPerCall: z.number().min(0).nullable(),
});
type FleetCpu = z.infer<typeof FleetCpu>;

/** Undefined where it was not read, and where no call was answered. */
export function fleetCpuOf(recording: Recording): FleetCpu | undefined {
  const usPerCall = perCall(recording, measure);
  return usPerCall === null ? undefined : { usPerCall, balancerUsPerCall: perCall(recording, balancerCpu) };
}

function perCall(recording: Recording, of: Measure<{ readonly us: Micros }>): number | null {
  const cpu = countsOf(recording, of);
  return cpu === undefined || recording.answeredInTime === 0 ? null : cpu.us / recording.answeredInTime;
}

const NOT_READ = 'the processor time of the fleet was not read';

/** Absent of targets, and from results of earlier versions. */
export const fleetCpu: Quantity<'fleetCpu', FleetCpu | undefined> = {
  name: 'fleetCpu',
  schema: FleetCpu.optional(),
  figures: fleetCpuOf,
  metrics: [
    {
      name: 'fleet_cpu_per_call',
      key: 'usPerCall',
      label: 'processor time of the fleet per call',
      unit: 'time',
      better: 'lower',
      read: ({ usPerCall }) => usPerCall,
      absent: NOT_READ,
      hasSpread: true,
    },
  ],
};
