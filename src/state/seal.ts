/** @module Protects a text that is handed to clients and comes back. */
import type { StateSettings } from '../profile/settings.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Seals text for an owner. */
export interface Seal {
  /** The sealed text, of characters that need no escape in JSON and URLs. */
  seal(text: string, owner: string): string | Promise<string>;
  /** The text; undefined when it was not sealed so, with a key that is still good, for this owner. */
  open(sealed: string, owner: string): string | undefined | Promise<string | undefined>;
}

/** The seal of this kind; its library is loaded when it is used. */
export async function createSeal(protect: StateSettings['protect'], keys: SigningKeys): Promise<Seal> {
  if (protect === 'hmac') return (await import('./hmac-seal.ts')).hmacSeal(keys);
  return (await import('./jwe-seal.ts')).jweSeal(keys);
}
