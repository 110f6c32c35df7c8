/** @module `paceline balancer render KIND PROFILE`: prints a balancer configuration for the topology of a profile. */
import { renderConfig } from '../balancer/config/render/render.ts';
import { readProfile } from '../experiment/read-profile.ts';
import { CONFIG_KINDS } from '../profile/balancer-kinds.ts';
import { ERAS } from '../profile/kinds.ts';
import { MCP_PATH } from '../server/instance.ts';
import { UserError } from '../units/user-error.ts';
import { alternatives } from '../units/words.ts';
import { EXIT } from './exit.ts';
import { profileFlags } from './options.ts';
import { openTerminal } from './terminal.ts';
import { chooseVariant } from './variants.ts';

export interface RenderOptions {
  readonly variant?: string;
  readonly set: readonly string[];
}

/** Prints the configuration for one variant on stdout; resolves with the exit code. */
export async function render(kind: string, file: string, options: RenderOptions): Promise<number> {
  const known = CONFIG_KINDS.find((each) => each === kind);
  if (known === undefined) {
    throw new UserError({
      where: 'balancer render',
      what: `unknown kind of configuration "${kind}"`,
      expected: CONFIG_KINDS.join(', '),
    });
  }
  const profile = await readProfile(file, profileFlags(options));
  const { endpoint, balancer } = chooseVariant(profile, options.variant).settings;
  if (endpoint.kind !== 'fleet' || balancer === undefined) {
    throw new UserError({
      where: file,
      what: 'there is no balancer to render: the profile has a target',
      expected: 'a profile with fleet:',
    });
  }
  const { policy, http = '1.1', tls = false } = balancer;
  const { era, instances, server, instanceHeader } = endpoint;
  if (era === 'auto') {
    throw new UserError({
      where: 'fleet.era',
      what: 'auto is detected at a running server, and nothing is started here',
      expected: alternatives(ERAS),
      todo: `add --set fleet.era=${ERAS[0]}`,
    });
  }
  const path = typeof server === 'string' ? MCP_PATH : server.path;
  const text = renderConfig(known, { policy, era, upstreams: instances, path, instanceHeader, http, tls });
  await openTerminal({ quiet: true, data: true }).print(text);
  return EXIT.pass;
}
