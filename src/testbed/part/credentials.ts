/** @module The part `credentials`: the tokens of all agents of a load on a fleet, from its authorization server. */
import { openHttp } from '../../credentials/http.ts';
import type { LoadAuth } from '../../generator/engine/load-auth.ts';
import type { Settings } from '../../profile/settings.ts';
import { FleetTokens } from '../credentials/fleet-tokens.ts';
import { groupsOf } from '../credentials/group.ts';
import { expectedOf, refusalOf } from '../credentials/rights.ts';
import type { Part } from '../part.ts';

/** Token requests under way at most. */
const IN_FLIGHT = 24;

/** The tokens for `settings`. `seed` decides which agents an event concerns. */
export function credentialsPart(settings: Settings, _seed: number): Part {
  return {
    async start({ offered: { authority, endpoint, authControls }, signal }) {
      if (authority === undefined || endpoint === undefined)
        throw new Error('No earlier part offers an authorization server and an endpoint');
      const { auth, identities } = settings;
      await authControls.publish?.(endpoint.url);
      const http = openHttp(IN_FLIGHT);
      const scheme = auth.mode === 'dpop' ? 'DPoP' : 'Bearer';
      const fleet = new FleetTokens({
        authority,
        http,
        resource: endpoint.url,
        proofs: scheme === 'DPoP' ? auth.algorithm : undefined,
      });
      try {
        const groups = groupsOf(identities);
        const tokens: (string | null)[] = [];
        for (const { identity, agents } of groups) {
          const issued = await fleet.issue(identity, identity.scopes, agents.length, {
            limit: IN_FLIGHT,
            signal,
          });
          for (const token of issued) tokens.push(token?.value ?? null);
        }
        const offer: LoadAuth = {
          scheme,
          mode: auth.mode,
          identities: groups.map(({ identity }) => {
            const expected = expectedOf(settings, identity, identity.scopes);
            const refusal = refusalOf(identity, expected);
            const key = fleet.keyOf(identity);
            return {
              name: identity.name,
              agents: identity.agents,
              expected,
              ...(refusal !== undefined && { refusal }),
              ...(key && { key }),
            };
          }),
          tokens,
          perCall: false,
          url: endpoint.url,
          graceUs: auth.graceUs,
          timing: auth.timing,
          keepsSentLog: auth.audit !== false && auth.mode !== 'none',
          events: settings.events.map(({ kind }) => kind),
        };
        return {
          offers: { credentials: { auth: offer, subscribe: () => {} } },
          notes: () => [],
          stop: () => http.close(),
        };
      } catch (error) {
        await http.close();
        throw error;
      }
    },
  };
}
