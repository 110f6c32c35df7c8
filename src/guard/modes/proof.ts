/** @module The check of a proof of possession. Source: RFC 9449, section 4.3. */
import {
  type CryptoKey,
  calculateJwkThumbprint,
  importJWK,
  type JWK,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { PROOF_ALGORITHMS } from '../../protocol/authorization/metadata.ts';
import type { AuthenticatorContext, GuardedRequest, Refused } from '../guard.ts';
import { BoundedMap } from './bounded-map.ts';
import { SeenProofs } from './seen-proofs.ts';

/** How far a proof's time may be from the clock, either way. RFC 9449 asks for seconds or minutes, MCP for five minutes at most. */
const WINDOW_SECONDS = 60;
/** Longest id of a proof. A UUID has 36 characters. */
const LONGEST_ID = 128;
/** Keys of callers that are kept, each with its thumbprint: to import one takes as long as to verify a signature. */
const KEYS_KEPT = 65_536;
/** Members that a JWK has only when its key is private or symmetric. Source: RFC 7518, section 6. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** The key in the header of a proof. */
interface ProofKey {
  readonly key: CryptoKey;
  readonly thumbprint: string;
}

/** The proof has a key that is none, or a secret one. */
class NoPublicKey extends Error {}

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
  /** By the text of the header of a proof, which is the same in all proofs of a caller. */
  readonly #keys = new BoundedMap<ProofKey>(KEYS_KEPT);

  constructor(context: AuthenticatorContext) {
    this.#context = context;
  }

  /** Undefined: `proof` is good for `request` with `token`. Never rejects. */
  async refuse(request: GuardedRequest, proof: string, token: ProvenToken): Promise<Refused | undefined> {
    const now = this.#context.nowSeconds();
    try {
      const { payload } = await jwtVerify(proof, this.#find, {
        algorithms: [...PROOF_ALGORITHMS],
        typ: 'dpop+jwt',
        currentDate: new Date(now * 1000),
      });
      const header = proof.slice(0, proof.indexOf('.'));
      const { jti, htm, htu, iat, ath } = payload;
      const good =
        this.#keys.get(header)?.thumbprint === token.keyThumbprint &&
        ath === Buffer.from(token.digest, 'hex').toString('base64url') &&
        htm === request.httpMethod &&
        typeof htu === 'string' &&
        isSameTarget(htu, this.#context.resource()) &&
        iat !== undefined &&
        Math.abs(now - iat) <= WINDOW_SECONDS;
      if (!good || typeof jti !== 'string' || jti.length > LONGEST_ID) return BAD;
      // The id counts per key: no caller can use up the ids of another one.
      const isNew = this.#seen.add(`${token.keyThumbprint}${jti}`, iat + WINDOW_SECONDS, now);
      return isNew ? undefined : REPLAYED;
    } catch {
      return BAD;
    }
  }

  readonly #find: JWTVerifyGetKey = async ({ alg, jwk }, { protected: header = '' }) => {
    const known = this.#keys.get(header);
    if (known !== undefined) return known.key;
    const imported = await importKey(jwk, alg);
    this.#keys.set(header, imported);
    return imported.key;
  };
}

async function importKey(jwk: JWK | undefined, algorithm: string): Promise<ProofKey> {
  if (jwk === undefined || SECRET_MEMBERS.some((member) => Object.hasOwn(jwk, member)))
    throw new NoPublicKey();
  const key = await importJWK(jwk, algorithm);
  if (key instanceof Uint8Array || key.type !== 'public') throw new NoPublicKey();
  return { key, thumbprint: await calculateJwkThumbprint(jwk) };
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
