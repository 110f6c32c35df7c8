/** @module `paceline fleet PROFILE`: runs fleet and balancer in the foreground, for other tools to load. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { preflight } from '../experiment/preflight.ts';
import { readProfile } from '../experiment/read-profile.ts';
import { describeSystemError } from '../process/system-error.ts';
import { noteText } from '../report/note-text.ts';
import { plural } from '../report/wording.ts';
import { partsOf } from '../testbed/parts.ts';
import { startTestbed, type Testbed } from '../testbed/testbed.ts';
import { UserError } from '../units/user-error.ts';
import { EXIT } from './exit.ts';
import { listenForInterrupt } from './interrupt.ts';
import { type ProfileOptions, profileFlags, tlsOf } from './options.ts';
import { preparingOn } from './preparing.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { chooseVariant } from './variants.ts';

export interface FleetOptions extends ProfileOptions {
  readonly variant?: string;
  readonly json: boolean;
  readonly tokenFile?: string;
}

/** Starts the fleet and balancer of the profile, or of one of its variants; resolves with the exit code when the user stops it. */
export async function fleet(path: string, options: FleetOptions): Promise<number> {
  const terminal = openTerminal({ quiet: false, data: options.json });
  const profile = await readProfile(path, profileFlags(options));
  const variant = chooseVariant(profile, options.variant);
  const { settings, name } = variant;
  if (settings.endpoint.kind === 'target') {
    throw new UserError({
      where: path,
      what: 'there is no fleet to start: the profile has target.url',
      expected: 'a profile with fleet: or target.instances:',
    });
  }
  await preflight([variant]);
  const interrupt = listenForInterrupt(() => terminal.say('stopping the fleet'));
  const { signal } = interrupt;
  const prepare = preparingOn(terminal);
  const testbed = await startTestbed(partsOf(settings, options.seed, tlsOf(options)), {
    signal,
    onPreparing: (preparation) => prepare(preparation, name),
  });
  const { endpoint, instances } = testbed;
  const { caFile } = endpoint;
  const trust = caFile === undefined ? '' : ` (its certificate is in ${caFile})`;
  await orStop(testbed, () => passTokens(testbed, options.tokenFile, terminal));
  terminal.tell(
    `${name}: ${plural(instances.length, 'instance')} behind ${endpoint.url}${trust}; Ctrl-C stops them`,
  );
  if (options.json)
    await terminal.print(
      `${JSON.stringify({ url: endpoint.url, ...(caFile !== undefined && { caFile }), instances })}\n`,
    );
  else for (const { id, url } of instances) terminal.tell(`  instance ${id}  ${url}`);
  if (!signal.aborted) await once(signal, 'abort');
  const notes = testbed.notes();
  await testbed.stop();
  for (const note of notes) terminal.say(`note: ${noteText(note)}`);
  return EXIT.interrupted;
}

/** Other tools need a token where the fleet checks them. Tokens are never printed, and only the user may read the file. */
async function passTokens(
  { credentials }: Testbed,
  path: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const tokens = credentials?.auth.tokens.filter((token) => token !== null) ?? [];
  if (path === undefined) {
    if (tokens.length > 0) terminal.say('the fleet checks tokens; --token-file FILE writes them to a file');
    return;
  }
  if (tokens.length === 0) {
    throw new UserError({
      where: '--token-file',
      what: 'the fleet checks no tokens, so there is none to write',
      todo: 'set auth.mode or identities in the profile, or leave it out',
    });
  }
  try {
    await writeFile(path, tokens.map((token) => `${token}\n`).join(''), { mode: 0o600 });
  } catch (error) {
    throw new UserError({
      where: '--token-file',
      what: `${path} cannot be written: ${describeSystemError(error)}`,
      todo: 'choose another path',
    });
  }
  terminal.tell(`${plural(tokens.length, 'token is', 'tokens are')} in ${path}`);
}

/** Does `work`; when that fails, the testbed is stopped first. */
async function orStop(testbed: Testbed, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await testbed.stop();
    throw error;
  }
}
