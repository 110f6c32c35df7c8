/** @module The machine on which a result was measured. */
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import type { Machine } from '../result/document.ts';

/** A description of the current machine. */
export function machine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryBytes: totalmem(),
    os: `${type()} ${release()}`,
    node: process.version,
    loadAverage1: Math.round(loadavg()[0]! * 100) / 100,
  };
}
