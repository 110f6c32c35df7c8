/** @module Makes the seal that settings ask for. */
import type { StateSettings } from '../profile/settings.ts';
import type { Seal } from './seal.ts';
import type { SigningKeys } from './signing-keys.ts';

/** The seal of this kind; its library is loaded when it is used. */
export async function createSeal(protect: StateSettings['protect'], keys: SigningKeys): Promise<Seal> {
  if (protect === 'hmac') return (await import('./hmac-seal.ts')).hmacSeal(keys);
  return (await import('./jwe-seal.ts')).jweSeal(keys);
}
