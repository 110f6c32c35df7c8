/** @module The build of one side: a command that is run to its end in a folder, with its output kept. */
import { type Command, startCommand } from '../../process/command.ts';
import { describeExit, type Exit, quoteOutput } from '../../process/exit.ts';
import { StartError } from '../../process/start-error.ts';
import { UserError } from '../../units/user-error.ts';

export interface BuildOptions {
  /** Its name in messages: `build of a (main)`. */
  readonly name: string;
  /** A line for the shell. */
  readonly command: string;
  readonly cwd: string;
  /** Its stdout and stderr are written there. */
  readonly outputFile: string;
}

/** It counts as started at once. */
const AT_ONCE = { answers: () => Promise.resolve(true), readyWithinUs: 60e6 };

/**
 * Runs the build. Rejects with a `UserError` that quotes the end of its output when it does not exit with 0, and with the signal's reason when
 * aborted first. In either case no process of it is left.
 */
export async function build(
  { name, command, cwd, outputFile }: BuildOptions,
  signal: AbortSignal,
): Promise<void> {
  const exit = await exitOf({ name, command, cwd, outputFile, ...AT_ONCE }, signal);
  signal.throwIfAborted();
  if (exit.code === 0) return;
  const output = quoteOutput(exit.log);
  throw new UserError({
    where: name,
    what: describeExit(exit),
    expected: `exit code 0 from: ${command}`,
    todo: `all of its output is in ${outputFile}${output === undefined ? '' : `; ${output}`}`,
  });
}

async function exitOf(options: Parameters<typeof startCommand>[0], signal: AbortSignal): Promise<Exit> {
  let running: Command;
  try {
    running = await startCommand(options, signal);
  } catch (error) {
    // One that was faster than the question whether it has started.
    if (error instanceof StartError && error.failure.kind === 'exited') return error.failure.exit;
    throw error;
  }
  const stop = (): void => void running.stop();
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) await running.stop();
    return await running.exited;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
