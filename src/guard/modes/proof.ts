/** @module The check of a proof of possession. Source: RFC 9449, section 4.3. */
import {
  type CryptoKey,
  calculateJwkThumbprint,
  decodeProtectedHeader,
  importJWK,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { PROOF_ALGORITHMS } from '../../protocol/authorization/metadata.ts';
import type { AuthenticatorContext, GuardedRequest, Refused } from '../guard.ts';
import { BoundedMap } from './bounded-map.ts';
import { SeenProofs } from './seen-proofs.ts';

/** How far a proof's time may be from the clock, either way. RFC 9449 asks for seconds or minutes, MCP for five minutes at most. */
const WINDOW_SECONDS = 60;
/** Longest proof. One of ES256 has about 450 characters. */
const LONGEST = 2048;
/** Keys of callers that are kept: to import one takes as long as to verify a signature. */
const KEYS_KEPT = 65_536;
/** Members that a JWK has only when its key is private or symmetric. Source: RFC 7518, section 6. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** The key of a caller. */
interface CallerKey {
  /** The header with which it came: the first part of a proof, the same in all proofs of a caller. */
  readonly header: string;
  readonly key: CryptoKey;
}

/** The token that a proof must belong to. */
export interface ProvenToken {
  readonly keyThumbprint: string;
  /** SHA-256 of its text, hexadecimal. */
  readonly digest: string;
}

const BAD: Refused = { refused: 'bad-proof' };
const REPLAYED: Refused = { refused: 'replayed-proof' };

/** Checks proofs, each of which counts once. */
export class ProofCheck {
  readonly #context: AuthenticatorContext;
  readonly #seen = new SeenProofs();
  /** By thumbprint. */
  readonly #keys = new BoundedMap<CallerKey>(KEYS_KEPT);

  constructor(context: AuthenticatorContext) {
    this.#context = context;
  }

  /** Undefined: `proof` is good for `request` with `token`. Never rejects. */
  async refuse(request: GuardedRequest, proof: string, token: ProvenToken): Promise<Refused | undefined> {
    if (proof.length > LONGEST) return BAD;
    try {
      const key = await this.#keyIn(proof, token.keyThumbprint);
      if (key === undefined) return BAD;
      const now = this.#context.nowSeconds();
      const { payload } = await jwtVerify(proof, key, {
        algorithms: [...PROOF_ALGORITHMS],
        typ: 'dpop+jwt',
        currentDate: new Date(now * 1000),
      });
      return this.#refuseClaims(payload, request, token, now);
    } catch {
      // Not a JWT, not signed with the key, or a key that is none: whatever keeps a proof from being verified makes it a bad one.
      return BAD;
    }
  }

  #refuseClaims(
    { jti, htm, htu, iat, ath }: JWTPayload,
    { httpMethod }: GuardedRequest,
    { keyThumbprint, digest }: ProvenToken,
    now: number,
  ): Refused | undefined {
    if (ath !== Buffer.from(digest, 'hex').toString('base64url')) return BAD;
    if (htm !== httpMethod) return BAD;
    if (typeof htu !== 'string' || !isSameTarget(htu, this.#context.resource())) return BAD;
    if (iat === undefined || Math.abs(now - iat) > WINDOW_SECONDS) return BAD;
    if (typeof jti !== 'string') return BAD;
    // The id counts per key: no caller can use up the ids of another one.
    return this.#seen.add(`${keyThumbprint}${jti}`, iat + WINDOW_SECONDS, now) ? undefined : REPLAYED;
  }

  /** The public key in the header of `proof`, if it is the one with this thumbprint. */
  async #keyIn(proof: string, thumbprint: string): Promise<CryptoKey | undefined> {
    const header = proof.slice(0, proof.indexOf('.'));
    const known = this.#keys.get(thumbprint);
    if (known?.header === header) return known.key;
    const { alg, jwk } = decodeProtectedHeader(proof);
    if (jwk === undefined || SECRET_MEMBERS.some((member) => Object.hasOwn(jwk, member))) return undefined;
    if ((await calculateJwkThumbprint(jwk)) !== thumbprint) return undefined;
    const key = await importJWK(jwk, alg);
    if (key instanceof Uint8Array) return undefined;
    this.#keys.set(thumbprint, { header, key });
    return key;
  }
}

/** Whether both are the same URL without query and fragment. */
function isSameTarget(url: string, resource: string): boolean {
  return url === resource || targetOf(url) === targetOf(resource);
}

function targetOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return `${url.origin}${url.pathname}`;
}
