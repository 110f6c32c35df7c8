/** @module Configures the library that is the authorization server: OAuth 2.0 with the grant `client_credentials` and nothing else. */
import type { AdapterFactory, Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { AuthorityInput } from './authority.ts';
import { clientAdapter, resourceServerOf } from './clients.ts';
import type { SigningKey, SigningKeys } from './signing-key.ts';

type Library = typeof import('oidc-provider');

/** Paths of the endpoints. */
export const ROUTES = {
  token: '/token',
  introspection: '/introspect',
  revocation: '/revoke',
  jwks: '/jwks',
} as const;

export interface ProviderOptions {
  readonly issuer: string;
  readonly input: AuthorityInput;
  /** The first one signs; the JWKS has all. */
  readonly keys: SigningKeys;
  readonly store: AdapterFactory;
}

/** An authorization server that answers requests with its `callback()`. It listens on no port. */
export async function createProvider(options: ProviderOptions): Promise<Provider> {
  const library = await loadLibrary();
  const provider = new library.Provider(options.issuer, configurationOf(options, library));
  provider.on('server_error', (_context, error) => {
    process.stderr.write(`${error.stack}\n`);
  });
  return provider;
}

/** Loads it without its warning that it is meant for Node 22: the version in use passes our tests with Node 20. */
async function loadLibrary(): Promise<Library> {
  const { warn } = console;
  console.warn = () => {};
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}

function configurationOf({ input, keys, store }: ProviderOptions, library: Library): Configuration {
  const { algorithm, resourceServer } = input;
  const hasAssertion = (): boolean => library.Provider.ctx?.oidc.params?.['client_assertion'] !== undefined;
  const clients = clientAdapter(input, hasAssertion);
  return {
    clients: [resourceServerOf(input)],
    adapter: (kind: string) => (kind === 'Client' ? clients : store(kind)),
    jwks: { keys: keys.map((key) => ({ ...key })) } as NonNullable<Configuration['jwks']>,
    routes: ROUTES,
    scopes: [...new Set(input.clients.flatMap(({ scopes }) => scopes))],
    responseTypes: [],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    clientDefaults: {
      grant_types: ['client_credentials'],
      response_types: [],
      // Not used; but its default, RS256, needs a key of that kind.
      id_token_signed_response_alg: algorithm,
    },
    ttl: { ClientCredentials: Math.max(1, Math.round(input.lifetimeUs / 1e6)) },
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: resourceIndicatorsOf(input, keys[0], library),
      introspection: {
        enabled: true,
        allowedPolicy: (_context, client) => client.clientId === resourceServer.id,
      },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, client, token) => client.clientId === token.clientId,
      },
      dPoP: { enabled: true },
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
    },
  };
}

type ResourceIndicators = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>;

/** RFC 8707: every URL on loopback is a resource, and the audience of the tokens for it. A client gets the scopes that it has and asks for. */
function resourceIndicatorsOf(
  { algorithm, tokens, clients }: AuthorityInput,
  { kid }: SigningKey,
  { errors }: Library,
): ResourceIndicators {
  const scopes = new Map(clients.map(({ id, scopes }) => [id, scopes.join(' ')]));
  return {
    enabled: true,
    defaultResource(_context: KoaContextWithOIDC): never {
      throw new errors.InvalidTarget('the parameter resource is required');
    },
    getResourceServerInfo(_context, resource, client) {
      if (!isLoopback(resource)) throw new errors.InvalidTarget('the resource is not on loopback');
      return {
        audience: resource,
        scope: scopes.get(client.clientId) ?? '',
        accessTokenFormat: tokens,
        jwt: { sign: { alg: algorithm, kid } },
      };
    },
  };
}

function isLoopback(url: string): boolean {
  return /^(localhost|\[::1\]|127(\.\d+){3})$/.test(new URL(url).hostname);
}
