/** @module The command `audit`: a target or a profile is audited for hidden sessions; anything else is an audit log. */
import { type Command, Option } from 'commander';
import { SESSION_AUDIT_FORMATS } from '../report/session-audit/names.ts';
import type { AuditOptions } from './audit.ts';
import { AUDIT_EXAMPLES, CTRL_C_AUDIT } from './help.ts';
import { collect, timeSpan, wholeNumber } from './options.ts';
import { eraFlag, TLS_FLAGS } from './shared-flags.ts';

/** Adds it to `program`. `end` is told its exit code. */
export function addAudit(program: Command, end: (exitCode: number) => void): void {
  program
    .command('audit')
    .argument('<what...>', 'an MCP endpoint, a profile (.yaml), or audit logs: a JSON line for each decision')
    .description(
      'find what depends on the instance that a call reaches, and exit with 3 if there is anything; or summarise audit logs, and exit with 3 if one holds a token, or decisions about a call contradict each other',
    )
    .option(
      '--instance <url>',
      'one instance behind the endpoint, at its own address; may be repeated',
      collect,
      [],
    )
    .option(
      '--allow <tool>',
      'call this tool, although it does not say that it only reads; may be repeated',
      collect,
      [],
    )
    .option('--header <name: value>', 'a header for every request; may be repeated', collect, [])
    .option(
      '--identity <name=header: value>',
      'a header of one caller; with several callers, decisions are compared; may be repeated',
      collect,
      [],
    )
    .addOption(eraFlag('the endpoint'))
    .option('--instance-header <name>', 'response header that names the instance', 'x-served-by')
    .option('--variant <name>', 'the variant of the profile (default: the first)')
    .option('--set <path=value>', 'override a key of the profile; may be repeated', collect, [])
    .option('--seed <n>', 'seed of arguments, and of the order of instances', wholeNumber(0), 1)
    .addOption(new Option('--budget <time>', 'end within this time').argParser(timeSpan).default(120e6, '2m'))
    .addOption(
      new Option('--format <format>', 'of what is printed').choices(SESSION_AUDIT_FORMATS).default('text'),
    )
    .addOption(new Option('--json', 'the same as --format json').default(false).conflicts('format'))
    .option(...TLS_FLAGS.insecure)
    .option(...TLS_FLAGS.caFile)
    .option(
      '--field <ours=theirs>',
      'of audit logs: where another server’s log has a field, e.g. traceparent=trace.id; may be repeated',
      collect,
      [],
    )
    .addHelpText('after', `${AUDIT_EXAMPLES}${CTRL_C_AUDIT}`)
    .action(async (what: readonly string[], options: AuditOptions) => {
      const { audit } = await import('./audit.ts');
      end(await audit(what, options));
    });
}
