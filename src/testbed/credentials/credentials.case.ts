/** @module A testbed of an authorization server and the credentials of agents, without a fleet. */
import { startHere } from '../../authority/here.case.ts';
import type { AuthUpdate } from '../../generator/engine/load-auth.ts';
import { parseProfile } from '../../profile/profile.ts';
import type { Settings } from '../../profile/settings.ts';
import { authorityPart } from '../part/authority.ts';
import { credentialsPart } from '../part/credentials.ts';
import { guardsPart } from '../part/guards.ts';
import { type Part, passive, type StartContext } from '../part.ts';
import { startTestbed, type Testbed } from '../testbed.ts';

export const URL = 'http://127.0.0.1:4321/mcp';

/** Settings of a fleet with 10 agents, and `lines` of a profile. */
export function settingsWith(...lines: readonly string[]): Settings {
  const text = ['version: 1', 'fleet: { server: lean }', ...lines];
  const has = (key: string): boolean => lines.some((line) => line.startsWith(`${key}:`));
  if (!has('load')) text.push('load: { rate: 10/s, agents: 10, warmup: 0s, duration: 1s }');
  if (!has('calls')) text.push('calls: [{ tool: echo }, { list: tools }]');
  return parseProfile(text.join('\n'), 'p.yaml').variants[0]!.settings;
}

/** What a fleet offers to the credentials. `published` gets the URL that its checks are told. */
const fleet = (published: string[]): Part => ({
  start: async () =>
    passive({
      endpoint: { url: URL, era: 'stateless', headers: {} },
      authControls: {
        publish: async (url) => {
          published.push(url);
        },
      },
    }),
});

/** A started testbed with credentials, and the updates it gives. */
export interface CredentialsTestbed extends Testbed {
  readonly credentials: NonNullable<Testbed['credentials']>;
  readonly authority: NonNullable<Testbed['authority']>;
  readonly published: readonly string[];
  readonly updates: readonly AuthUpdate[];
}

/** Starts the authorization server and the credentials for `settings`. */
export async function startCredentials(
  settings: Settings,
  context: Pick<StartContext, 'signal' | 'onPreparing'> = {},
): Promise<CredentialsTestbed> {
  const published: string[] = [];
  const parts = [
    authorityPart(settings, startHere),
    guardsPart({ ...settings.auth, audit: false }),
    fleet(published),
    credentialsPart(settings, 1),
  ];
  const testbed = await startTestbed(parts, context);
  const { credentials, authority } = testbed;
  if (credentials === undefined || authority === undefined) throw new Error('it has no credentials');
  const updates: AuthUpdate[] = [];
  return { ...testbed, credentials, authority, published, updates };
}
