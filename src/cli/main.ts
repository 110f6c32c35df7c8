/** @module The command line: options in, one exit code out. Each command's code is loaded when it is called, so that all start fast. */
import { Command, CommanderError } from 'commander';
import { CONFIG_KINDS } from '../profile/kinds.ts';
import { FORMATS } from '../report/format-names.ts';
import { describeProblem, UserError } from '../units/user-error.ts';
import { VERSION } from '../units/version.ts';
import { alternatives } from '../units/words.ts';
import type { CalibrateOptions } from './calibrate.ts';
import { CALIBRATION_FILE } from './calibration-file.ts';
import { EXIT } from './exit.ts';
import type { FleetOptions } from './fleet.ts';
import type { LintOptions } from './lint.ts';
import { collect, wholeNumber } from './options.ts';
import type { RenderOptions } from './render.ts';
import type { ReportOptions } from './report.ts';
import type { RunOptions } from './run.ts';

let exitCode: number = EXIT.pass;

const KINDS = alternatives(CONFIG_KINDS);

const CTRL_C = `
Ctrl-C (or SIGTERM) ends the trial and writes what was measured; a second one ends at once and writes nothing more.`;

const program = new Command('paceline')
  .description(
    'Loads an MCP fleet the way real agents do, and tells what sticky sessions cost, save or break.',
  )
  .version(VERSION)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(paceline --help lists commands and flags)');

withProfileFlags(program.command('run'))
  .description('run a profile; write result.json and report.html')
  .option('--repetitions <n>', 'repetitions of each variant, instead of the profile’s', wholeNumber(1))
  .option('--variant <name>', 'run only this variant; may be repeated', collect, [])
  .option('--once', 'make each call of each variant once, and print the exchange of those that fail', false)
  .option('--out <folder>', 'where to write (default: results/<time>-<profile>/)')
  .option('--json', 'print the result document on stdout', false)
  .option('--quiet', 'say nothing but faults', false)
  .addHelpText('after', CTRL_C)
  .action(async (profile: string, options: RunOptions) => {
    // The load thread gets its code while this one reads the profile.
    const { startThread } = await import('../generator/engine/thread.ts');
    const thread = startThread();
    const { run } = await import('./run.ts');
    exitCode = await run(profile, options, thread);
  });

withProfileFlags(program.command('fleet'))
  .description('keep the fleet and balancer of a profile up, for other tools to load')
  .option('--variant <name>', 'the variant to bring up (default: the first)')
  .option('--json', 'print {"url", "instances"} as one line on stdout when ready', false)
  .action(async (profile: string, options: FleetOptions) => {
    const { fleet } = await import('./fleet.ts');
    exitCode = await fleet(profile, options);
  });

program
  .command('report')
  .argument('<result>', 'a result.json')
  .description('render a result again')
  .option('--format <format>', FORMATS.join(', '), 'html')
  .option(
    '--out <folder>',
    'write files there (default: stdout; on a terminal, and for several files, beside the result)',
  )
  .action(async (result: string, options: ReportOptions) => {
    const { report } = await import('./report.ts');
    exitCode = await report(result, options);
  });

program
  .command('calibrate')
  .description('measure what the generator can do at most on this machine')
  .option('--json', 'print the calibration on stdout', false)
  .option('--out <file>', 'where to store it', CALIBRATION_FILE)
  .action(async (options: CalibrateOptions) => {
    const { calibrateCommand } = await import('./calibrate.ts');
    exitCode = await calibrateCommand(options);
  });

const balancer = program
  .command('balancer')
  .description('balancer configurations: print right ones, find what breaks MCP');

balancer
  .command('lint')
  .argument('<file>', 'a configuration of nginx, HAProxy, Envoy, or Kubernetes and Istio')
  .description('point at session routing, streaming and retry mistakes; exit 3 when one is an error')
  .option('--kind <kind>', `${KINDS} (default: by its content)`)
  .option('--json', 'print the findings on stdout', false)
  .action(async (file: string, options: LintOptions) => {
    const { lint } = await import('./lint.ts');
    exitCode = await lint(file, options);
  });

balancer
  .command('render')
  .argument('<kind>', KINDS)
  .argument('<profile>', 'a YAML profile')
  .description('print a commented production configuration for the fleet and policy of a profile')
  .option('--variant <name>', 'the variant to print it for (default: the first)')
  .option('--set <path=value>', 'override a key of the profile, e.g. balancer.policy=sticky', collect, [])
  .action(async (kind: string, profile: string, options: RenderOptions) => {
    const { render } = await import('./render.ts');
    exitCode = await render(kind, profile, options);
  });

function withProfileFlags(command: Command): Command {
  return command
    .argument('<profile>', 'a YAML profile')
    .option('--target <url>', 'an MCP endpoint to use in place of the profile’s fleet or target')
    .option('--header <name: value>', 'a header for every request; may be repeated', collect, [])
    .option(
      '--set <path=value>',
      'override a key of the profile, e.g. load.rate=400/s; may be repeated',
      collect,
      [],
    )
    .option('--seed <n>', 'seed of arrivals, agents, arguments and order', wholeNumber(0), 1)
    .option('--insecure', 'accept any TLS certificate', false)
    .option('--ca-file <pem>', 'trust these certificate authorities');
}

try {
  await program.parseAsync();
} catch (error) {
  exitCode = tell(error);
}
process.exitCode = exitCode;

/** Says what went wrong in words; a stack trace only for a bug of ours. */
function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage;
  if (error instanceof UserError) {
    for (const fault of error.problems) console.error(`paceline: ${describeProblem(fault)}`);
    return EXIT.usage;
  }
  const { code, stack } = error as NodeJS.ErrnoException;
  if (code === 'EPIPE') return EXIT.pass;
  console.error(`paceline: a bug of ours, please report it with the text below\n${stack ?? String(error)}`);
  return EXIT.bug;
}
