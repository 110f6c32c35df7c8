/** @module Tokens made on request, whose claims and times are wrong as a test needs them. */
import { randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { AdapterFactory } from 'oidc-provider';
import { systemClock } from '../units/clock.ts';
import type { AuthorityInput, Minted, MintedToken } from './authority.ts';
import type { SigningKey } from './signing-key.ts';

export interface Mint {
  readonly input: AuthorityInput;
  readonly issuer: string;
  readonly key: SigningKey;
  readonly store: AdapterFactory;
}

/** The tokens, in the order of `wanted`. */
export function mintAll(wanted: readonly MintedToken[], mint: Mint): Promise<readonly Minted[]> {
  const one = mint.input.tokens === 'jwt' ? mintJwt : mintOpaque;
  return Promise.all(wanted.map((token) => one(token, mint)));
}

/** Times of a token, in seconds since the epoch. */
function timesOf({ notBeforeSeconds, expiresInSeconds }: MintedToken): {
  readonly iat: number;
  readonly exp: number;
  readonly nbf?: number;
} {
  const now = Math.floor(systemClock.date().getTime() / 1000);
  const exp = now + expiresInSeconds;
  return {
    iat: Math.min(now, exp),
    exp,
    ...(notBeforeSeconds !== undefined && { nbf: now + notBeforeSeconds }),
  };
}

/** As those of the token endpoint (RFC 9068), signed with the same key. */
async function mintJwt(wanted: MintedToken, { issuer, key }: Mint): Promise<Minted> {
  const { client, scope, audience } = wanted;
  const id = randomUUID();
  const claims = {
    jti: id,
    sub: client,
    client_id: client,
    scope,
    iss: wanted.issuer ?? issuer,
    aud: audience,
    ...timesOf(wanted),
  };
  const header = { alg: key.alg, typ: 'at+jwt', kid: key.kid };
  return { token: await new SignJWT(claims).setProtectedHeader(header).sign(key), id };
}

/** The server knows it, unless another issuer made it, and says of one that is expired or not valid yet that it is not active. */
async function mintOpaque(wanted: MintedToken, { store }: Mint): Promise<Minted> {
  const token = randomBytes(32).toString('base64url');
  if (wanted.issuer !== undefined) return { token, id: null };
  const { client, scope, audience, expiresInSeconds } = wanted;
  const kind = 'ClientCredentials';
  const payload = { kind, jti: token, clientId: client, aud: audience, scope, ...timesOf(wanted) };
  await store(kind).upsert(token, payload, expiresInSeconds);
  return { token, id: null };
}
