/** @module The commands that judge changes: `compare`, `ab`, `baseline` and `trend`. */
import { type Command, Option } from 'commander';
import { COMPARISON_FORMATS } from '../report/regression/names.ts';
import type { AbOptions } from './ab.ts';
import type { BaselineSaveOptions } from './baseline.ts';
import { BASELINES_FOLDER } from './baselines-folder.ts';
import type { CompareOptions } from './compare.ts';
import {
  AB_EXAMPLES,
  BASELINE_EXAMPLES,
  BASELINE_LIST_EXAMPLES,
  BASELINE_SAVE_EXAMPLES,
  COMPARE_EXAMPLES,
  CTRL_C,
  TREND_EXAMPLES,
} from './help.ts';
import { httpUrl, share, timeSpan, wholeNumber } from './options.ts';
import { RUN_FLAGS, withProfileFlags } from './shared-flags.ts';
import type { TrendOptions } from './trend.ts';

/** As `MINIMUM_CHANGE` of the comparison, whose code is not loaded for help. */
const MIN_EFFECT = ['--min-effect <share>', 'smaller changes are no change', share, 0.05] as const;

/** Is told the exit code of the command that was run. */
type End = (exitCode: number) => void;

/** Adds them to `program`. */
export function addJudgingCommands(program: Command, end: End): void {
  for (const add of [addCompare, addAb, addBaseline, addTrend]) add(program, end);
}

function addCompare(program: Command, end: End): void {
  program
    .command('compare')
    .argument(
      '[result...]',
      'the base, and what is compared with it: each a result.json, the folder of a run, or a folder of runs',
    )
    .usage('[options] <base> <candidate...>')
    .description(
      'say what regressed, improved or stayed the same; exit with 4 if the headline metric regressed, and with 5 if that cannot be told',
    )
    .option(...MIN_EFFECT)
    .addOption(
      new Option(
        '--headline <metric>',
        'the metric that decides the exit code, as in thresholds: p(99), goodput, error_rate (default: p50 of the response time; of a closed loop, goodput)',
      ).conflicts('budget'),
    )
    .option(
      '--budget <budget>',
      'several metrics decide the exit code, each with its own margin: default, strict, or a file (docs/ci.md)',
    )
    .addOption(
      new Option('--format <format>', 'of what is printed').choices(COMPARISON_FORMATS).default('text'),
    )
    .option(
      '--comment-key <key>',
      'tells the comments of several workloads apart (default: the title of the profile)',
    )
    .option(
      '--report-url <url>',
      'linked in the comment (default: the run of GitHub Actions or the job of GitLab)',
      httpUrl,
    )
    .option('--json', 'the same as --format json', false)
    .option('--out <folder>', 'also write the comparison there, in every format')
    .option('--accept-unlike', 'judge also if the sides differ in machine, workload or driver', false)
    .option(
      '--baseline [branch]',
      'in place of a base: the stored baseline of this branch, or with this name (default: the branch that a pull request is for, or main)',
    )
    .option('--baseline-dir <folder>', 'where baselines are stored', BASELINES_FOLDER)
    .option('--allow-no-baseline', 'pass if none is stored, as in a first run', false)
    .addHelpText('after', COMPARE_EXAMPLES)
    .action(async (results: readonly string[], options: CompareOptions) => {
      const { compareCommand } = await import('./compare.ts');
      end(await compareCommand(results, options));
    });
}

function addAb(program: Command, end: End): void {
  withProfileFlags(program.command('ab'), 'sides')
    .description(
      'run two servers in interleaved trials until it is known whether they differ; exit with 4 if b regressed, and with 5 if that cannot be told',
    )
    .option('--a <command>', 'starts one instance of the base, as fleet.server.command does')
    .option('--b <command>', 'starts one instance of the candidate')
    .option('--a-ref <revision>', 'the git revision in which the profile’s command is the base')
    .option('--b-ref <revision>', 'the git revision in which it is the candidate')
    .option('--build <command>', 'builds a revision, in a worktree of its own')
    .option('--a-target <url>', 'an MCP endpoint that is the base')
    .option('--b-target <url>', 'an MCP endpoint that is the candidate')
    .option('--variant <name>', 'the variant of the profile that both are')
    .option('--max-pairs <n>', 'the most pairs of trials', wholeNumber(3), 30)
    .option('--budget <time>', 'end within this time, e.g. 10m; builds count', timeSpan)
    .option(...MIN_EFFECT)
    .option('--headline <metric>', 'the metric that decides, as in thresholds: p(99), goodput, error_rate')
    .option(...RUN_FLAGS.out)
    .option('--json', 'print the comparison on stdout', false)
    .option(...RUN_FLAGS.keep)
    .option(...RUN_FLAGS.force)
    .addHelpText('after', `${AB_EXAMPLES}${CTRL_C}`)
    .action(async (profile: string, options: AbOptions) => {
      const { ab } = await import('./ab.ts');
      end(await ab(profile, options));
    });
}

function addBaseline(program: Command, end: End): void {
  const baseline = program
    .command('baseline')
    .description('store results that later runs are compared with, and list them')
    .addHelpText('after', BASELINE_EXAMPLES);

  baseline
    .command('save')
    .argument('<result>', 'a result.json, or the folder of a run')
    .description('store a copy of a result under its workload, machine class and branch')
    .option('--name <name>', 'a name for it; results with a name are not removed')
    .option('--branch <branch>', 'the branch that was measured (default: the one that is checked out here)')
    .option(
      '--keep <n>',
      'how many results of a workload, machine class and branch to keep',
      wholeNumber(1),
      20,
    )
    .option('--dir <folder>', 'where to store it', BASELINES_FOLDER)
    .addHelpText('after', BASELINE_SAVE_EXAMPLES)
    .action(async (result: string, options: BaselineSaveOptions) => {
      const { baselineSave } = await import('./baseline.ts');
      end(await baselineSave(result, options));
    });

  baseline
    .command('list')
    .description('list the stored results by branch, workload and machine class')
    .option('--json', 'print them on stdout as JSON', false)
    .option('--dir <folder>', 'where they are stored', BASELINES_FOLDER)
    .addHelpText('after', BASELINE_LIST_EXAMPLES)
    .action(async (options: { readonly dir: string; readonly json: boolean }) => {
      const { baselineList } = await import('./baseline.ts');
      end(await baselineList(options));
    });
}

function addTrend(program: Command, end: End): void {
  program
    .command('trend')
    .argument('<folder>', 'a folder of runs or of baselines; results at any depth below it count')
    .description('show one metric over all results in a folder, and since when it is better or worse')
    .option(
      '--metric <metric>',
      'as in thresholds: p(99), goodput, error_rate (default: successful calls per second of a closed loop, otherwise the p50 response time)',
    )
    .option('--json', 'print the trend on stdout as JSON', false)
    .option('--out <folder>', 'write trend.html, with charts, and trend.json there')
    .addHelpText('after', TREND_EXAMPLES)
    .action(async (folder: string, options: TrendOptions) => {
      const { trendCommand } = await import('./trend.ts');
      end(await trendCommand(folder, options));
    });
}
