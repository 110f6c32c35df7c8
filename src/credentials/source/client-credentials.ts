/** @module Source `client-credentials`: a client of an authorization server, which gives each agent a token of its own. */

import { UserError } from '../../units/user-error.ts';
import { listOf } from '../../units/words.ts';
import type { ClientAuthentication } from '../client-authentication.ts';
import { type AuthorizationServer, findResource, findServer } from '../discovery.ts';
import { readPrivateKey } from '../private-key.ts';
import { requestToken, type TokenRequest } from '../token-request.ts';
import { fileText } from './read-file.ts';
import { type OpenSource, type SourceContext, type SourceOf, supplied } from './source.ts';
import { variable } from './variable.ts';

type ClientSource = SourceOf<'client-credentials'>;

export function clientSource(client: ClientSource, context: SourceContext): OpenSource {
  let request: Promise<TokenRequest> | undefined;
  return {
    perAgent: true,
    renews: true,
    async supply(signal) {
      request ??= requestOf(client, context, signal);
      return supplied(await requestToken(context.http, await request, signal));
    },
  };
}

/** The request for every token of `client`. */
async function requestOf(
  client: ClientSource,
  context: SourceContext,
  signal: AbortSignal | undefined,
): Promise<TokenRequest> {
  const { http, url = '', scopes } = context;
  const clientId = client.clientId ?? variable(client.clientIdEnv ?? '', context);
  const own = await authenticationOf(client, context);
  const { issuer } = client;
  const found =
    issuer === undefined
      ? await findResource(http, url, signal)
      : { issuer, resource: withoutFragment(url), scopes: [] };
  const server = await findServer(http, found.issuer, signal);
  return {
    tokenEndpoint: server.tokenEndpoint,
    issuer: server.issuer,
    clientId,
    authentication: accepted(own, server, context),
    resource: client.resource ?? found.resource,
    scopes: scopes.length > 0 ? scopes : found.scopes,
  };
}

async function authenticationOf(client: ClientSource, context: SourceContext): Promise<ClientAuthentication> {
  const { secretEnv, keyEnv, keyFile, algorithm } = client;
  if (secretEnv !== undefined) return { method: 'client_secret_basic', secret: variable(secretEnv, context) };
  const { where } = context;
  const text = keyFile === undefined ? variable(keyEnv ?? '', context) : await fileText(keyFile, where);
  const from = keyFile ?? `the environment variable ${keyEnv}`;
  return { method: 'private_key_jwt', algorithm, ...readPrivateKey(text, algorithm, where, from) };
}

/**
 * `own`, in a form that the authorization server accepts: a secret may be sent in two ways. A server that says nothing about it
 * accepts Basic (RFC 8414, section 2).
 */
function accepted(
  own: ClientAuthentication,
  { issuer, authMethods, signingAlgorithms }: AuthorizationServer,
  { where }: SourceContext,
): ClientAuthentication {
  const accepts = (method: string): boolean => authMethods === undefined || authMethods.includes(method);
  if (own.method !== 'private_key_jwt' && !accepts(own.method) && accepts('client_secret_post'))
    return { ...own, method: 'client_secret_post' };
  if (!accepts(own.method)) {
    const what = `the authorization server ${issuer} does not accept ${own.method}`;
    throw new UserError({ where, what, expected: listOf(authMethods ?? []) });
  }
  if (own.method !== 'private_key_jwt' || signingAlgorithms?.includes(own.algorithm) !== false) return own;
  throw new UserError({
    where,
    what: `the authorization server ${issuer} does not accept assertions signed with ${own.algorithm}`,
    expected: listOf(signingAlgorithms),
  });
}

const withoutFragment = (url: string): string => url.replace(/#.*$/s, '');
