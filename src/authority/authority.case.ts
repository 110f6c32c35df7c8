/** @module How tests speak to an authorization server: as a client, as a resource server, and with proofs of possession. */
import { randomUUID } from 'node:crypto';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JWK,
  type LocalJWKSet,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll } from 'vitest';
import type { AuthorityInput } from './authority.ts';
import { startHere } from './here.case.ts';
import type { Authority } from './start-authority.ts';

export const RESOURCE = 'http://127.0.0.1:4321/mcp';

const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });

export const READER = {
  id: 'reader',
  secret: 'a secret: with % and +',
  jwk: { ...(await exportJWK(publicKey)), alg: 'ES256' },
  scopes: ['tool:echo', 'tool:*', 'resource:db://users/*:read'],
};
/** Without a key. */
export const WRITER = { id: 'writer', secret: 'another secret', scopes: ['tool:write'] };

export const INPUT: AuthorityInput = {
  algorithm: 'ES256',
  tokens: 'jwt',
  lifetimeUs: 300e6,
  delayUs: 0,
  clients: [READER, WRITER],
  resourceServer: { id: 'resource-server', secret: 'its secret' },
};

/** Starts one that differs from {@link INPUT} by `changed`, and ends it after the suite. */
export function useAuthority(changed: Partial<AuthorityInput> = {}): { readonly running: Authority } {
  const used: { running: Authority } = { running: undefined as unknown as Authority };
  beforeAll(async () => {
    used.running = await startHere({ ...INPUT, ...changed });
  });
  afterAll(() => used.running?.stop());
  return used;
}

/** An answer in JSON. */
export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  readonly body: any;
}

/** How a request differs from the usual one: fields of the form and headers. */
export interface Changed {
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function post(url: string, { form, headers }: Changed): Promise<Answered> {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { ...headers },
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** Credentials in the header `Authorization` (RFC 6749, 2.3.1). */
export function basic({ id, secret }: { readonly id: string; readonly secret: string }): {
  readonly authorization: string;
} {
  const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Fields by which the client `reader` authenticates with its key (RFC 7523, 2.2). */
export async function assertion(
  audience: string,
  claims: Readonly<Record<string, unknown>> = {},
  expires = '2m',
): Promise<Readonly<Record<string, string>>> {
  const jwt = await new SignJWT({ jti: randomUUID(), iss: READER.id, sub: READER.id, ...claims })
    .setProtectedHeader({ alg: 'ES256' })
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(privateKey);
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: jwt,
  };
}

/** Asks for a token as `reader` with its secret, unless `changed` says otherwise. */
export function requestToken(
  { running }: { readonly running: Authority },
  changed: Changed = {},
): Promise<Answered> {
  const form = { grant_type: 'client_credentials', resource: RESOURCE, scope: 'tool:echo', ...changed.form };
  return post(running.ready.tokenEndpoint, { form, headers: changed.headers ?? basic(READER) });
}

/** Asks about a token as the resource server. */
export function introspect({ running }: { readonly running: Authority }, token: string): Promise<Answered> {
  const headers = basic(INPUT.resourceServer);
  return post(running.ready.introspectionEndpoint, { form: { token }, headers });
}

/** The published keys (JWKS) as they are now. */
export async function jwksOf({ running }: { readonly running: Authority }): Promise<readonly JWK[]> {
  const { keys } = (await (await fetch(running.ready.jwksUrl)).json()) as { readonly keys: readonly JWK[] };
  return keys;
}

/** The same, for `jwtVerify`. */
export async function keysOf(authority: { readonly running: Authority }): Promise<LocalJWKSet> {
  return createLocalJWKSet({ keys: [...(await jwksOf(authority))] });
}

/** A key of which {@link Prover.prove} makes proofs of possession (RFC 9449). */
export interface Prover {
  /** RFC 7638. */
  readonly thumbprint: string;
  prove(claims: Readonly<Record<string, unknown>>): Promise<string>;
}

export async function createProver(): Promise<Prover> {
  const keys = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(keys.publicKey);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    prove: (claims) =>
      new SignJWT({ jti: randomUUID(), ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt()
        .sign(keys.privateKey),
  };
}
