/** @module What a section of the bench is given and gives. */
import type { Table } from './table.ts';

/** How much is to be measured. */
export interface Effort {
  /** Rounds of sections that alternate between clients. */
  readonly rounds: number;
  /** Length of one measurement of a client in such a round. */
  readonly seconds: number;
}

export interface Context {
  readonly effort: Effort;
  /** A line for people about what is being done. */
  say(line: string): void;
}

/** What a section came to. */
export interface Outcome {
  readonly tables: readonly Table[];
  /** Sentences that belong to the figures. */
  readonly notes: readonly string[];
  /** Everything that was measured, as plain data. */
  readonly data: unknown;
}

export interface Section {
  readonly name: string;
  readonly title: string;
  /** How it was made, for the reader of the results. */
  readonly method: string;
  run(context: Context): Promise<Outcome>;
}
