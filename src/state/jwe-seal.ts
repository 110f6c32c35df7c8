/** @module A seal that clients cannot read: JWE in its compact form (RFC 7516), encrypted directly with A256GCM. */
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, errors } from 'jose';
import type { Seal } from './seal.ts';
import type { SigningKeys } from './signing-keys.ts';

const ALGORITHMS = { alg: 'dir', enc: 'A256GCM' } as const;

/** The id of the key is in the header, the owner within what is encrypted. */
export function jweSeal(keys: SigningKeys): Seal {
  return {
    seal(text, owner) {
      const { id, bytes } = keys.current();
      return new CompactEncrypt(Buffer.from(`${owner.length}:${owner}${text}`))
        .setProtectedHeader({ ...ALGORITHMS, kid: id })
        .encrypt(bytes);
    },
    async open(sealed, owner) {
      if (!COMPACT.test(sealed) || !isCanonical(sealed)) return undefined;
      try {
        const { plaintext } = await compactDecrypt(
          sealed,
          ({ kid = '' }) => keys.verifying(kid)?.bytes ?? NO_KEY,
          {
            keyManagementAlgorithms: [ALGORITHMS.alg],
            contentEncryptionAlgorithms: [ALGORITHMS.enc],
          },
        );
        const text = Buffer.from(plaintext).toString();
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
const COMPACT = /^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/;

/** Whether each part is what its bytes are written as: the last character of base64url may have bits that a decoder ignores. */
const isCanonical = (sealed: string): boolean =>
  sealed.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
