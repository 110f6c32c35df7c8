/** @module An access token, and what can be read of it. */
import { decodeJwt } from 'jose';
import type { Millis } from '../units/time.ts';

export interface IssuedToken {
  /** As it is sent; a secret. */
  readonly value: string;
  /** When it expires, on the epoch; undefined when nothing says so. */
  readonly expiresAtEpochMs: Millis | undefined;
  /** `jti` of a JWT. */
  readonly id?: string | undefined;
}

/** A token as text, with what it says of itself if it is a JWT. Nothing is verified. */
export function readToken(value: string): IssuedToken {
  try {
    const { exp, jti } = decodeJwt(value);
    return { value, expiresAtEpochMs: exp === undefined ? undefined : exp * 1000, id: jti };
  } catch {
    // An opaque token says nothing.
    return { value, expiresAtEpochMs: undefined };
  }
}
