/** @module The reason why a command did not start: as text for people and as data for code. */
import { formatMicros, type Micros } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { describeExit, type Exit, quoteOutput } from './exit.ts';

/** The reason why a command did not start. */
export type StartFailure =
  /** It ended before it answered. */
  | { readonly kind: 'exited'; readonly exit: Exit }
  /** It was running but had not answered after `withinUs`. `log` is the end of its output. */
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

/** The end of the command's output. */
export function logOf(failure: StartFailure): string {
  return failure.kind === 'exited' ? failure.exit.log : failure.log;
}

/** A description of `failure`, as part of a sentence: `exited with code 2 while starting`, `did not answer within 1 s`. */
export function describeFailure(failure: StartFailure): string {
  return failure.kind === 'exited'
    ? `${describeExit(failure.exit)} while starting`
    : `did not answer within ${formatMicros(failure.withinUs)}`;
}
