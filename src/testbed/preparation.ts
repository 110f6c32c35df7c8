/** @module What the start of a testbed tells while it takes long. */
import type { Micros } from '../units/time.ts';

/** How far the start of a part is with something that takes long. */
export type Preparation =
  | { readonly what: 'tokens'; readonly done: number; readonly of: number }
  | UnansweredInstance;

/** An instance of the user's server that has not answered as MCP yet; it is asked again. */
export interface UnansweredInstance {
  readonly what: 'instance';
  readonly instance: string;
  /** Whether it has answered at all, so that `seen` says what is wrong with its answer. */
  readonly hasAnswered: boolean;
  /** The end of a sentence about it: `no answer (...)`. */
  readonly seen: string;
  /** From its start, how long it is asked at most. */
  readonly withinUs: Micros;
}
