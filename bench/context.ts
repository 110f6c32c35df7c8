/** @module What a section gets to run with. */
import type { Builds } from './build.ts';

/** How much to measure. */
export interface Effort {
  /** Rounds of sections that alternate between clients. */
  readonly rounds: number;
  /** Length of one measurement of a client in such a round. */
  readonly seconds: number;
}

export interface Context {
  readonly effort: Effort;
  readonly builds: Builds;
  /** Whether a section measures what takes many minutes, too. */
  readonly long: boolean;
  /** Prints a line of progress. */
  say(line: string): void;
}
