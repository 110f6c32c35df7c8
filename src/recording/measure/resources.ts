/** @module What the processes of a testbed used, second by second of the measured time. The testbed reads it; no worker counts it. */
import type { Micros } from '../../units/time.ts';
import { groupByName } from '../counts.ts';
import type { Measure } from './measure.ts';

export const PARTS = ['fleet', 'balancer'] as const;

/** One process. Each list has an entry for each step; added up over the repetitions in which the process ran in that step. */
export interface UsedByProcess {
  readonly part: (typeof PARTS)[number];
  /** Of an instance; of the balancer `balancer`. */
  readonly name: string;
  /** In so many repetitions it was read at both ends of the step. */
  readonly readings: readonly number[];
  /** Processor time of all its threads. */
  readonly cpuUs: readonly Micros[];
  /** Resident memory at the end of the step. */
  readonly rssBytes: readonly number[];
  /** Time of garbage collections; absent where the process does not tell. */
  readonly gcUs?: readonly Micros[];
}

export interface ResourceCounts {
  readonly stepUs: Micros;
  readonly processes: readonly UsedByProcess[];
}

/** Workers count nothing of it, so that only repetitions are merged: added up step by step. */
export const resources: Measure<ResourceCounts> = {
  name: 'resources',
  start: () => undefined,
  merge: (list) => ({
    stepUs: list[0]!.stepUs,
    processes: groups(list.flatMap(({ processes }) => processes)).map(sumOf),
  }),
};

/** The same process of all repetitions. */
const groups = (processes: readonly UsedByProcess[]): readonly (readonly UsedByProcess[])[] =>
  PARTS.flatMap((part) => groupByName(processes.filter((one) => one.part === part)));

function sumOf(same: readonly UsedByProcess[]): UsedByProcess {
  const { part, name } = same[0]!;
  const added = (key: 'readings' | 'cpuUs' | 'rssBytes'): readonly number[] =>
    add(same.map((one) => one[key]));
  const gc = same.flatMap(({ gcUs }) => (gcUs === undefined ? [] : [gcUs]));
  return {
    part,
    name,
    readings: added('readings'),
    cpuUs: added('cpuUs'),
    rssBytes: added('rssBytes'),
    // Of a process that tells in some repetitions only, its share could not be told.
    ...(gc.length === same.length && { gcUs: add(gc) }),
  };
}

function add(lists: readonly (readonly number[])[]): readonly number[] {
  const length = Math.max(...lists.map((list) => list.length));
  return Array.from({ length }, (_, at) => lists.reduce((sum, list) => sum + (list[at] ?? 0), 0));
}
