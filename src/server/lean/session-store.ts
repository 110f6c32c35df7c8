/** @module The sessions of one lean instance: what any way of keeping them does, and those in its memory. */
import { randomUUID } from 'node:crypto';
import type { Identity } from '../../guard/guard.ts';

/** Sessions by their id. `caller` is undefined where calls are not checked. Methods reject only when a store cannot be reached. */
export interface Sessions {
  /** Opens a session and gives its id. */
  open(caller: Identity | undefined): string | Promise<string>;
  /** Whether there is such a session, and this caller may use it. At once when it can. */
  has(id: string, caller: Identity | undefined): boolean | Promise<boolean>;
  /** Resolves when the session of `id` ends; at once when there is none. */
  ended(id: string, caller: Identity | undefined): Promise<void>;
  end(id: string, caller: Identity | undefined): void | Promise<void>;
  /** Releases what is held open; the sessions stay where they are kept. */
  close(): Promise<void>;
}

interface Session {
  readonly ended: Promise<void>;
  readonly end: () => void;
}

/** In memory: unknown to every other instance, and gone with this one. None ends by itself, and whoever knows the id may use it. */
export class MemorySessions implements Sessions {
  readonly #open = new Map<string, Session>();

  open(): string {
    const id = randomUUID();
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#open.set(id, { ended, end });
    return id;
  }

  has(id: string): boolean {
    return this.#open.has(id);
  }

  ended(id: string): Promise<void> {
    return this.#open.get(id)?.ended ?? Promise.resolve();
  }

  end(id: string): void {
    this.#open.get(id)?.end();
    this.#open.delete(id);
  }

  async close(): Promise<void> {
    this.#open.clear();
  }
}
