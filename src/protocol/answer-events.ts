/** @module Finds the answer to a request in an event stream while the stream is still open. */
import { isMessage, readCandidate } from './answer.ts';
import { EventReader, type StreamPosition } from './sse.ts';

/** What the answer is searched by. */
interface Wanted {
  readonly id: string | number;
  /** Whether the answer must carry `id`. */
  readonly checkIds: boolean;
  /** HTTP status of the answer. */
  readonly status: number;
}

/** Reads the event stream that answers one request, in pieces of any size. The result does not depend on where it is cut. */
export class AnswerEvents {
  readonly #wanted: Wanted;
  readonly #onMessage: ((text: string) => void) | undefined;
  readonly #events = new EventReader();

  /** @param onMessage - receives the text of each message of the server that comes before the answer. */
  constructor(wanted: Wanted, onMessage: ((text: string) => void) | undefined) {
    this.#wanted = wanted;
    this.#onMessage = onMessage;
  }

  /** The text of the answer, once `bytes` complete its event. What follows it is not read. */
  push(bytes: Uint8Array): string | undefined {
    const { id, checkIds, status } = this.#wanted;
    for (const text of this.#events.push(bytes)) {
      if (text.trim() === '') continue;
      const { role } = readCandidate(text, id, checkIds, status);
      if (role === 'answer') return text;
      if (role === 'from-server') this.#onMessage?.(text);
    }
    return undefined;
  }

  /** Where the stream can be continued; `undefined` when no event had an id. */
  get position(): StreamPosition | undefined {
    return this.#events.position;
  }

  /** Whether the stream so far ends with data that no blank line follows. */
  get unterminated(): boolean {
    return this.#events.unterminated;
  }
}

/** The JSON-RPC messages among the events that `bytes` complete. */
export function messagesIn(events: EventReader, bytes: Uint8Array): readonly string[] {
  return events.push(bytes).filter(isMessage);
}
