/** @module The body of an answer that stays open, as its listener is told of it. */
import type { StreamListener } from '../driver.ts';
import { StreamMessages } from '../stream-messages.ts';

type BodyFields = Parameters<StreamMessages['take']>[0];

/** Tells a listener of messages and of the end. After the end, or once it is closed, the listener is told nothing more. */
export class ListenedBody {
  readonly #listener: StreamListener;
  readonly #release: () => void;
  readonly #messages = new StreamMessages();
  #over = false;

  /** @param release - gives up what the stream has open; called once, at its end or when it is closed. */
  constructor(listener: StreamListener, release: () => void) {
    this.#listener = listener;
    this.#release = release;
  }

  /** Reads `bytes` of the body. */
  take(fields: BodyFields, bytes: Buffer): void {
    this.#tell(this.#messages.take(fields, bytes));
  }

  /** The body has ended. */
  complete(fields: BodyFields): void {
    this.#tell(this.#messages.end(fields));
    this.end(undefined);
  }

  /** The stream has ended; `detail`: why, where its body has not. */
  end(detail: string | undefined): void {
    if (this.close()) this.#listener.onEnd(detail, this.#messages.position);
  }

  /** Closes the stream; false when it was over. */
  close(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#release();
    return true;
  }

  #tell(messages: readonly string[]): void {
    for (const text of messages) if (!this.#over) this.#listener.onMessage?.(text);
  }
}
