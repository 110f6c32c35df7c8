/** @module `paceline fleet PROFILE`: keeps fleet and balancer up in the foreground, for any other tool to load. */
import { once } from 'node:events';
import { preflight } from '../experiment/preflight.ts';
import { readProfile } from '../profile/profile.ts';
import { raiseRig } from '../testbed/testbed.ts';
import { UserError } from '../units/user-error.ts';
import { EXIT } from './exit.ts';
import { listenForInterrupt } from './interrupt.ts';
import { type ProfileOptions, profileFlags, tlsOf } from './options.ts';
import { openTerminal } from './terminal.ts';
import { chooseVariant } from './variants.ts';

export interface FleetOptions extends ProfileOptions {
  readonly variant?: string;
  readonly json: boolean;
}

/** Brings up what the profile (or one of its variants) asks for; resolves with the exit code when the user ends it. */
export async function fleet(path: string, options: FleetOptions): Promise<number> {
  const terminal = openTerminal({ quiet: false });
  const profile = await readProfile(path, profileFlags(options));
  const variant = chooseVariant(profile, options.variant);
  const { settings, name } = variant;
  if (settings.endpoint.kind === 'target') {
    throw new UserError({
      where: path,
      what: 'there is no fleet to bring up, the profile has the URL of a target',
      expected: 'a profile with fleet: or target.instances:',
    });
  }
  await preflight([variant]);
  const interrupt = listenForInterrupt(() => terminal.say('ending the fleet'));
  const rig = await raiseRig(settings, options.seed, tlsOf(options), interrupt.signal);
  terminal.say(`${name}: ${rig.instances.length} instances behind ${rig.url}; Ctrl-C ends them`);
  const instances = rig.instances.map(({ id, url }) => ({ id, url }));
  if (options.json) await terminal.print(`${JSON.stringify({ url: rig.url, instances })}\n`);
  else for (const { id, url } of instances) terminal.say(`  instance ${id}  ${url}`);
  if (!interrupt.signal.aborted) await once(interrupt.signal, 'abort');
  await rig.stop();
  for (const note of rig.notes) terminal.say(`note: ${note}`);
  return EXIT.interrupted;
}
