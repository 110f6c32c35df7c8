/** @module Why a command did not start: in words for people, as data for code. */
import { formatMicros, type Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { describeExit, type Exit, quoteOutput } from './exit.ts';

/** What kept a command from starting. */
export type StartFailure =
  /** It ended before it answered. */
  | { readonly kind: 'exited'; readonly exit: Exit }
  /** It ran, and had not answered after `withinUs`. `log` is the end of what it wrote. */
  | { readonly kind: 'late'; readonly withinUs: Micros; readonly log: string };

/** Thrown when a command does not start. Its message names the command and quotes the end of its output. */
export class StartError extends UserError {
  readonly failure: StartFailure;

  constructor(name: string, failure: StartFailure) {
    const output = quoteOutput(logOf(failure));
    super({ where: name, what: describeFailure(failure), ...(output !== undefined && { todo: output }) });
    this.failure = failure;
  }
}

/** The end of what the command wrote. */
export function logOf(failure: StartFailure): string {
  return failure.kind === 'exited' ? failure.exit.log : failure.log;
}

/** How `failure` reads in a sentence: `exited with code 2 while starting`, `did not answer within 1 s`. */
export function describeFailure(failure: StartFailure): string {
  return failure.kind === 'exited'
    ? `${describeExit(failure.exit)} while starting`
    : `did not answer within ${formatMicros(failure.withinUs)}`;
}
