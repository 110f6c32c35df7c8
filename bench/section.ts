/** @module The interface of a section of the bench. */
import type { Table } from './table.ts';

/** How much to measure. */
export interface Effort {
  /** Rounds of sections that alternate between clients. */
  readonly rounds: number;
  /** Length of one measurement of a client in such a round. */
  readonly seconds: number;
}

export interface Context {
  readonly effort: Effort;
  /** The folder of an earlier compiled bench to compare with. */
  readonly before: string | undefined;
  /** Prints a line of progress. */
  say(line: string): void;
}

/** The results of a section. */
export interface Outcome {
  readonly tables: readonly Table[];
  /** Sentences about the figures. */
  readonly notes: readonly string[];
  /** All measured values, as plain data. */
  readonly data: unknown;
}

export interface Section {
  readonly name: string;
  readonly title: string;
  /** How the figures are measured, for readers of the results. */
  readonly method: string;
  run(context: Context): Promise<Outcome>;
}
