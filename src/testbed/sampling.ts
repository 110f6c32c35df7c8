/** @module Reads what the processes of a testbed use, once a second of the measured time. */
import { COLLECTION_STEP, type CollectionTimes } from '../process/collections.ts';
import { cpuTimeUs } from '../process/cpu-time.ts';
import { residentBytes } from '../process/resident-memory.ts';
import type { ResourceCounts, UsedByProcess } from '../recording/measure/resources.ts';
import { type Cancel, type Clock, within } from '../units/clock.ts';
import type { Micros, Millis } from '../units/time.ts';

/** A process that is sampled. */
export interface SampledProcess {
  readonly part: UsedByProcess['part'];
  readonly name: string;
  readonly pid: number;
  /** Its collections of garbage so far; absent where it does not tell. Rejects when it has ended. */
  collections?(): Promise<CollectionTimes>;
}

/** What was read of a process at one time. */
interface Usage {
  readonly cpuUs: Micros;
  readonly rssBytes: number;
}

/** Reads the usage of a process; undefined when it has ended, and where it cannot be read. */
export type ReadUsage = (pid: number) => Usage | undefined;

export const SAMPLE_STEP: Micros = 1e6;
/** How long processes may take to tell of their collections. */
const WAIT: Micros = 1e6;

/** Of the system. */
const readUsage: ReadUsage = (pid) => {
  const [cpuUs, rssBytes] = [cpuTimeUs(pid), residentBytes(pid)];
  return cpuUs === undefined || rssBytes === undefined ? undefined : { cpuUs, rssBytes };
};

type Reading = ReadonlyMap<number, Usage>;

/** Samples the processes that `list` gives, also those that join later, on `clock`. */
export class Sampling {
  readonly #list: () => readonly SampledProcess[];
  readonly #clock: Clock;
  readonly #read: ReadUsage;
  /** One at the start of the measured time, and one at the end of each step. */
  readonly #readings: Reading[] = [];
  #cancel: Cancel = () => undefined;
  #startEpochMs: Millis = 0;

  constructor(list: () => readonly SampledProcess[], clock: Clock, read: ReadUsage = readUsage) {
    this.#list = list;
    this.#clock = clock;
    this.#read = read;
  }

  /** The measured time is from `startUs` to `endUs` on the clock; a part of a step at its end is left out. */
  start(startUs: Micros, endUs: Micros): void {
    this.#startEpochMs = this.#clock.date().getTime() + (startUs - this.#clock.now()) / 1000;
    const next = (atUs: Micros): void => {
      if (atUs > endUs) return;
      this.#cancel = this.#clock.at(atUs, () => {
        this.#readings.push(this.#usage());
        next(atUs + SAMPLE_STEP);
      });
    };
    next(startUs);
  }

  /** What was used up to now; undefined where nothing can be read. To be called while the processes run. */
  async end(): Promise<ResourceCounts | undefined> {
    this.#cancel();
    const known = this.#list().filter(({ pid }) => this.#readings.some((reading) => reading.has(pid)));
    if (this.#readings.length < 2 || known.length === 0) return undefined;
    const processes = known.map(async (one): Promise<UsedByProcess> => {
      const told = await within(
        WAIT,
        one.collections?.().catch(() => undefined) ?? Promise.resolve(undefined),
      );
      return {
        part: one.part,
        name: one.name,
        ...this.#usedBy(one.pid),
        ...(told && { gcUs: this.#gcUs(told) }),
      };
    });
    return { stepUs: SAMPLE_STEP, processes: await Promise.all(processes) };
  }

  #usage(): Reading {
    const read = this.#list().map(({ pid }) => [pid, this.#read(pid)] as const);
    return new Map(read.flatMap(([pid, usage]) => (usage === undefined ? [] : [[pid, usage] as const])));
  }

  #usedBy(pid: number): Pick<UsedByProcess, 'readings' | 'cpuUs' | 'rssBytes'> {
    const steps = this.#readings.slice(1).map((reading, at) => {
      const [before, after] = [this.#readings[at]!.get(pid), reading.get(pid)];
      return before && after && { cpuUs: Math.max(0, after.cpuUs - before.cpuUs), rssBytes: after.rssBytes };
    });
    return {
      readings: steps.map((step) => (step === undefined ? 0 : 1)),
      cpuUs: steps.map((step) => Math.round(step?.cpuUs ?? 0)),
      rssBytes: steps.map((step) => step?.rssBytes ?? 0),
    };
  }

  /** By the steps of the samples. */
  #gcUs(told: CollectionTimes): readonly Micros[] {
    const sums = new Array<Micros>(this.#readings.length - 1).fill(0);
    for (const [step, us] of told) {
      const at = Math.floor(((step * COLLECTION_STEP - this.#startEpochMs) * 1000) / SAMPLE_STEP);
      if (at >= 0 && at < sums.length) sums[at]! += us;
    }
    return sums.map(Math.round);
  }
}
