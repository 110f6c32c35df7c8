/** @module The part `credentials`: the tokens of all agents of a load on a fleet, from its authorization server. */
import type { AskAuthority } from '../../authority/authority.ts';
import { type Http, openHttp } from '../../credentials/http.ts';
import type { IssuedToken } from '../../credentials/issued-token.ts';
import type { LoadAuth, LoadIdentity } from '../../generator/engine/load-auth.ts';
import type { Settings } from '../../profile/settings.ts';
import { FleetCredentials, issueAll } from '../credentials/fleet-credentials.ts';
import { fleetPolicy } from '../credentials/fleet-policy.ts';
import { FleetTokens } from '../credentials/fleet-tokens.ts';
import { type AgentGroup, groupsOf } from '../credentials/group.ts';
import { expiryOf } from '../credentials/held-tokens.ts';
import { poolSizes } from '../credentials/pool.ts';
import { expectedOf, type RightsOptions, refusalOf } from '../credentials/rights.ts';
import type { Part, StartContext, StartedPart } from '../part.ts';

/** Token requests under way at most: the authorization server works on one at a time. */
const IN_FLIGHT = 24;

/**
 * The tokens for `settings`: one for each agent, renewed in time, or a pool with one for each call. `seed` decides which agents an
 * event concerns. Tells the checks of the fleet under which URL clients reach it, because tokens are for this URL.
 */
export function credentialsPart(settings: Settings, seed: number): Part {
  return {
    async start(context) {
      const http = openHttp(IN_FLIGHT);
      try {
        return await startWith(http, settings, seed, context);
      } catch (error) {
        await http.close();
        throw error;
      }
    },
  };
}

async function startWith(
  http: Http,
  settings: Settings,
  seed: number,
  { offered, signal, onPreparing }: StartContext,
): Promise<StartedPart> {
  const { authority, endpoint, authControls, guardOf } = offered;
  if (authority === undefined || endpoint === undefined)
    throw new Error('No earlier part offers an authorization server and an endpoint');
  const { auth, identities, load, calls } = settings;
  const { url } = endpoint;
  const groups = groupsOf(identities);
  const rights = { auth, calls, policy: await fleetPolicy(guardOf), seed };
  const proofs = auth.mode === 'dpop' ? auth.algorithm : undefined;
  const fleet = new FleetTokens({ authority, http, resource: url, revocation: auth.revocation, proofs });
  const loadIdentities = groups.map((group) => identityOf(group, fleet, rights));
  await authControls.publish?.(url);
  const counts = auth.per === 'call' ? poolSizes(load, groups) : groups.map(({ agents }) => agents.length);
  const of = counts.reduce((sum, count) => sum + count, 0);
  const onDone = (done: number): void => onPreparing?.({ what: 'tokens', done, of });
  const tokens = await issueAll(groups, counts, fleet, { limit: IN_FLIGHT, signal, onDone });
  const offer = loadAuth(settings, url, loadIdentities, tokens);
  if (offer.perCall) return perCall(offer, authority.ask, http);
  const options = { groups, fleet, ask: authority.ask, rights, seed, limit: IN_FLIGHT };
  const credentials = new FleetCredentials(options, tokens);
  return {
    offers: {
      credentials: { auth: offer, subscribe: (listener) => credentials.subscribe(listener) },
      authControls: {
        revoke: (event, planned) => credentials.revoke(event, planned),
        removeScope: (event, planned) => credentials.removeScope(event, planned),
        rotateKeys: () => credentials.rotateKeys(),
      },
    },
    notes: () => credentials.notes(),
    async stop() {
      await credentials.stop();
      await http.close();
    },
  };
}

/** Tokens that are used once are neither renewed nor revoked. */
function perCall(auth: LoadAuth, ask: AskAuthority, http: Http): StartedPart {
  const rotateKeys = async (): Promise<void> => {
    await ask({ kind: 'rotate' });
  };
  return {
    offers: { credentials: { auth, subscribe: () => {} }, authControls: { rotateKeys } },
    notes: () => [],
    stop: () => http.close(),
  };
}

function loadAuth(
  { auth, events }: Settings,
  url: string,
  identities: LoadAuth['identities'],
  tokens: readonly (IssuedToken | null)[],
): LoadAuth {
  const { mode, graceUs, timing } = auth;
  return {
    scheme: mode === 'dpop' ? 'DPoP' : 'Bearer',
    mode,
    identities,
    tokens: tokens.map((token) => token?.value ?? null),
    expiresAtEpochMs: tokens.map(expiryOf),
    perCall: auth.per === 'call',
    url,
    graceUs,
    timing,
    keepsSentLog: auth.audit !== false && mode !== 'none',
    events: events.map(({ kind }) => kind),
  };
}

function identityOf(group: AgentGroup, fleet: FleetTokens, rights: RightsOptions): LoadIdentity {
  const { identity } = group;
  const { name, agents, scopes } = identity;
  const expected = expectedOf(group, scopes, rights);
  const refusal = refusalOf(identity, expected);
  const key = fleet.keyOf(group);
  return { name, agents, expected, ...(refusal !== undefined && { refusal }), ...(key && { key }) };
}
