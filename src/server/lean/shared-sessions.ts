/** @module Sessions in the store that all instances share: one that was opened at any of them is known to all, and one that was ended is known to none. */
import type { Identity } from '../../guard/guard.ts';
import type { OpenHandles } from '../../state/open-handles.ts';
import { type After, after, type Cancel, type Clock, systemClock } from '../../units/clock.ts';
import type { Micros, Millis } from '../../units/time.ts';
import { ownerOf } from '../owner.ts';
import type { Sessions } from './session-store.ts';

/** How often the store is asked whether the session of an open stream goes on: another instance may have ended it. */
const WATCH_EVERY: Micros = 250_000;

/** The session of an open stream. */
interface Watched {
  readonly id: string;
  readonly owner: string;
  readonly ended: () => void;
}

/**
 * The id is a handle without meaning, and what is kept is the time of the last renewal. Each request asks the store; nothing is
 * remembered in the instance. A session belongs to the client and user that opened it, and ends when it was not used for its lifetime: a look-up renews it once half of that is over, so that
 * most requests read and do not write.
 */
export class SharedSessions implements Sessions {
  readonly #handles: OpenHandles;
  readonly #ttlMs: Millis;
  readonly #clock: Pick<Clock, 'date'>;
  readonly #after: After;
  readonly #watched = new Set<Watched>();
  #cancelWatch: Cancel | undefined;

  /** `handles` are good for `ttlMs`. */
  constructor(
    handles: OpenHandles,
    ttlMs: Millis,
    clock: Pick<Clock, 'date'> = systemClock,
    later: After = after,
  ) {
    this.#handles = handles;
    this.#ttlMs = ttlMs;
    this.#clock = clock;
    this.#after = later;
  }

  open(caller: Identity | undefined): Promise<string> {
    return this.#handles.create(this.#nowText(), ownerOf(caller));
  }

  async has(id: string, caller: Identity | undefined): Promise<boolean> {
    const owner = ownerOf(caller);
    const renewedMs = await this.#handles.read(id, owner);
    if (renewedMs === undefined) return false;
    if (Number(renewedMs) + this.#ttlMs / 2 > this.#clock.date().getTime()) return true;
    // Undefined: it was ended in between.
    return (await this.#handles.change(id, owner, () => this.#nowText())) !== undefined;
  }

  /** A stream does not keep its session alive. */
  ended(id: string, caller: Identity | undefined): Promise<void> {
    return new Promise((ended) => {
      this.#watched.add({ id, owner: ownerOf(caller), ended });
      this.#watchSoon();
    });
  }

  async end(id: string, caller: Identity | undefined): Promise<void> {
    await this.#handles.revoke(id, ownerOf(caller));
    for (const watched of this.#watched) if (watched.id === id) this.#endStream(watched);
  }

  async close(): Promise<void> {
    this.#cancelWatch?.();
    for (const watched of this.#watched) this.#endStream(watched);
    await this.#handles.close();
  }

  #watchSoon(): void {
    this.#cancelWatch ??= this.#after(WATCH_EVERY, () => {
      this.#cancelWatch = undefined;
      void this.#watch();
    });
  }

  async #watch(): Promise<void> {
    for (const watched of this.#watched) {
      if (!(await this.#goesOn(watched))) this.#endStream(watched);
    }
    if (this.#watched.size > 0) this.#watchSoon();
  }

  /** A store that cannot be reached says nothing about a session. */
  async #goesOn({ id, owner }: Watched): Promise<boolean> {
    return this.#handles.read(id, owner).then(
      (value) => value !== undefined,
      () => true,
    );
  }

  #endStream(watched: Watched): void {
    this.#watched.delete(watched);
    watched.ended();
  }

  #nowText(): string {
    return String(this.#clock.date().getTime());
  }
}
