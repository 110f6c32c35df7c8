/** @module A row of the table of servers: a server, and the right reading of it. */
import type { DriverName } from '../../src/profile/kinds.ts';
import type { Outcome } from '../../src/protocol/outcome.ts';
import type { Note } from '../../src/result/note.ts';
import type { Handle } from './server.ts';

/** A server that can be loaded. */
export interface Row {
  readonly name: string;
  /** Makes the server: each load has its own. */
  readonly serve: () => Handle;
  /** Lines added to the profile. */
  readonly profile?: readonly string[];
  readonly drivers?: readonly DriverName[];
  readonly outcomes?: readonly Outcome[];
  /** The most frequent detail of calls that failed. */
  readonly detail?: RegExp;
  /** Figures of the sessions. */
  readonly sessions?: Readonly<Record<string, unknown>>;
  readonly notes?: readonly Note['kind'][];
  /** Whether the server has received as many calls as were sent; not where it answers them in other ways. */
  readonly counts?: false;
}

/** A server that cannot be loaded as the profile is, and what the error has to say. */
export interface Refusal {
  readonly name: string;
  readonly serve: () => Handle;
  readonly profile?: readonly string[];
  readonly message: RegExp;
}
