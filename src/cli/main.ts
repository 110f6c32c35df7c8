/** @module The command line: parses options, runs a command and sets the exit code. A command's code is loaded only when it is called, so that all start fast. */
import { Argument, Command } from 'commander';
import { CONFIG_KINDS } from '../profile/balancer-kinds.ts';
import { FORMATS } from '../report/format/names.ts';
import { storeCompiled, type Use } from '../units/code-cache.ts';
import { VERSION } from '../units/version.ts';
import { alternatives } from '../units/words.ts';
import { addAudit } from './audit-command.ts';
import type { CalibrateOptions } from './calibrate.ts';
import { CALIBRATION_FILE } from './calibration-file.ts';
import { EXIT } from './exit.ts';
import type { FleetOptions } from './fleet.ts';
import {
  BALANCER_EXAMPLES,
  CALIBRATE_EXAMPLES,
  COMPLETION_EXAMPLES,
  FLEET_EXAMPLES,
  INIT_EXAMPLES,
  INSPECT_EXAMPLES,
  LINT_EXAMPLES,
  RECORD_EXAMPLES,
  RENDER_EXAMPLES,
  REPORT_EXAMPLES,
  THRESHOLDS,
  VALIDATE_EXAMPLES,
} from './help.ts';
import type { InitCommandOptions } from './init.ts';
import type { InspectOptions } from './inspect.ts';
import { addJudgingCommands } from './judging-commands.ts';
import type { LintOptions } from './lint.ts';
import { collect, type ProfileOptions, timeSpan, wholeNumber } from './options.ts';
import type { RecordOptions } from './record.ts';
import type { RenderOptions } from './render.ts';
import type { ReportOptions } from './report.ts';
import { reportError } from './report-error.ts';
import { addRun } from './run-command.ts';
import { eraFlag, TLS_FLAGS, withProfileFlags } from './shared-flags.ts';
import { SHELLS, type Shell } from './shells.ts';

let exitCode: number = EXIT.pass;
let use: Use = 'other';

/** Of TCP. */
const LAST_PORT = 65_535;
const KINDS = alternatives(CONFIG_KINDS);

const program = new Command('paceline')
  .description(
    'Load-tests MCP fleets the way real agents call them, and measures what sticky sessions cost or break, what the auth check on every call costs, and what caching for ttlMs saves.',
  )
  .version(VERSION)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(paceline --help lists the commands, paceline COMMAND --help its flags)');

addRun(program, (code, made) => {
  exitCode = code;
  use = made;
});

withProfileFlags(program.command('validate'))
  .description('check a profile and report all of its problems; start and contact nothing')
  .addHelpText('after', `${VALIDATE_EXAMPLES}${THRESHOLDS}`)
  .action(async (profile: string, options: ProfileOptions) => {
    const { validate } = await import('./validate.ts');
    exitCode = await validate(profile, options);
  });

withProfileFlags(program.command('fleet'))
  .description('start a profile’s fleet and balancer and keep them running, for other tools to load')
  .option('--variant <name>', 'the variant to start (default: the first)')
  .option('--json', 'print {"url", "instances"} as one line on stdout when ready', false)
  .option('--token-file <file>', 'write the access tokens of the agents there, one a line')
  .addHelpText('after', FLEET_EXAMPLES)
  .action(async (profile: string, options: FleetOptions) => {
    const { fleet } = await import('./fleet.ts');
    exitCode = await fleet(profile, options);
  });

program
  .command('report')
  .argument('<result>', 'a result.json, or the folder of a run')
  .description('render a saved result')
  .option('--format <format>', FORMATS.join(', '), 'html')
  .option(
    '--out <folder>',
    'write files there (default: stdout; on a terminal, and for several files, beside the result)',
  )
  .option('--audit <file>', 'a file of paceline audit --json, as a section of the page')
  .option('--otlp <url>', 'send the metrics to this OpenTelemetry collector instead, over HTTP as JSON')
  .option('--otlp-header <name: value>', 'a header for the collector; may be repeated', collect, [])
  .addHelpText('after', REPORT_EXAMPLES)
  .action(async (result: string, options: ReportOptions) => {
    const { report } = await import('./report.ts');
    exitCode = await report(result, options);
  });

addJudgingCommands(program, (code) => {
  exitCode = code;
});

addAudit(program, (code) => {
  exitCode = code;
});

program
  .command('inspect')
  .argument('<url>', 'an MCP endpoint')
  .description(
    'check what a server says about keeping its lists, and whether they stay the same; exit with 3 if a cache would go wrong',
  )
  .addOption(eraFlag('it'))
  .option('--header <name: value>', 'a header for every request; may be repeated', collect, [])
  .option(
    '--identity <name=header: value>',
    'a header of one caller, whose answers are compared with those of others; may be repeated',
    collect,
    [],
  )
  .option('--instance-header <name>', 'response header that names the instance', 'x-served-by')
  .option('--tool <name=arguments>', 'call this tool once, although that may have effects')
  .option('--json', 'print what was found on stdout', false)
  .option(...TLS_FLAGS.insecure)
  .option(...TLS_FLAGS.caFile)
  .addHelpText('after', INSPECT_EXAMPLES)
  .action(async (url: string, options: InspectOptions) => {
    const { inspectCommand } = await import('./inspect.ts');
    exitCode = await inspectCommand(url, options);
  });

