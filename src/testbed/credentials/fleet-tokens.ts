/** @module Tokens for a fleet: good ones from its authorization server, and those that it must refuse. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { MintedToken } from '../../authority/authority.ts';
import type { Http } from '../../credentials/http.ts';
import { allInFlight, type InFlightOptions } from '../../credentials/in-flight.ts';
import { type IssuedToken, readToken } from '../../credentials/issued-token.ts';
import { createProver, type Prover } from '../../credentials/proof.ts';
import { requestToken } from '../../credentials/token-request.ts';
import type { AuthAlgorithm, IdentitySettings, TokenKind } from '../../profile/settings.ts';
import type { AuthorityOffer } from '../part.ts';

type Jwk = Readonly<Record<string, unknown>>;

export interface FleetTokensOptions {
  readonly authority: AuthorityOffer;
  readonly http: Http;
  /** URL under which clients reach the fleet. */
  readonly resource: string;
  /** Algorithm of the keys that tokens are bound to; absent: bearer tokens. */
  readonly proofs?: AuthAlgorithm | undefined;
}

/** Kinds that the authorization server does not issue, with what is wrong with them. */
const MINTED: Readonly<Partial<Record<TokenKind, Partial<MintedToken>>>> = {
  expired: { expiresInSeconds: -60 },
  'not-yet-valid': { notBeforeSeconds: 3600, expiresInSeconds: 7200 },
  'wrong-audience': { audience: 'https://elsewhere.example/mcp' },
  'wrong-issuer': { issuer: 'https://issuer.example' },
};
const HOUR_S = 3600;

/** Gets the tokens of a fleet. */
export class FleetTokens {
  readonly #options: FleetTokensOptions;
  readonly #keys = new Map<string, { readonly jwk: Jwk; readonly prove: Prover }>();

  constructor(options: FleetTokensOptions) {
    this.#options = options;
  }

  /** The private key that the tokens of `identity` are bound to; `undefined`: none. */
  keyOf({ name }: IdentitySettings): Jwk | undefined {
    return this.#keyOf(name)?.jwk;
  }

  /** `count` tokens of `identity` with `scopes`, each different from the others; null: it sends none. */
  async issue(
    identity: IdentitySettings,
    scopes: readonly string[],
    count: number,
    options: InFlightOptions,
  ): Promise<readonly (IssuedToken | null)[]> {
    const { name, token: kind } = identity;
    if (typeof kind !== 'string') throw new Error('A fleet has an authorization server of its own');
    const each = Array.from({ length: count }, (_, index) => index);
    if (kind === 'missing') return each.map(() => null);
    if (kind === 'invalid') return each.map(() => readToken(nonsense()));
    if (kind !== 'valid') return this.#mint(MINTED[kind]!, name, scopes, count);
    return allInFlight(each, (_, signal) => this.#request(name, scopes, signal), options);
  }

  #request(name: string, scopes: readonly string[], signal: AbortSignal): Promise<IssuedToken> {
    const { authority, http, resource } = this.#options;
    const client = authority.input.clients.find(({ id }) => id === name);
    if (client === undefined) throw new Error(`The authorization server knows no client ${name}`);
    const request = {
      tokenEndpoint: authority.tokenEndpoint,
      issuer: authority.issuer,
      clientId: client.id,
      authentication: { method: 'client_secret_basic', secret: client.secret },
      resource,
      scopes,
      prove: this.#keyOf(name)?.prove,
    } as const;
    return requestToken(http, request, signal);
  }

  async #mint(
    wrong: Partial<MintedToken>,
    client: string,
    scopes: readonly string[],
    count: number,
  ): Promise<readonly IssuedToken[]> {
    const { authority, resource } = this.#options;
    const right = { client, scope: scopes.join(' '), audience: resource, expiresInSeconds: HOUR_S };
    const tokens = Array.from({ length: count }, () => ({ ...right, ...wrong }));
    const minted = (await authority.ask({ kind: 'mint', tokens })) as readonly { readonly token: string }[];
    return minted.map(({ token }) => readToken(token));
  }

  #keyOf(name: string): { readonly jwk: Jwk; readonly prove: Prover } | undefined {
    const { proofs } = this.#options;
    if (proofs === undefined) return undefined;
    let key = this.#keys.get(name);
    if (key === undefined) {
      const jwk = newProofKey(proofs);
      key = { jwk, prove: createProver(jwk) };
      this.#keys.set(name, key);
    }
    return key;
  }
}

/** RSA keys are too slow to sign a proof per call. */
function newProofKey(algorithm: AuthAlgorithm): Jwk {
  const { privateKey } =
    algorithm === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }) };
}

/** Text with the form of a JWT, whose signature nobody made. */
function nonsense(): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = part({ alg: 'ES256', typ: 'at+jwt', kid: randomBytes(8).toString('hex') });
  return `${header}.${part({ jti: randomBytes(8).toString('hex') })}.${randomBytes(64).toString('base64url')}`;
}
