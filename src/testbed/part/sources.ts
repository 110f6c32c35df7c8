/**
 * @module The part `sources`: the tokens of all agents of a load on a server that has an authorization server of its own. It starts
 * first, because the other parts send a token when they probe the server.
 */
import { isDeepStrictEqual } from 'node:util';
import { openHttp } from '../../credentials/http.ts';
import type { SourceContext, Supplied } from '../../credentials/source/source.ts';
import { openSource } from '../../credentials/source/table.ts';
import { trusting } from '../../driver/endpoint.ts';
import type { LoadAuth } from '../../generator/engine/load-auth.ts';
import type { IdentitySettings, Settings } from '../../profile/settings.ts';
import { UserError } from '../../units/user-error.ts';
import { groupsOf } from '../credentials/group.ts';
import { expiryOf } from '../credentials/held-tokens.ts';
import { SourceCredentials, type SourcedGroup, supplyAll } from '../credentials/source-credentials.ts';
import type { Part } from '../part.ts';
import type { TlsOptions } from '../probe.ts';

/** Requests under way at most. */
const IN_FLIGHT = 16;

/** The tokens for `settings`, one for each agent where the source gives more than one. `tls`: how authorization servers are verified. */
export function sourcesPart(settings: Settings, { tls }: TlsOptions): Part {
  return {
    async start({ signal, onPreparing }) {
      const { caFile, insecure } = tls;
      const trust = { insecure, ...(caFile !== undefined && { secureContext: trusting(caFile) }) };
      const http = openHttp(IN_FLIGHT, trust);
      const context = { environment: process.env, http, url: urlOf(settings) };
      const groups = groupsOf(settings.identities).map((group) => withSource(group, context));
      try {
        const of = settings.load.agents;
        const onDone = (done: number): void => onPreparing?.({ what: 'tokens', done, of });
        const all = await supplyAll(groups, { limit: IN_FLIGHT, signal, onDone });
        const credentials = new SourceCredentials(
          groups,
          all.map(({ token }) => token),
        );
        const auth = loadAuth(settings, all);
        return {
          offers: { credentials: { auth, subscribe: (listener) => credentials.subscribe(listener) } },
          notes: () => credentials.notes(),
          async stop() {
            await credentials.stop();
            await http.close();
          },
        };
      } catch (error) {
        await http.close();
        throw error;
      }
    },
  };
}

function withSource(
  group: ReturnType<typeof groupsOf>[number],
  context: Omit<SourceContext, 'where' | 'scopes'>,
): SourcedGroup {
  const { name, token, scopes } = group.identity;
  if (typeof token === 'string') return group;
  return { ...group, source: openSource(token, { ...context, where: `identities ${name}`, scopes }) };
}

/** The URL that tokens are for. That of a fleet is not known yet. */
function urlOf({ endpoint }: Settings): string | undefined {
  if (endpoint.kind === 'fleet') return undefined;
  return endpoint.kind === 'target' ? endpoint.url : endpoint.urls[0];
}

function loadAuth(settings: Settings, all: readonly Supplied[]): LoadAuth {
  const { auth, identities, calls } = settings;
  const headers = sharedHeaders(all);
  return {
    scheme: 'Bearer',
    mode: 'target',
    identities: identities.map((identity) => {
      const refusal = refusalOf(identity);
      return {
        name: identity.name,
        agents: identity.agents,
        expected: calls.map(() => identity.expect),
        ...(refusal !== undefined && { refusal }),
      };
    }),
    tokens: all.map(({ token }) => token?.value ?? null),
    expiresAtEpochMs: all.map(({ token }) => expiryOf(token)),
    ...(headers && { headers }),
    perCall: false,
    url: urlOf(settings) ?? '',
    graceUs: auth.graceUs,
    timing: auth.timing,
    keepsSentLog: typeof auth.audit === 'object',
    events: [],
  };
}

function refusalOf({ token, expect }: IdentitySettings): string | undefined {
  switch (expect) {
    case 'allow':
      return undefined;
    case 'forbidden':
      return 'wrong-scope';
    case 'unauthorized':
      return typeof token === 'string' ? token : 'refused';
  }
}

/** Headers besides the token are those of all agents. */
function sharedHeaders(all: readonly Supplied[]): Readonly<Record<string, string>> | undefined {
  const { headers } = all[0]!;
  if (all.some((each) => !isDeepStrictEqual(each.headers, headers))) {
    throw new UserError({
      where: 'identities',
      what: 'an mcp.json has headers besides Authorization, and not every identity has the same ones',
      expected: 'the same source for all identities, or headers that all agents send in target.headers',
    });
  }
  return Object.keys(headers).length === 0 ? undefined : headers;
}
