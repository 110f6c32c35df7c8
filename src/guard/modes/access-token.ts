/** @module The check of a JWT access token. Source: RFC 9068, section 4; RFC 8725. */
import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Reason } from '../../protocol/authorization/reason.ts';
import type { AuthenticatorContext, Identity, Refused } from '../guard.ts';
import { AuthorityClient } from './authority-client.ts';
import { KeySet, KeysUnavailable } from './key-set.ts';
import { RevokedIds } from './revoked-ids.ts';
import { digestOf, recorded } from './token-digest.ts';

/** A token that passed every check. */
export interface AccessToken {
  readonly identity: Identity;
  /** Thumbprint of the key that it is bound to (`cnf.jkt`, RFC 9449, section 6); undefined: whoever holds the token may use it. */
  readonly keyThumbprint: string | undefined;
  /** SHA-256 of its text, hexadecimal. */
  readonly digest: string;
}

/** Claims without which it is no access token. Source: RFC 9068, section 2.2. `iss` and `aud` are compared, so they are required too. */
const REQUIRED_CLAIMS = ['exp', 'iat', 'jti', 'sub', 'client_id'];

/** By jose's code of the error; codes that are not here are those of a token that is none. */
const REASON_BY_CODE: Readonly<Record<string, Reason>> = {
  [errors.JOSEAlgNotAllowed.code]: 'bad-signature',
  [errors.JWSSignatureVerificationFailed.code]: 'bad-signature',
  [errors.JWKSNoMatchingKey.code]: 'unknown-key',
  [errors.JWKSMultipleMatchingKeys.code]: 'unknown-key',
  [errors.JWTExpired.code]: 'expired',
};

/** By the claim that is missing or wrong; a claim that is not here makes it no access token. */
const REASON_BY_CLAIM: Readonly<Record<string, Reason>> = {
  iss: 'wrong-issuer',
  aud: 'wrong-audience',
  nbf: 'not-yet-valid',
};

/**
 * Checks access tokens: signature by the one algorithm, type, issuer, audience, times, and the list of revoked ids where there is one.
 * Times have no tolerance, so that a planted error of a clock shows at its full size.
 */
export class AccessTokenCheck {
  readonly #context: AuthenticatorContext;
  readonly #authority = new AuthorityClient();
  readonly #keys: KeySet;
  readonly #revoked: RevokedIds | undefined;

  constructor(context: AuthenticatorContext) {
    const { jwksUrl, revocations } = context.input;
    this.#context = context;
    this.#keys = new KeySet(this.#authority, new URL(jwksUrl), context.clock);
    this.#revoked =
      revocations && new RevokedIds(this.#authority, new URL(revocations.url), revocations.everyUs);
  }

  /** Never rejects. */
  async check(token: string): Promise<AccessToken | Refused> {
    const { input } = this.#context;
    let claims: JWTPayload;
    try {
      const verified = await jwtVerify(token, this.#keys.find, {
        algorithms: [input.algorithm],
        typ: 'at+jwt',
        issuer: input.issuer,
        audience: this.#context.resource(),
        requiredClaims: REQUIRED_CLAIMS,
        currentDate: new Date(this.#context.nowSeconds() * 1000),
      });
      claims = verified.payload;
    } catch (error) {
      return { refused: reasonOf(error) };
    }
    if (!endsCanonically(token)) return { refused: 'bad-signature' };
    const revoked = await this.#refusedAsRevoked(claims.jti);
    return revoked ?? accessToken(token, claims);
  }

  async stop(): Promise<void> {
    this.#revoked?.stop();
    await this.#authority.stop();
  }

  async #refusedAsRevoked(id: string | undefined): Promise<Refused | undefined> {
    if (this.#revoked === undefined) return undefined;
    const ids = await this.#revoked.known();
    if (ids === undefined) return { refused: 'server-unavailable' };
    return id === undefined || ids.has(id) ? { refused: 'revoked' } : undefined;
  }
}

/**
 * The bits that a base64url text has beyond its last byte are zero. Decoders ignore them, so that a token could be written in several
 * ways otherwise, each with a digest of its own.
 */
function endsCanonically(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

function reasonOf(error: unknown): Reason {
  if (error instanceof KeysUnavailable) return 'server-unavailable';
  if (error instanceof errors.JWTClaimValidationFailed) return REASON_BY_CLAIM[error.claim] ?? 'malformed';
  if (error instanceof errors.JOSEError) return REASON_BY_CODE[error.code] ?? 'malformed';
  return 'malformed';
}

/** The caller that `claims` name. */
export function accessToken(token: string, claims: JWTPayload): AccessToken | Refused {
  const { sub, client_id: client, scope, cnf } = claims;
  if (typeof sub !== 'string' || typeof client !== 'string') return { refused: 'malformed' };
  const digest = digestOf(token);
  return {
    identity: { client, actor: sub, scopes: scopesOf(scope), tokenHash: recorded(digest) },
    keyThumbprint: thumbprintIn(cnf),
    digest,
  };
}

/** The scopes of a claim `scope`; none when there is no such text. Source: RFC 8693, section 4.2. */
export function scopesOf(scope: unknown): ReadonlySet<string> {
  return new Set(typeof scope === 'string' ? scope.split(' ').filter((name) => name !== '') : []);
}

function thumbprintIn(confirmation: unknown): string | undefined {
  if (typeof confirmation !== 'object' || confirmation === null) return undefined;
  const { jkt } = confirmation as { readonly jkt?: unknown };
  return typeof jkt === 'string' ? jkt : undefined;
}
