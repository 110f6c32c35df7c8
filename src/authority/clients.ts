/** @module The clients of the authorization server, as its library reads them. */
import type { Adapter, AdapterPayload, ClientMetadata } from 'oidc-provider';
import type { AuthorityClient, AuthorityInput } from './authority.ts';
import { OF_USERS } from './store.ts';

const fixed = async (): Promise<void> => {};

/** The resource server: it may introspect, and gets no token. */
export function resourceServerOf({ resourceServer }: AuthorityInput): ClientMetadata {
  return { ...bySecret(resourceServer), grant_types: [] };
}

/**
 * Gives the clients of `input` that get tokens. The library knows one way of authentication per client. Ours may use their secret or
 * their key, so what is given depends on whether the request that is served has an assertion.
 */
export function clientAdapter(input: AuthorityInput, hasAssertion: () => boolean): Adapter {
  const clients = new Map(input.clients.map((client) => [client.id, client]));
  return {
    ...OF_USERS,
    async find(id) {
      const client = clients.get(id);
      if (client === undefined) return undefined;
      return (hasAssertion() ? byKey(client) : bySecret(client)) as AdapterPayload;
    },
    upsert: fixed,
    destroy: fixed,
  };
}

/** In the header `Authorization` or in the body (RFC 6749, 2.3.1). */
function bySecret({ id, secret }: Pick<AuthorityClient, 'id' | 'secret'>): ClientMetadata {
  return {
    client_id: id,
    client_secret: secret,
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: [],
  };
}

/** RFC 7523, 2.2. Without a key no assertion is accepted. */
function byKey({ id, jwk }: AuthorityClient): ClientMetadata {
  return {
    client_id: id,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: jwk === undefined ? [] : [jwk] } as NonNullable<ClientMetadata['jwks']>,
    redirect_uris: [],
  };
}
