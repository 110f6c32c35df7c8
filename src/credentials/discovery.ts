/** @module Finds the authorization server of an MCP server. Source: MCP, Authorization Server Discovery; RFC 9728; RFC 8414. */
import { parseChallenges } from '../protocol/authorization/challenge.ts';
import { resourceMetadataUrls, serverMetadataUrls } from '../protocol/authorization/metadata.ts';
import { discover } from '../protocol/stateless.ts';
import { UserError } from '../units/user-error.ts';
import type { Http, HttpAnswer } from './http.ts';
import { type JsonObject, parseJsonObject } from './json-object.ts';

/** What an MCP server says about its tokens. */
export interface ProtectedResource {
  /** The URL that tokens are for. */
  readonly resource: string;
  readonly issuer: string;
  /** Scopes that it asks for; empty: it says none. */
  readonly scopes: readonly string[];
}

/** What an authorization server says of itself. */
export interface AuthorizationServer {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /** How clients may authenticate; undefined: not said. */
  readonly authMethods: readonly string[] | undefined;
  /** Algorithms of assertions; undefined: not said. */
  readonly signingAlgorithms: readonly string[] | undefined;
}

/** Asks the MCP server at `url` for its authorization server. Rejects with a `UserError` when it names none. */
export async function findResource(
  http: Http,
  url: string,
  signal?: AbortSignal,
): Promise<ProtectedResource> {
  const { named, scopes } = await challengeOf(http, url, signal);
  const tried = resourceMetadataUrls(url, named);
  for (const at of tried) {
    const metadata = await metadataAt(http, 'the server', at, signal);
    const [issuer] = textsIn(metadata?.['authorization_servers']) ?? [];
    if (metadata === undefined || issuer === undefined) continue;
    const { resource = url } = metadata;
    if (!isOf(url, resource)) {
      throw new UserError({
        where: at,
        what: `the metadata is of another resource than ${url} (${String(resource)})`,
        todo: 'use the URL under which the server knows itself',
      });
    }
    const supported = textsIn(metadata['scopes_supported']) ?? [];
    return { resource: String(resource), issuer, scopes: scopes ?? supported };
  }
  throw new UserError({
    where: url,
    what: `the server names no authorization server (no metadata at ${tried.join(', ')})`,
    todo: 'set issuer in the token of the identity',
  });
}

/** Reads the metadata of `issuer`. Rejects with a `UserError` when there is none, or it is of another issuer. */
export async function findServer(
  http: Http,
  issuer: string,
  signal?: AbortSignal,
): Promise<AuthorizationServer> {
  const tried = isHttpUrl(issuer) ? serverMetadataUrls(issuer) : [];
  let other: { readonly at: string; readonly issuer: string } | undefined;
  for (const at of tried) {
    const metadata = await metadataAt(http, 'the authorization server', at, signal);
    if (metadata === undefined) continue;
    const { issuer: own, token_endpoint: tokenEndpoint } = metadata;
    // Metadata of another issuer is not used: it could lead the credentials elsewhere (RFC 8414, section 3.3).
    if (own !== issuer) other ??= { at, issuer: String(own) };
    else if (typeof tokenEndpoint === 'string' && isHttpUrl(tokenEndpoint)) {
      const authMethods = textsIn(metadata['token_endpoint_auth_methods_supported']);
      const signingAlgorithms = textsIn(metadata['token_endpoint_auth_signing_alg_values_supported']);
      return { issuer, tokenEndpoint, authMethods, signingAlgorithms };
    }
  }
  if (other !== undefined) {
    throw new UserError({
      where: other.at,
      what: `the metadata is of the issuer ${other.issuer}`,
      expected: issuer,
      todo: 'set issuer to the exact text in the metadata, or correct the metadata',
    });
  }
  throw new UserError({
    where: issuer,
    what: `no authorization server is found (no metadata with a token endpoint at ${tried.join(', ')})`,
    todo: 'check issuer, and that the authorization server is running',
  });
}

/** What the server asks for in its answer to a request without a token. */
async function challengeOf(
  http: Http,
  url: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly named?: string | undefined; readonly scopes?: readonly string[] }> {
  const { head, body } = discover(0, {});
  const pairs = head.headers.flatMap((name, index) =>
    index % 2 === 0 ? [[name, head.headers[index + 1]!] as const] : [],
  );
  const headers = Object.fromEntries(pairs);
  const answer = await http.exchange({ of: 'the server', method: 'POST', url, headers, body }, signal);
  if (answer.status !== 401) return {};
  const challenges = parseChallenges(fieldOf(answer, 'www-authenticate'));
  const params = challenges.find(
    ({ params }) => params.has('resource_metadata') || params.has('scope'),
  )?.params;
  const scope = params?.get('scope');
  return {
    named: params?.get('resource_metadata'),
    ...(scope !== undefined && { scopes: scope.split(' ').filter((each) => each !== '') }),
  };
}

const fieldOf = ({ headers }: HttpAnswer, name: string): string => [headers[name] ?? []].flat().join(', ');

/** The document at `url` on `of`; `undefined` when there is none. */
async function metadataAt(
  http: Http,
  of: 'the server' | 'the authorization server',
  url: string,
  signal: AbortSignal | undefined,
): Promise<JsonObject | undefined> {
  const headers = { accept: 'application/json' };
  const { status, body } = await http.exchange({ of, method: 'GET', url, headers }, signal);
  return status === 200 ? parseJsonObject(body) : undefined;
}

/** Whether `resource` is `url`, or a part of its path: then a token for it is for the server too. */
function isOf(url: string, resource: unknown): boolean {
  if (typeof resource !== 'string' || !isHttpUrl(resource)) return false;
  const [whole, part] = [new URL(url), new URL(resource)];
  const path = part.pathname.endsWith('/') ? part.pathname : `${part.pathname}/`;
  return whole.origin === part.origin && `${whole.pathname}/`.startsWith(path);
}

const textsIn = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined;

const isHttpUrl = (text: string): boolean => /^https?:/i.test(text) && URL.canParse(text);
