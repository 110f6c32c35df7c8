/** @module How a process ended, and how that reads. */

/** How a child process ended. */
export interface Exit {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what it wrote to stdout and stderr: at most 40 lines and 16 KB. */
  readonly log: string;
}

/** How `exit` reads in a sentence: `exited with code 1`, `was ended by SIGKILL`. */
export function describeExit({ code, signal }: Pick<Exit, 'code' | 'signal'>): string {
  return signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
}

/** `log` in the form in which an error quotes it, after `last lines of output:`; `undefined` when there is none. */
export function quoteOutput(log: string): string | undefined {
  return log === '' ? undefined : `last lines of output:\n${log}`;
}
