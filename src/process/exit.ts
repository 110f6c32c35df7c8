/** @module How a process ended, and its description in messages. */

/** How a child process ended. */
export interface Exit {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of its stdout and stderr: at most 40 lines and 16 KB. */
  readonly log: string;
}

/** A description of an exit, as part of a sentence: `exited with code 1`, `was ended by SIGKILL`. */
export function describeExit({ code, signal }: Pick<Exit, 'code' | 'signal'>): string {
  return signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
}

/** `log` as quoted in an error, after `last lines of output:`; `undefined` when it is empty. */
export function quoteOutput(log: string): string | undefined {
  return log === '' ? undefined : `last lines of output:\n${log}`;
}
