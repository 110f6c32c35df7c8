/** @module Which results belong to one history: those of the same workload on machines of the same class. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ResultDocument } from '../document.ts';
import type { Machine } from '../machine.ts';
import { NOT_WORKLOAD } from '../regression/unlike.ts';

/** What a machine is for a history: times of one class are comparable from run to run. */
export const MachineClass = z.object({
  cpu: z.string(),
  cores: z.int().min(0),
  /** Without its version: `Linux`. */
  os: z.string(),
  /** The major version of Node. */
  node: z.int().min(0),
});
export type MachineClass = z.infer<typeof MachineClass>;

export const Identity = z.object({
  /** Digest of what the profile measures, as 12 hexadecimal digits: its title, thresholds, repetitions and variants, and the address of a target do not count. */
  workload: z.string(),
  machine: MachineClass,
});
export type Identity = z.infer<typeof Identity>;

const WORKLOAD_DIGITS = 12;
const MACHINE_DIGITS = 8;

export const identityOf = ({ profile, machine }: Pick<ResultDocument, 'profile' | 'machine'>): Identity => ({
  workload: digest(workloadOf(profile), WORKLOAD_DIGITS),
  machine: machineClassOf(machine),
});

/** The identity as a word, for folders and to compare: `3f2a91c04b77-9b1c55e0`. */
export const keyOf = ({ workload, machine }: Identity): string =>
  `${workload}-${digest(machine, MACHINE_DIGITS)}`;

/** For people: `AMD EPYC 7763, 4 cores, Linux, Node.js 20`. */
export const machineText = ({ cpu, cores, os, node }: MachineClass): string =>
  `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${os}, Node.js ${node}`;

function machineClassOf({ cpu, cores, os, node }: Machine): MachineClass {
  return { cpu, cores, os: os.split(' ')[0]!, node: Number(/\d+/.exec(node)?.[0] ?? 0) };
}

/** The profile without what may differ from run to run of the same workload. A target often listens on another port each time. */
function workloadOf(profile: ResultDocument['profile']): unknown {
  const entries = Object.entries(profile).filter(([key]) => !NOT_WORKLOAD.includes(key));
  return Object.fromEntries(
    entries.map(([key, value]) => (key === 'target' ? [key, withoutAddress(value)] : [key, value])),
  );
}

function withoutAddress(target: unknown): unknown {
  if (!isRecord(target)) return target;
  const { url: _, instances, ...rest } = target;
  return { ...rest, ...(Array.isArray(instances) && { instances: instances.length }) };
}

/** The first digits of the SHA-256 digest of `value`, whatever the order of its keys. */
function digest(value: unknown, digits: number): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(value)))
    .digest('hex')
    .slice(0, digits);
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, ordered(value[key])]),
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
