/** @module The command `run`: measures a profile, makes each of its calls once, or prints the plan of a measurement. */
import { type Command, Option } from 'commander';
import { ONE_FILE_FORMATS } from '../report/format/names.ts';
import type { Use } from '../units/code-cache.ts';
import { CTRL_C, RUN_EXAMPLES, THRESHOLDS } from './help.ts';
import { collect, wholeNumber } from './options.ts';
import type { RunOptions } from './run.ts';
import { RUN_FLAGS, withProfileFlags } from './shared-flags.ts';

/** Adds it to `program`. `end` is told its exit code, and whether it has measured. */
export function addRun(program: Command, end: (exitCode: number, use: Use) => void): void {
  withProfileFlags(program.command('run'))
    .description('run a profile; write result.json and report.html')
    .option(
      '--repetitions <n>',
      'repetitions of each variant; replaces the value in the profile',
      wholeNumber(1),
    )
    .option('--variant <name>', 'run only this variant; may be repeated', collect, [])
    .option('--plan', 'print the trials, their settings and their duration; run nothing', false)
    .option(
      '--once',
      'make each call of each variant once, and print the request and response of failed calls',
      false,
    )
    .option(...RUN_FLAGS.out)
    .option('--json', 'print the result document on stdout, the same as --format json', false)
    .addOption(
      new Option('--format <format>', 'print the result on stdout in this format').choices(ONE_FILE_FORMATS),
    )
    .option(...RUN_FLAGS.keep)
    .option(...RUN_FLAGS.force)
    .option('--verbose', 'print the plan first, and more details of each trial', false)
    .option('--quiet', 'print errors, and what has failed, only', false)
    .addHelpText('after', `${RUN_EXAMPLES}${THRESHOLDS}${CTRL_C}`)
    .action(async (profile: string, options: RunOptions) => {
      const isMeasured = !options.plan && !options.once;
      if (isMeasured) (await import('../generator/engine/thread.ts')).startThreadAhead();
      const { run } = await import('./run.ts');
      const exitCode = await run(profile, options);
      end(exitCode, isMeasured ? 'run' : 'other');
    });
}
