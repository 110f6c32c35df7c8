/** @module The machine on which a result was measured, and whether it was busy before the run. */
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import type { Machine } from '../result/document.ts';

/** From this share of the time in which programs waited for a core on, measured times are those of the waiting, too. */
const BUSY_WAITING = 0.1;
/** The same of the load average per core, where the system does not tell the waiting. */
const BUSY_LOAD = 0.75;

/** A description of the current machine as it is now. */
export function machine(): Machine {
  const cores = cpus();
  const loadAverage1 = Math.round(loadavg()[0]! * 100) / 100;
  const waiting = waitingForCpu();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryBytes: totalmem(),
    os: `${type()} ${release()}`,
    node: process.version,
    loadAverage1,
    before: { loadAverage1, waiting, isBusy: isBusy(loadAverage1, cores.length, waiting) },
  };
}

/** A load average still counts what ended a minute ago, so the waiting decides where it is known; null where it is not. */
export function isBusy(loadAverage1: number, cores: number, waiting: number | null): boolean {
  return waiting === null ? loadAverage1 > BUSY_LOAD * cores : waiting > BUSY_WAITING;
}

/**
 * The share of the last 10 s in which some program waited for a core; null where the system does not tell. Source: Linux, "PSI -
 * Pressure Stall Information" (Documentation/accounting/psi.rst).
 */
function waitingForCpu(): number | null {
  try {
    return waitingIn(readFileSync('/proc/pressure/cpu', 'utf8'));
  } catch {
    return null;
  }
}

/** The share in the text of `/proc/pressure/cpu`; null when it is not there. */
export function waitingIn(text: string): number | null {
  const found = /^some avg10=([\d.]+)/m.exec(text);
  return found === null ? null : Math.round(Number(found[1]) * 10) / 1000;
}
