/** @module What happened to a testbed that a reader of the figures should know, as records. The report words them. */
import type { Exit } from '../process/exit.ts';
import type { FaultKind } from '../profile/settings.ts';

/** A process of the testbed ended although Paceline had not ended it. */
export interface ExitNote {
  readonly kind: 'exited';
  readonly part: 'fleet' | 'balancer';
  /** Of the fleet: the instance. */
  readonly instance?: string;
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines of its output; empty when it wrote nothing. */
  readonly output: string;
}

/** The answers of a target do not name the instance that gave them. */
interface UnnamedNote {
  readonly kind: 'instances-unnamed';
  readonly part: 'target';
  /** The response header that was expected to name it. */
  readonly header: string;
}

/** An event was due, and no instance was left to inject it into. */
interface NoInstanceNote {
  readonly kind: 'event-without-instance';
  readonly part: 'events';
  readonly event: FaultKind;
  /** The number of the instance that the event is for; absent: any would have done. */
  readonly number?: number;
}

/** An event could not be injected, or not be ended. */
interface FailedEventNote {
  readonly kind: 'event-failed';
  readonly part: 'events';
  readonly event: FaultKind;
  /** The instance it was for; absent when one was to join. */
  readonly instance?: string;
  /** The message of the error, for people. */
  readonly reason: string;
}

/** One thing that happened. */
export type Note = ExitNote | UnnamedNote | NoInstanceNote | FailedEventNote;

/** Enough to hold a stack trace, of which the last line says little. */
const OUTPUT_LINES = 8;

/** The note of a process that ended as `exit` says. */
export function exitNote(process: Pick<ExitNote, 'part' | 'instance'>, exit: Exit): ExitNote {
  const lines = exit.log.split('\n').filter((line) => line.trim() !== '');
  const output = lines.slice(-OUTPUT_LINES).join('\n');
  return { kind: 'exited', ...process, code: exit.code, signal: exit.signal, output };
}
