/**
 * @module Runs commands in the process of the test: in one of their own, loading them takes longer than what they do. That `paceline` runs
 * them so is proved by tests that start it, for each command.
 */
import { Command } from 'commander';
import { vi } from 'vitest';
import { addAudit } from '../../src/cli/audit-command.ts';
import { EXIT } from '../../src/cli/exit.ts';
import { addJudgingCommands } from '../../src/cli/judging-commands.ts';
import { reportError } from '../../src/cli/report-error.ts';
import { addRun } from '../../src/cli/run-command.ts';
import { captureOutput } from '../../src/units/capture-output.case.ts';
import { scratch } from '../../src/units/scratch.case.ts';
import type { Ended } from './paceline.ts';

interface Surroundings {
  /** By default a folder of its own. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const listeners = () => SIGNALS.map((name) => process.listeners(name));

/** What `command`, which resolves with its exit code, prints in these surroundings. One at a time: all of the process is in them. */
export async function endedHere(
  { cwd = scratch(), env = {} }: Surroundings,
  command: () => Promise<number>,
): Promise<Ended> {
  const before = process.cwd();
  process.chdir(cwd);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const said = captureOutput();
  const listening = listeners();
  try {
    const code = await command().catch(reportError);
    return { code, ...said };
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    process.chdir(before);
    // Commands that end with their process leave them.
    for (const [at, name] of SIGNALS.entries())
      for (const listener of process.listeners(name))
        if (!listening[at]!.includes(listener)) process.off(name, listener);
  }
}

type AddCommands = (program: Command, end: (exitCode: number) => void) => void;

/** As `paceline` with `args`, of the commands that `add` adds. */
const commands =
  (add: AddCommands) =>
  (surroundings: Surroundings, ...args: readonly string[]): Promise<Ended> =>
    endedHere(surroundings, async () => {
      let code: number = EXIT.pass;
      const program = new Command('paceline').exitOverride();
      add(program, (ended) => {
        code = ended;
      });
      await program.parseAsync(args, { from: 'user' });
      return code;
    });

/** As `paceline` with `args`, of the commands that judge changes. */
export const judge: ReturnType<typeof commands> = commands(addJudgingCommands);

/** As `paceline audit` with `args` after it. */
export const audit = (surroundings: Surroundings, ...args: readonly string[]): Promise<Ended> =>
  commands(addAudit)(surroundings, 'audit', ...args);

/** As `paceline run` with `args` after it. */
export const run = (surroundings: Surroundings, ...args: readonly string[]): Promise<Ended> =>
  commands(addRun)(surroundings, 'run', ...args);
