/** @module The signing half of the authorization server: the library with the keys in force, and their rotation. */
import type { RequestListener } from 'node:http';
import type { AdapterFactory } from 'oidc-provider';
import type { AuthorityInput, Minted, MintedToken } from './authority.ts';
import { mintAll } from './mint.ts';
import { createProvider } from './provider.ts';
import { generateSigningKey, type SigningKey, type SigningKeys } from './signing-key.ts';

export interface SigningOptions {
  readonly issuer: string;
  readonly input: AuthorityInput;
  readonly store: AdapterFactory;
}

export interface Signing {
  /** Answers a request by the keys in force when it came. */
  readonly answer: RequestListener;
  /** Signs with a new key once it resolves. The older keys are still published. */
  rotate(): Promise<void>;
  mint(tokens: readonly MintedToken[]): Promise<readonly Minted[]>;
}

/** With a first key. */
export async function startSigning(options: SigningOptions): Promise<Signing> {
  let inForce = await signWith(options, []);
  let rotated = Promise.resolve();
  return {
    answer: (request, response) => inForce.answer(request, response),
    rotate() {
      // One after the other, so that none takes its key from keys that another one is about to replace.
      rotated = rotated.then(async () => {
        inForce = await signWith(options, inForce.keys);
      });
      return rotated;
    },
    mint: (tokens) => mintAll(tokens, { ...options, key: inForce.keys[0] }),
  };
}

/** A server of the library cannot change its keys, so each set of keys has its own; the store is common to all. */
async function signWith(
  options: SigningOptions,
  older: readonly SigningKey[],
): Promise<{ readonly keys: SigningKeys; readonly answer: RequestListener }> {
  const keys: SigningKeys = [await generateSigningKey(options.input.algorithm), ...older];
  const provider = await createProvider({ ...options, keys });
  return { keys, answer: provider.callback() };
}
