/** @module Tokens for a fleet: good ones from its authorization server, and those that it must refuse. */
import { generateKeyPairSync } from 'node:crypto';
import type { AuthorityClient, MintedToken } from '../../authority/authority.ts';
import type { Http } from '../../credentials/http.ts';
import { allInFlight, type InFlightOptions } from '../../credentials/in-flight.ts';
import { type IssuedToken, readToken } from '../../credentials/issued-token.ts';
import { nonsenseToken } from '../../credentials/nonsense.ts';
import { createProver, type Prover } from '../../credentials/proof.ts';
import { requestToken } from '../../credentials/token-request.ts';
import { revokeToken } from '../../credentials/token-revocation.ts';
import type { AuthAlgorithm, AuthSettings, TokenKind } from '../../profile/settings.ts';
import type { AuthorityOffer } from '../part.ts';
import type { AgentGroup } from './group.ts';

type Jwk = Readonly<Record<string, unknown>>;

export interface FleetTokensOptions {
  readonly authority: AuthorityOffer;
  readonly http: Http;
  /** URL under which clients reach the fleet. */
  readonly resource: string;
  /** How a JWT is revoked. */
  readonly revocation: AuthSettings['revocation'];
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

/** Gets the tokens of a fleet. The clients of the authorization server are those of the identities, in their order. */
export class FleetTokens {
  readonly #options: FleetTokensOptions;
  readonly #keys = new Map<number, ProofKey>();

  constructor(options: FleetTokensOptions) {
    this.#options = options;
  }

  /** The private key that the tokens of a group are bound to; `undefined`: none. */
  keyOf({ index }: AgentGroup): Jwk | undefined {
    return this.#keyOf(index)?.jwk;
  }

  /** `count` tokens for a group with `scopes`, each different from the others; null: its agents send none. */
  async issue(
    group: AgentGroup,
    scopes: readonly string[],
    count: number,
    options: InFlightOptions,
  ): Promise<readonly (IssuedToken | null)[]> {
    const { token: kind } = group.identity;
    const each = Array.from({ length: count }, (_, index) => index);
    if (typeof kind !== 'string') throw new Error('A fleet has an authorization server of its own');
    if (kind === 'missing') return each.map(() => null);
    if (kind === 'invalid') return each.map(() => readToken(nonsenseToken()));
    if (kind !== 'valid') return this.#mint(MINTED[kind]!, group, scopes, count);
    return allInFlight(each, (_, signal) => this.#request(group, scopes, signal), options);
  }

  /** Revokes opaque tokens of a group (RFC 7009), and JWTs by their ids where instances read a list. Other JWTs are good until they expire. */
  async revoke(group: AgentGroup, tokens: readonly IssuedToken[], limit: number): Promise<void> {
    const { authority, http, revocation } = this.#options;
    if (authority.input.tokens === 'jwt') {
      if (revocation === 'expiry') return;
      const ids = tokens.flatMap(({ id }) => (id === undefined ? [] : [id]));
      await authority.ask({ kind: 'revoke', ids });
      return;
    }
    const { id, secret } = this.#clientOf(group);
    const client = { revocationEndpoint: authority.revocationEndpoint, clientId: id, secret };
    await allInFlight(tokens, ({ value }, signal) => revokeToken(http, client, value, signal), { limit });
  }

  #request(group: AgentGroup, scopes: readonly string[], signal: AbortSignal): Promise<IssuedToken> {
    const { authority, http, resource } = this.#options;
    const { id, secret } = this.#clientOf(group);
    const request = {
      tokenEndpoint: authority.tokenEndpoint,
      issuer: authority.issuer,
      clientId: id,
      authentication: { method: 'client_secret_basic', secret },
      resource,
      scopes,
      prove: this.#keyOf(group.index)?.prove,
    } as const;
    return requestToken(http, request, signal);
  }

  async #mint(
    wrong: Partial<MintedToken>,
    group: AgentGroup,
    scopes: readonly string[],
    count: number,
  ): Promise<readonly IssuedToken[]> {
    const { authority, resource } = this.#options;
    const client = this.#clientOf(group).id;
    const right = { client, scope: scopes.join(' '), audience: resource, expiresInSeconds: HOUR_S };
    const tokens = Array.from({ length: count }, () => ({ ...right, ...wrong }));
    const minted = await authority.ask({ kind: 'mint', tokens });
    return minted.map(({ token }) => readToken(token));
  }

  #clientOf({ index, identity }: AgentGroup): AuthorityClient {
    const client = this.#options.authority.input.clients[index];
    if (client === undefined) throw new Error(`The authorization server has no client for ${identity.name}`);
    return client;
  }

  #keyOf(group: number): ProofKey | undefined {
    const { proofs } = this.#options;
    if (proofs === undefined) return undefined;
    let key = this.#keys.get(group);
    if (key === undefined) {
      const jwk = newProofKey(proofs);
      key = { jwk, prove: createProver(jwk) };
      this.#keys.set(group, key);
    }
    return key;
  }
}

interface ProofKey {
  readonly jwk: Jwk;
  readonly prove: Prover;
}

/** RSA keys are too slow to sign a proof per call. */
function newProofKey(algorithm: AuthAlgorithm): Jwk {
  const { privateKey } =
    algorithm === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }) };
}
