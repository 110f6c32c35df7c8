/** @module The sessions of one lean instance, in memory. */
import { randomUUID } from 'node:crypto';

interface Session {
  readonly ended: Promise<void>;
  readonly end: () => void;
}

/** Sessions by their id; none ends by itself. */
export class Sessions {
  readonly #open = new Map<string, Session>();

  /** Opens a session and gives its id. */
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

  /** Resolves when the session of `id` ends; at once when there is none. */
  ended(id: string): Promise<void> {
    return this.#open.get(id)?.ended ?? Promise.resolve();
  }

  end(id: string): void {
    this.#open.get(id)?.end();
    this.#open.delete(id);
  }
}
