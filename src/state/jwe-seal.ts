/** @module A seal that clients cannot read: JWE in its compact form (RFC 7516), encrypted directly with A256GCM. */
import { webcrypto } from 'node:crypto';
import {
  CompactEncrypt,
  type CompactJWEHeaderParameters,
  compactDecrypt,
  decodeProtectedHeader,
  errors,
} from 'jose';
import type { Seal } from './seal.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';

const ALGORITHMS = { alg: 'dir', enc: 'A256GCM' } as const;
const ACCEPTED = { keyManagementAlgorithms: [ALGORITHMS.alg], contentEncryptionAlgorithms: [ALGORITHMS.enc] };

const { subtle } = webcrypto;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A key as jose takes it without a conversion for each call. */
interface Prepared {
  readonly header: CompactJWEHeaderParameters;
  readonly cryptoKey: Promise<webcrypto.CryptoKey>;
}

/** The id of the key is in the header, the owner within what is encrypted. */
export function jweSeal(keys: SigningKeys): Seal {
  const prepared = new WeakMap<SigningKey, Prepared>();
  const prepare = (key: SigningKey): Prepared => {
    const known = prepared.get(key);
    if (known !== undefined) return known;
    const made = {
      header: { ...ALGORITHMS, kid: key.id },
      cryptoKey: subtle.importKey('raw', key.bytes, 'AES-GCM', false, ['encrypt', 'decrypt']),
    };
    prepared.set(key, made);
    return made;
  };
  return {
    async seal(text, owner) {
      const { header, cryptoKey } = prepare(keys.current());
      return await new CompactEncrypt(encoder.encode(`${owner.length}:${owner}${text}`))
        .setProtectedHeader(header)
        .encrypt(await cryptoKey);
    },
    async open(sealed, owner) {
      if (!COMPACT.test(sealed)) return undefined;
      try {
        const { plaintext } = await compactDecrypt(
          sealed,
          ({ kid = '' }) => {
            const key = keys.verifying(kid);
            return key === undefined ? NO_KEY : prepare(key).cryptoKey;
          },
          ACCEPTED,
        );
        const text = decoder.decode(plaintext);
        const start = `${owner.length}:${owner}`;
        return text.startsWith(start) ? text.slice(start.length) : undefined;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
    isRotated(sealed) {
      if (!keys.rotates || !COMPACT.test(sealed)) return false;
      try {
        return keys.isEarlier(decodeProtectedHeader(sealed).kid ?? '');
      } catch {
        return false;
      }
    },
  };
}

/** Decrypts nothing. */
const NO_KEY = new Uint8Array(32);

/**
 * Base64url as its bytes are written: groups of four characters, and in a last group of two or three no bits that a decoder ignores. Source:
 * RFC 4648, sections 3.5 and 5.
 */
const PART = '(?:[\\w-]{4})*(?:[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])?';
/** The compact form without an encrypted key. */
const COMPACT = new RegExp(`^${PART}\\.\\.${PART}\\.${PART}\\.${PART}$`);
