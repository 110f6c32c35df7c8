/** @module Processor time that the embedded balancer used during the measured time. The testbed reads it; no worker counts it. */
import type { Micros } from '../../units/time.ts';
import { addCounts } from '../counts.ts';
import type { Measure } from './measure.ts';

interface BalancerCpuCounts {
  readonly us: Micros;
}

export const balancerCpu: Measure<BalancerCpuCounts> = {
  name: 'balancerCpu',
  start: () => undefined,
  merge: (list) => addCounts(['us'], list),
};
