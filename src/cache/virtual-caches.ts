/** @module Caches in virtual time: what they are like, and how they answer a lookup. */
import type { Micros } from '../units/time.ts';
import type { Place } from './lookups.ts';

/** The caches of a replay. */
export interface VirtualCaches extends Place {
  /** Most entries of one cache; absent: no limit. */
  readonly capacity?: number | undefined;
  /** Whether lookups wait for a fetch that is under way; otherwise they fetch as well. */
  readonly singleFlight: boolean;
  /** By which share of its lifetime at most an entry ends earlier. */
  readonly jitter: number;
  /** How long every fetch takes. */
  readonly fetchUs: Micros;
  /** Decides the jitter of each entry. */
  readonly seed: number;
}

/** How a lookup is answered: from an answer that was received at this time, by waiting for one, or by a fetch. */
export type Answer = Micros | typeof WAIT | typeof FETCH;
export const WAIT = Number.NEGATIVE_INFINITY;
export const FETCH = Number.POSITIVE_INFINITY;

/** Caches with one lifetime. Lookups come in the order of time, each once. */
export type AnswerLookup = (index: number, nowUs: Micros) => Answer;
