/** @module The machine on which a result was measured, and whether it was busy before the run. */
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import type { Machine } from '../result/machine.ts';

/** From this share of the time in which programs waited for a core on, measured times are those of the waiting, too. */
const BUSY_WAITING = 0.25;
/** From this share of the time of all cores on that other programs use, they take what the load needs. */
const BUSY_USED = 0.25;
/** The same of the load average per core, where the system does not tell the waiting. */
const BUSY_LOAD = 0.75;
/** In a shorter time of the cores, the counters of the system, which count 10 ms, say too little. */
const SHORTEST_MS = 200;

/** The use of the cores when this module was loaded, as a rule at the start of the process. */
const START = coreUse();

/** A description of the current machine as it is now. */
export function machine(): Machine {
  const cores = cpus();
  const loadAverage1 = Math.round(loadavg()[0]! * 100) / 100;
  const waiting = waitingForCpu();
  const used = usedByOthers(START, coreUse());
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryBytes: totalmem(),
    os: `${type()} ${release()}`,
    node: process.version,
    loadAverage1,
    before: { loadAverage1, waiting, used, isBusy: isBusy(loadAverage1, cores.length, waiting, used) },
  };
}

/**
 * Whether other programs take what the load needs: they use the cores now, or programs waited for a core (each null where it is not
 * known). A load average still counts what ended a minute ago, so it decides only where the waiting is not known.
 */
export function isBusy(
  loadAverage1: number,
  cores: number,
  waiting: number | null,
  used: number | null,
): boolean {
  if (used !== null && used > BUSY_USED) return true;
  return waiting === null ? loadAverage1 > BUSY_LOAD * cores : waiting > BUSY_WAITING;
}

/** Times since the start of the system, and of this process, in milliseconds of one core. */
export interface CoreUse {
  readonly usedMs: number;
  readonly idleMs: number;
  readonly ownMs: number;
}

function coreUse(): CoreUse {
  const own = process.cpuUsage();
  const times = cpus().map((core) => core.times);
  const sum = (of: (time: (typeof times)[number]) => number): number =>
    times.reduce((total, time) => total + of(time), 0);
  return {
    usedMs: sum(({ user, nice, sys, irq }) => user + nice + sys + irq),
    idleMs: sum(({ idle }) => idle),
    ownMs: (own.user + own.system) / 1000,
  };
}

/** The share of the time of all cores between two readings that other processes used; null when they are too close to say. */
export function usedByOthers(from: CoreUse, to: CoreUse): number | null {
  const usedMs = to.usedMs - from.usedMs;
  const allMs = usedMs + to.idleMs - from.idleMs;
  if (allMs < SHORTEST_MS) return null;
  const others = (usedMs - (to.ownMs - from.ownMs)) / allMs;
  return Math.round(Math.min(1, Math.max(0, others)) * 1000) / 1000;
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
