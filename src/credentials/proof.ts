/** @module Proofs of possession (DPoP): one small signed JWT per request. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';

/** Makes the value of the header `DPoP` for one request. At once; costs about one signature. */
export type Prover = (
  /** Method of the request. */
  htm: string,
  /** Its URL without query and fragment. */
  htu: string,
  /** The token it is sent with; undefined at a token endpoint. */
  accessToken: string | undefined,
  /** Seconds since the epoch. */
  iat: number,
  /** Different in each proof. */
  jti: string,
) => string;

/** A private key that can sign proofs: its algorithm in JOSE, and how `node:crypto` is told to sign with it. */
interface ProofKey {
  readonly alg: 'ES256' | 'EdDSA';
  readonly key: KeyObject;
  readonly digest: 'sha256' | null;
}

/** Hashes that a prover keeps. The tokens of 10,000 agents fit; of tokens that are used once, none is needed again. */
const MOST_HASHES = 16_384;

/**
 * A prover with the private key `jwk` (P-256 or Ed25519). Source: RFC 9449, section 4.2. Throws a `TypeError` for any other key.
 * The key and the header are prepared once, and the hash of a token is computed once.
 */
export function createProver(jwk: Readonly<Record<string, unknown>>): Prover {
  const { alg, key, digest } = proofKey(jwk);
  const header = { typ: 'dpop+jwt', alg, jwk: createPublicKey(key).export({ format: 'jwk' }) };
  const lead = `${base64url(JSON.stringify(header))}.`;
  const hashes = new Map<string, string>();
  const ath = (token: string): string => {
    const known = hashes.get(token);
    if (known !== undefined) return known;
    const hash = createHash('sha256').update(token).digest('base64url');
    if (hashes.size >= MOST_HASHES) hashes.clear();
    hashes.set(token, hash);
    return hash;
  };
  const how = { key, dsaEncoding: 'ieee-p1363' } as const;
  return (htm, htu, accessToken, iat, jti) => {
    const claims = { jti, htm, htu, iat, ...(accessToken !== undefined && { ath: ath(accessToken) }) };
    const signed = `${lead}${base64url(JSON.stringify(claims))}`;
    return `${signed}.${sign(digest, Buffer.from(signed), how).toString('base64url')}`;
  };
}

function proofKey(jwk: Readonly<Record<string, unknown>>): ProofKey {
  const key = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
  if (key.asymmetricKeyType === 'ed25519') return { alg: 'EdDSA', key, digest: null };
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return { alg: 'ES256', key, digest: 'sha256' };
  throw new TypeError('The key of a proof must be on the curve P-256 or Ed25519');
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url');
