/** @module The lookups of a load, as they are replayed: a log of them, and which cache and entry each would have used. */
import type { Micros } from '../units/time.ts';

/** Of the times of lookups. */
export const UNIT: Micros = 10;

/** What a load looked up, in the order of time, warm-up included. */
export interface Lookups {
  /** From the start of the measured time (negative in the warm-up), in units of {@link UNIT}. */
  readonly at10Us: Int32Array;
  readonly agents: Uint32Array;
  /** Indexes into {@link names}. */
  readonly keys: Uint16Array;
  /** Methods, each with its parameter after a space. */
  readonly names: readonly string[];
  /** Index of the first lookup of the measured time. */
  readonly measuredFrom: number;
}

/** Where the results of a load are kept. */
export interface Place {
  readonly at: 'agent' | 'gateway';
  /** Methods whose results are private: a gateway keeps them for each agent, which has one token. */
  readonly privateMethods: ReadonlySet<string>;
}

/** By name, whether all agents share what is kept for it. */
export function sharedNames(names: readonly string[], { at, privateMethods }: Place): readonly boolean[] {
  return names.map((name) => at === 'gateway' && !privateMethods.has(name.split(' ', 1)[0]!));
}

/** The entries that lookups would use, numbered from 0 in the order of their first use. */
export interface Slots {
  readonly count: number;
  /** By lookup. */
  readonly slotOf: Int32Array;
  /** By slot: the cache that has it; that of a gateway is 0. */
  readonly cacheOf: Uint32Array;
  readonly caches: number;
}

export function slotsOf({ agents, keys, names }: Lookups, place: Place): Slots {
  const isShared = sharedNames(names, place);
  const slotOf = new Int32Array(keys.length);
  const cacheOf: number[] = [];
  const known = new Map<number, number>();
  let caches = 1;
  for (let i = 0; i < keys.length; i += 1) {
    const [key, agent] = [keys[i]!, agents[i]!];
    const entry = (isShared[key]! ? 0 : agent + 1) * names.length + key;
    let slot = known.get(entry);
    if (slot === undefined) {
      slot = known.size;
      known.set(entry, slot);
      cacheOf.push(place.at === 'gateway' ? 0 : agent);
      caches = Math.max(caches, cacheOf[slot]! + 1);
    }
    slotOf[i] = slot;
  }
  return { count: known.size, slotOf, cacheOf: Uint32Array.from(cacheOf), caches };
}
