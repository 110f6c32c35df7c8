/** @module Flags that several commands have. */
import { type Command, Option } from 'commander';
import { ERAS } from '../profile/kinds.ts';
import { collect, wholeNumber } from './options.ts';

/** What commands that run trials write, and where. */
export const RUN_FLAGS = {
  out: ['--out <folder>', 'where to write (default: results/<time>-<profile>/)'],
  keep: [
    '--keep <folder>',
    'keep generated configurations, the output of servers and balancers, and recordings in this folder',
  ],
  force: ['--force', 'overwrite what another run has left in --out and --keep', false],
} as const;

/** The revision of the protocol that `who` speaks. */
export const eraFlag = (who: string): Option =>
  new Option('--era <era>', `revision of the protocol that ${who} speaks`)
    .choices(['auto', ...ERAS])
    .default('auto');

/** How certificates of `https` servers are checked. */
export const TLS_FLAGS = {
  insecure: ['--insecure', 'accept any TLS certificate', false],
  caFile: ['--ca-file <pem>', 'trust these certificate authorities'],
} as const;

/** The argument and the flags of a profile. `what`: of profiles that are run as they are, or of their sides, which have targets of their own. */
export function withProfileFlags(command: Command, what: 'profile' | 'sides' = 'profile'): Command {
  command.argument('<profile>', 'a YAML profile; - reads it from standard input');
  if (what === 'profile')
    command.option('--target <url>', 'an MCP endpoint to use in place of the profile’s fleet or target');
  return command
    .option('--header <name: value>', 'a header for every request; may be repeated', collect, [])
    .option(
      '--set <path=value>',
      'override a key of the profile, e.g. load.rate=400/s; may be repeated',
      collect,
      [],
    )
    .option('--seed <n>', 'seed of arrivals, agents, arguments and order', wholeNumber(0), 1)
    .option(...TLS_FLAGS.insecure)
    .option(...TLS_FLAGS.caFile);
}
