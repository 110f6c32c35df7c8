/**
 * @module Runs commands in the process of the test: in one of their own, loading them takes longer than what they do. That `paceline` runs
 * them so is proved by tests that start it, for each command.
 */
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { vi } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { reportError } from '../../src/cli/report-error.ts';
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

const require = createRequire(import.meta.url);
/** A built module of the command line: Node loads it in a fraction of the time that the test runner takes for its source. */
const built = (name: string): unknown => require(`../../dist/cli/${name}.js`);

const { reportError: reportBuiltError } = built(
  'report-error',
) as typeof import('../../src/cli/report-error.ts');
const { addAudit } = built('audit-command') as typeof import('../../src/cli/audit-command.ts');
const { addJudgingCommands } = built(
  'judging-commands',
) as typeof import('../../src/cli/judging-commands.ts');
const { addRun } = built('run-command') as typeof import('../../src/cli/run-command.ts');

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
      return program.parseAsync(args, { from: 'user' }).then(() => code, reportBuiltError);
    });

/** As `paceline` with `args`, of the commands that judge changes. */
export const judge: ReturnType<typeof commands> = commands(addJudgingCommands);

/** As `paceline audit` with `args` after it. */
export const audit = (surroundings: Surroundings, ...args: readonly string[]): Promise<Ended> =>
  commands(addAudit)(surroundings, 'audit', ...args);

/** As `paceline run` with `args` after it. */
export const run = (surroundings: Surroundings, ...args: readonly string[]): Promise<Ended> =>
  commands(addRun)(surroundings, 'run', ...args);
