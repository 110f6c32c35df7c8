/** @module The public keys of the authorization server (JWKS): read at first use, and again for a key that is not among them. */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../units/clock.ts';
import { type Micros, SECOND } from '../../units/time.ts';
import type { AuthorityClient } from './authority-client.ts';

/** Pause after a read that did not help. So tokens with made-up key ids cause one request, and a new key is used this much later at worst. */
const COOL_DOWN: Micros = 5 * SECOND;

/** No key set could be read so far, so that no signature can be checked. */
export class KeysUnavailable extends Error {}

/**
 * The keys, each imported once. Reads under way are shared, and a read that fails leaves the keys as they are. It differs from jose's
 * remote set in three ways: a new key is found at once after a read that helped, failed reads have a pause too, and its clock is a {@link Clock}.
 */
export class KeySet {
  readonly #authority: AuthorityClient;
  readonly #url: URL;
  readonly #clock: Clock;
  #keys: JWTVerifyGetKey | undefined;
  #reading: Promise<void> | undefined;
  /** End of the last read that did not bring what was asked for. */
  #inVainAt: Micros = Number.NEGATIVE_INFINITY;

  constructor(authority: AuthorityClient, url: URL, clock: Clock) {
    this.#authority = authority;
    this.#url = url;
    this.#clock = clock;
  }

  /** The key of a token. Throws {@link KeysUnavailable}, or jose's error for a key that is not there. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.#keys !== undefined) {
      try {
        return await this.#keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey) || this.#cooling()) throw error;
      }
    } else if (this.#cooling()) throw new KeysUnavailable();
    this.#reading ??= this.#read();
    await this.#reading;
    try {
      if (this.#keys === undefined) throw new KeysUnavailable();
      return await this.#keys(header, token);
    } catch (error) {
      this.#inVainAt = this.#clock.now();
      throw error;
    }
  };

  #cooling(): boolean {
    return this.#clock.now() - this.#inVainAt < COOL_DOWN;
  }

  async #read(): Promise<void> {
    const answer = await this.#authority.get(this.#url);
    this.#reading = undefined;
    try {
      // It throws for anything that is no key set.
      this.#keys = createLocalJWKSet(answer as JSONWebKeySet);
    } catch (error) {
      if (!(error instanceof errors.JWKSInvalid)) throw error;
    }
  }
}