program
  .command('record')
  .description('record the calls that clients make to a server in a trace, without secrets')
  .requiredOption('--target <url>', 'the MCP endpoint that the clients use')
  .requiredOption('--out <file>', 'where to write the trace; the file must not exist')
  .option(
    '--listen <port>',
    'port on 127.0.0.1 for the clients (default: a free one)',
    wholeNumber(1, LAST_PORT),
  )
  .option('--duration <duration>', 'end after this time, e.g. 10m (default: at Ctrl-C)', timeSpan)
  .option('--json', 'print {"url", "out"} as one line on stdout when ready', false)
  .option(...TLS_FLAGS.insecure)
  .option(...TLS_FLAGS.caFile)
  .addHelpText('after', RECORD_EXAMPLES)
  .action(async (options: RecordOptions) => {
    const { record } = await import('./record.ts');
    exitCode = await record(options);
  });

program
  .command('init')
  .argument('[url]', 'an MCP endpoint')
  .description(
    'print a profile for a server that runs: its safe calls, each tried once, and a rate to begin with',
  )
  .option('--from <file>', 'take URL and headers from the configuration of an MCP client (mcp.json)')
  .option('--server <name>', 'which server of that file, if it has several')
  .addOption(eraFlag('it'))
  .option('--header <name: value>', 'a header for every request; may be repeated', collect, [])
  .option(
    '--allow <tool>',
    'call this tool too, although that may have effects; may be repeated',
    collect,
    [],
  )
  .option(...TLS_FLAGS.insecure)
  .option(...TLS_FLAGS.caFile)
  .addHelpText('after', INIT_EXAMPLES)
  .action(async (url: string | undefined, options: InitCommandOptions) => {
    const { init } = await import('./init.ts');
    exitCode = await init(url, options);
  });

program
  .command('calibrate')
  .description('measure the generator’s maximum throughput on this machine')
  .option('--json', 'print the calibration on stdout', false)
  .option('--out <file>', 'where to store it', CALIBRATION_FILE)
  .addHelpText('after', CALIBRATE_EXAMPLES)
  .action(async (options: CalibrateOptions) => {
    const { calibrateCommand } = await import('./calibrate.ts');
    exitCode = await calibrateCommand(options);
  });

const balancer = program
  .command('balancer')
  .description('render and lint balancer configurations')
  .addHelpText('after', BALANCER_EXAMPLES);

balancer
  .command('lint')
  .argument('<file>', 'a configuration of nginx, HAProxy, Envoy, or Kubernetes and Istio')
  .description('find session routing, streaming and retry mistakes; exit with 3 if any of them is an error')
  .option('--kind <kind>', `${KINDS} (default: detected from the content)`)
  .option('--json', 'print the findings on stdout', false)
  .addHelpText('after', LINT_EXAMPLES)
  .action(async (file: string, options: LintOptions) => {
    const { lint } = await import('./lint.ts');
    exitCode = await lint(file, options);
  });

balancer
  .command('render')
  .argument('<kind>', KINDS)
  .argument('<profile>', 'a YAML profile')
  .description('print a commented production configuration for the fleet and policy of a profile')
  .option('--variant <name>', 'the variant to render (default: the first)')
  .option('--set <path=value>', 'override a key of the profile, e.g. balancer.policy=sticky', collect, [])
  .addHelpText('after', RENDER_EXAMPLES)
  .action(async (kind: string, profile: string, options: RenderOptions) => {
    const { render } = await import('./render.ts');
    exitCode = await render(kind, profile, options);
  });

program
  .command('completion')
  .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
  .description('print a script that completes commands and options in a shell')
  .addHelpText('after', COMPLETION_EXAMPLES)
  .action(async (shell: Shell) => {
    const { completion } = await import('./completion.ts');
    exitCode = await completion(program, shell);
  });

let isOutputLost = false;
process.stdout.on('error', reportLostOutput);
process.stderr.on('error', () => undefined);

void main();

async function main(): Promise<void> {
  let hasFailed = false;
  try {
    await program.parseAsync();
  } catch (error) {
    exitCode = await reportError(error);
    // `--help` ends in an exception too.
    hasFailed = exitCode !== EXIT.pass;
  }
  process.exitCode = isOutputLost && exitCode === EXIT.pass ? EXIT.usage : exitCode;
  // A command that failed early has used few of the functions of what it loaded.
  if (!hasFailed) storeCompiled(use);
}

/** Says once that stdout cannot be written. A closed pipe (`| head`) ends the output only: nobody reads it any more. */
function reportLostOutput({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE' || isOutputLost) return;
  isOutputLost = true;
  console.error(
    `paceline: stdout: cannot be written (${code ?? message}) (free up space, or send it elsewhere)`,
  );
  process.exitCode ||= EXIT.usage;
}
