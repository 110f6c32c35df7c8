/** @module Handles that contain their value, sealed: any process with the key reads them, and nothing is kept, except a list of revoked ones. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../units/clock.ts';
import type { Millis } from '../units/time.ts';
import type { Changed, Handles } from './handles.ts';
import type { Seal } from './seal.ts';
import type { Store } from './store.ts';

/** What signed handles are made with. */
export interface SignedOptions {
  readonly seal: Seal;
  readonly ttlMs: Millis;
  readonly clock: Pick<Clock, 'date'>;
  /** Where revoked handles are listed. Absent: a handle is good until its time is over, also one that was changed or closed since. */
  readonly revoked?: Store | undefined;
}

/** What is sealed: `ID.END.VALUE`, the end in milliseconds since the epoch, base 36. Without a list of revoked handles, no id. */
interface Content {
  readonly id: string;
  readonly endMs: Millis;
  readonly value: string;
}

const ID_BYTES = 9;
const KEY = 'revoked/';

/** Seals each value with its end. */
export class SignedHandles implements Handles {
  readonly #options: SignedOptions;

  constructor(options: SignedOptions) {
    this.#options = options;
  }

  async create(value: string, owner: string): Promise<string> {
    return await this.#seal(value, owner);
  }

  async read(handle: string, owner: string): Promise<string | undefined> {
    return (await this.#open(handle, owner))?.value;
  }

  async change(
    handle: string,
    owner: string,
    alter: (value: string) => string,
  ): Promise<Changed | undefined> {
    const content = await this.#open(handle, owner);
    if (content === undefined || !(await this.#isFirstToRevoke(content))) return undefined;
    const value = alter(content.value);
    return { handle: await this.#seal(value, owner), value };
  }

  isRotated(handle: string): boolean {
    return this.#options.seal.isRotated(handle);
  }

  async revoke(handle: string, owner: string): Promise<boolean> {
    const content = await this.#open(handle, owner);
    return content !== undefined && this.#isFirstToRevoke(content);
  }

  #seal(value: string, owner: string): string | Promise<string> {
    const { seal, clock, ttlMs, revoked } = this.#options;
    const id = revoked === undefined ? '' : randomBytes(ID_BYTES).toString('base64url');
    return seal.seal(`${id}.${(clock.date().getTime() + ttlMs).toString(36)}.${value}`, owner);
  }

  async #open(handle: string, owner: string): Promise<Content | undefined> {
    const { seal, clock, revoked } = this.#options;
    const text = await seal.open(handle, owner);
    if (text === undefined) return undefined;
    const content = contentOf(text);
    if (content.endMs <= clock.date().getTime()) return undefined;
    return (await revoked?.get(KEY + content.id)) === undefined ? content : undefined;
  }

  /** Lists the handle as revoked; false when it is listed already. */
  async #isFirstToRevoke({ id, endMs }: Content): Promise<boolean> {
    const { revoked, clock } = this.#options;
    if (revoked === undefined) return true;
    return revoked.replace(KEY + id, undefined, '1', endMs - clock.date().getTime());
  }
}

/** Of a text that was sealed above. */
function contentOf(text: string): Content {
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  return {
    id: text.slice(0, first),
    endMs: Number.parseInt(text.slice(first + 1, second), 36),
    value: text.slice(second + 1),
  };
}
