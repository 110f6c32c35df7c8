/** @module Every call of a load whose result can be kept, in the order in which they were made: kept to be replayed through caches with other lifetimes. Twelve bytes a call. */
import type { Micros } from '../units/time.ts';

/** The lookups of one worker or of a whole load, warm-up included. */
export interface LookupLog {
  /** When each was made, from the start of the measured time (negative in the warm-up), in units of 10 us. */
  readonly at10Us: Int32Array<ArrayBuffer>;
  readonly agents: Uint32Array<ArrayBuffer>;
  /** What was asked for, as an index into {@link names}. */
  readonly keys: Uint16Array<ArrayBuffer>;
  /** `tools/list`, `resources/read paceline://resource/1`: method and, where there is one, its parameter. Each page of a list has its own. */
  readonly names: readonly string[];
  /** Index of the first lookup of the measured time. */
  readonly measuredFrom: number;
}

/** How long the measured time was, and what an answer of the servers took: what a replay has to know besides. */
export interface LookupRun {
  readonly log: LookupLog;
  readonly measuredUs: Micros;
  /** Median time from request to answer of a fetch. */
  readonly fetchUs: Micros;
}
