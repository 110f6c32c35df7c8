/** @module Notes, as data: events in a testbed that a reader of the figures should know about. The report turns them into text. */
import type { Exit } from '../process/exit.ts';
import type { AuthEventKind, CatalogueEventKind, FaultKind } from '../profile/settings.ts';

/** A process of the testbed ended without being stopped by Paceline. */
export interface ExitNote {
  readonly kind: 'exited';
  readonly part: 'fleet' | 'balancer' | 'authority' | 'store';
  /** Of the fleet: the instance. */
  readonly instance?: string;
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines of its output; empty when it wrote nothing. */
  readonly output: string;
}

/** The answers of a target do not name the instance that sent them. */
interface UnnamedNote {
  readonly kind: 'instances-unnamed';
  readonly part: 'target';
  /** The response header that was expected to name it. */
  readonly header: string;
}

/** The answers of a server repeat a numeric id as text. */
interface TextIdNote {
  readonly kind: 'ids-as-text';
  readonly part: 'target' | 'fleet';
}

/** A server redirects the URL that was given for it; the load goes to where it leads. */
interface RedirectedNote {
  readonly kind: 'redirected';
  readonly part: 'target' | 'fleet';
  readonly from: string;
  readonly to: string;
}

/** A server or balancer sets cookies, which agents send back or drop. */
interface CookieNote {
  readonly kind: 'cookies';
  readonly part: 'target' | 'fleet';
  readonly kept: boolean;
}

/** An event was due, and no instance was left to inject it into. */
interface NoInstanceNote {
  readonly kind: 'event-without-instance';
  readonly part: 'events';
  readonly event: FaultKind;
  /** The number of the instance that the event names; absent: any instance could be chosen. */
  readonly number?: number;
}

/** An event could not be injected, or its effect could not be undone. */
interface FailedEventNote {
  readonly kind: 'event-failed';
  readonly part: 'events';
  readonly event: FaultKind | AuthEventKind | CatalogueEventKind;
  /** The affected instance; absent when an instance should have joined. */
  readonly instance?: string;
  /** The error message, for display. */
  readonly reason: string;
}

/** The tokens of agents expired during the load, and they sent them all the same. */
interface ExpiredTokensNote {
  readonly kind: 'tokens-not-renewed';
  readonly part: 'credentials';
  readonly agents: number;
  /** Why there were no new ones, for display; null: nothing renews them. */
  readonly reason: string | null;
}

/** The inspection before the load learned nothing. */
interface FailedInspectionNote {
  readonly kind: 'inspection-failed';
  readonly part: 'inspection';
  /** For display. */
  readonly reason: string;
}

/** A note of any kind. */
export type Note =
  | ExitNote
  | UnnamedNote
  | TextIdNote
  | CookieNote
  | RedirectedNote
  | NoInstanceNote
  | FailedEventNote
  | ExpiredTokensNote
  | FailedInspectionNote;

/** Enough for a stack trace, whose last line alone says little. */
const OUTPUT_LINES = 8;

/** The note for a process that ended with `exit`. */
export function exitNote(process: Pick<ExitNote, 'part' | 'instance'>, exit: Exit): ExitNote {
  const lines = exit.log.split('\n').filter((line) => line.trim() !== '');
  const output = lines.slice(-OUTPUT_LINES).join('\n');
  return { kind: 'exited', ...process, code: exit.code, signal: exit.signal, output };
}

/** The note that the tokens of `agents` agents have expired; none of 0. `reason`: why they were not renewed. */
export function expiryNotes(agents: number, reason: string | null): readonly Note[] {
  return agents === 0 ? [] : [{ kind: 'tokens-not-renewed', part: 'credentials', agents, reason }];
}
