/** @module One stream of the driver: its head, as far as the driver needs it. */
import { ClientStream } from '../../../http/http2/client-stream.ts';
import { type ChosenNames, Http2Head } from './answer-head.ts';

/** Bytes that the server may send on a stream, and on a connection, before it hears that we took them. */
export const RECEIVE_WINDOW: number = 16 * 1024 * 1024;

const OPTIONS = { windowBytes: RECEIVE_WINDOW };

/** A stream, which receives the answer to one request. A subclass may use it for one after the other. */
export abstract class Http2Stream extends ClientStream {
  readonly #names: ChosenNames;
  /** Takes the fields of a final head that is being read. */
  #fresh: Http2Head | undefined = undefined;
  /** The final head; `undefined` before it. */
  head: Http2Head | undefined = undefined;

  constructor(names: ChosenNames) {
    super(OPTIONS);
    this.#names = names;
  }

  override open(id: number, windowBytes: number): void {
    super.open(id, windowBytes);
    this.head = undefined;
  }

  override field(name: string, value: string): void {
    this.#fresh?.field(name, value);
  }

  override onBlock(): void {
    this.#fresh = new Http2Head(this.#names);
  }

  override onHead(): void {
    this.head = this.#fresh;
    this.head!.status = this.rules.status;
  }
}
