/** @module Keys that all processes with one secret derive alike: one for each period, so that keys change without a message between processes. */
import { createHmac } from 'node:crypto';
import type { Clock } from '../units/clock.ts';
import type { Millis } from '../units/time.ts';

/** A key and its id, which is public. */
export interface SigningKey {
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

/** How keys follow each other. */
export interface KeyOptions {
  readonly secret: string;
  /** What the keys are for: keys for different purposes differ. */
  readonly purpose: string;
  /** How long what is signed is good. */
  readonly ttlMs: Millis;
  /** How long a key signs; absent: always the same one. */
  readonly rotateMs?: Millis | undefined;
  readonly clock: Pick<Clock, 'date'>;
}

/** The keys of one purpose. A key signs during its period, and verifies until what it signed last is over. */
export class SigningKeys {
  readonly #options: KeyOptions;
  readonly #derived = new Map<string, SigningKey>();

  constructor(options: KeyOptions) {
    this.#options = options;
  }

  /** The key that signs now. */
  current(): SigningKey {
    return this.#derive(String(this.#period()));
  }

  /** The key of `id`; undefined when there is none, or its time is over. */
  verifying(id: string): SigningKey | undefined {
    if (!/^\d{1,15}$/.test(id)) return undefined;
    const { ttlMs, rotateMs = ttlMs } = this.#options;
    const age = this.#period() - Number(id);
    // A period ahead: the clock of the process that signed may be.
    const isGood = age >= -1 && age <= Math.ceil(ttlMs / rotateMs);
    return isGood && String(Number(id)) === id ? this.#derive(id) : undefined;
  }

  /** Whether another key takes the place of the present one in time. */
  get rotates(): boolean {
    return this.#options.rotateMs !== undefined;
  }

  /** Whether `id` is that of a key before the one that signs now. */
  isEarlier(id: string): boolean {
    return /^\d{1,15}$/.test(id) && Number(id) < this.#period();
  }

  #period(): number {
    const { rotateMs, clock } = this.#options;
    return rotateMs === undefined ? 0 : Math.floor(clock.date().getTime() / rotateMs);
  }

  /** Source: RFC 5869, section 2.3; the secret is uniformly random, so that it is expanded only. */
  #derive(id: string): SigningKey {
    const known = this.#derived.get(id);
    if (known !== undefined) return known;
    const { secret, purpose } = this.#options;
    const bytes = createHmac('sha256', Buffer.from(secret, 'base64url'))
      .update(`paceline/${purpose}/${id}\u0001`)
      .digest();
    const key = { id, bytes };
    if (this.#derived.size >= MOST_KEPT) this.#derived.clear();
    this.#derived.set(id, key);
    return key;
  }
}

const MOST_KEPT = 64;
