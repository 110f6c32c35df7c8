/** @module What the command line says of an error, and the exit code that it ends with. */
import { CommanderError } from 'commander';
import { describeProblem, UserError } from '../units/user-error.ts';
import { EXIT } from './exit.ts';

/** Prints the error and returns the exit code; a stack trace is printed only for an internal error. */
export async function reportError(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage;
  if (error instanceof UserError) {
    for (const problem of error.problems) process.stderr.write(`paceline: ${describeProblem(problem)}\n`);
    return EXIT.usage;
  }
  const { sourceStack } = await import('./stack-trace.ts');
  const { stack } = error as Error;
  process.stderr.write(
    `paceline: internal error; please report it with the text below\n${stack === undefined ? error : sourceStack(stack)}\n`,
  );
  return EXIT.internal;
}
