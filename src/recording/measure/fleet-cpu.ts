/** @module Processor time that a fleet used during the measured time. The testbed reads it; no worker counts it. */
import type { Micros } from '../../units/time.ts';
import { addCounts } from '../counts.ts';
import type { Measure } from './measure.ts';

/** Of all instances together. */
interface FleetCpuCounts {
  readonly us: Micros;
}

export const fleetCpu: Measure<FleetCpuCounts> = {
  name: 'fleetCpu',
  start: () => undefined,
  merge: (list) => addCounts(['us'], list),
};
