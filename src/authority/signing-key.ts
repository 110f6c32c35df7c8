/** @module The keys with which access tokens are signed. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { AuthAlgorithm } from '../profile/auth-kinds.ts';

/** A private key, which is named by its thumbprint (RFC 7638). */
export type SigningKey = JWK & { readonly kid: string; readonly alg: AuthAlgorithm };

/** The newest first. */
export type SigningKeys = readonly [SigningKey, ...SigningKey[]];

/** Generates a key for `alg`. */
export async function generateSigningKey(alg: AuthAlgorithm): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' };
}
