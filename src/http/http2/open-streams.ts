/** @module The open streams of a session, by their ids. */
import type { ClientStream } from './client-stream.ts';
import type { Http2Fault } from './fault.ts';

/** Client streams have odd ids, up to here (RFC 9113, section 5.1.1). */
const LAST_STREAM = 2 ** 31 - 1;

/** Gives streams their ids, and knows those that are open. */
export class OpenStreams<Stream extends ClientStream> {
  readonly #byId = new Map<number, Stream>();
  #nextId = 1;

  get size(): number {
    return this.#byId.size;
  }

  all(): Iterable<Stream> {
    return this.#byId.values();
  }

  find(id: number): Stream | undefined {
    return this.#byId.get(id);
  }

  /** Whether ids are left. */
  get idsLeft(): boolean {
    return this.#nextId <= LAST_STREAM;
  }

  /** Begins a request on `stream`, which may send `windowBytes` at first. */
  open(stream: Stream, windowBytes: number): void {
    const id = this.#nextId;
    this.#nextId += 2;
    stream.open(id, windowBytes);
    this.#byId.set(id, stream);
  }

  remove(stream: Stream): void {
    this.#byId.delete(stream.id);
  }

  clear(): void {
    this.#byId.clear();
  }

  /** What is wrong with a frame on `id`, which is not open: nothing on a stream that has ended, as it may have been sent before that. */
  unknown(id: number): Http2Fault | undefined {
    return id % 2 === 1 && id < this.#nextId ? undefined : 'frame-stream';
  }

  /** Those that a server has not processed which processed those up to `lastStream`. */
  above(lastStream: number): Stream[] {
    return [...this.#byId.values()].filter(({ id }) => id > lastStream);
  }
}
