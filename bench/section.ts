/** @module The interface of a section of the bench. */
import type { Context } from './context.ts';
import type { Goal } from './goal.ts';
import type { Rounds } from './rounds.ts';
import type { Table } from './table.ts';

/** The results of a section. */
export interface Outcome {
  readonly tables: readonly Table[];
  /** What it had to reach; absent: nothing. */
  readonly goals?: readonly Goal[];
  /** Further sentences about the figures. */
  readonly notes: readonly string[];
  /** What was measured in rounds. The bench compares the builds in it, and says what was left out. */
  readonly rounds?: readonly Rounds[];
  /** All other measured values, as plain data. */
  readonly data?: unknown;
}

export interface Section {
  readonly name: string;
  readonly title: string;
  /** How the figures are measured, for readers of the results. */
  readonly method: string;
  run(context: Context): Promise<Outcome>;
}
