/** @module A seal that clients can read through: the text in base64url, with HMAC-SHA256 (RFC 2104) over it, the id of the key and the owner. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Seal } from './seal.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';

/** `KEY.TEXT.MAC`. The owner is not in it. */
export function hmacSeal(keys: SigningKeys): Seal {
  return {
    seal(text, owner) {
      const key = keys.current();
      const body = `${key.id}.${Buffer.from(text).toString('base64url')}`;
      return `${body}.${macOf(key, body, owner).toString('base64url')}`;
    },
    open(sealed, owner) {
      const [id = '', text = '', mac = '', ...more] = sealed.split('.');
      const key = more.length === 0 ? keys.verifying(id) : undefined;
      if (key === undefined) return undefined;
      const given = Buffer.from(mac, 'base64url');
      const expected = macOf(key, `${id}.${text}`, owner);
      // The decoder passes over characters that are not of the alphabet: only the text that it would have written is taken.
      if (given.length !== expected.length || given.toString('base64url') !== mac) return undefined;
      return timingSafeEqual(given, expected) ? Buffer.from(text, 'base64url').toString() : undefined;
    },
    isRotated: (sealed) => keys.isEarlier(sealed.slice(0, Math.max(0, sealed.indexOf('.')))),
  };
}

/** Neither part contains a zero byte by itself: `body` is ASCII. */
const macOf = ({ bytes }: SigningKey, body: string, owner: string): Buffer =>
  createHmac('sha256', bytes).update(`${body}\0${owner}`).digest();
