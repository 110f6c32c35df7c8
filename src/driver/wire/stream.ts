/** @module An answer that stays open, on a connection of its own. */

import type { Request } from '../../protocol/request.ts';
import type { OpenStream, StreamListener } from '../driver.ts';
import { failureOf } from '../failure.ts';
import { StreamMessages } from '../stream-messages.ts';
import type { WireShared } from './connection.ts';
import { BROKEN, COMPLETE, READING_HEAD, ResponseReader } from './response.ts';
import type { SocketListener, WireSocket } from './socket.ts';

/** Memory for one read of TLS. Thousands of streams may stand open, and little comes over them. */
const READ_BYTES = 4 * 1024;

type Shared = Pick<WireShared, 'options' | 'endpoint' | 'opener' | 'requests' | 'texts'>;

/** Reads the head of the answer, and the messages in its body. */
export class WireStream implements OpenStream, SocketListener {
  readonly #shared: Shared;
  /** Until it is sent. */
  #request: Request | undefined;
  readonly #listener: StreamListener;
  readonly #onGone: (stream: WireStream) => void;
  readonly #reader: ResponseReader;
  readonly #socket: WireSocket;
  readonly #messages = new StreamMessages();
  #ready = false;
  #opened = false;
  #over = false;

  /**
   * @param onGone - called once the stream is closed or has ended.
   * @param socket - an open one; absent: one is opened.
   */
  constructor(
    shared: Shared,
    request: Request,
    listener: StreamListener,
    onGone: (stream: WireStream) => void,
    socket?: WireSocket,
  ) {
    this.#shared = shared;
    this.#request = request;
    this.#listener = listener;
    this.#onGone = onGone;
    this.#reader = new ResponseReader(shared.texts, shared.options.instanceHeader);
    if (socket === undefined) {
      this.#socket = shared.opener.open(this, { readBytes: READ_BYTES, versions: ['1.1'] });
      return;
    }
    this.#socket = socket;
    socket.handTo(this);
    this.onReady();
  }

  close(): void {
    this.#finish();
  }

  onReady(): void {
    this.#ready = true;
    if (this.#request !== undefined) this.#shared.requests.send(this.#request, this.#socket);
    this.#request = undefined;
  }

  onRead(bytes: Buffer, count: number): void {
    const reader = this.#reader;
    reader.read(bytes, 0, count);
    if (reader.state === BROKEN) {
      this.#end(reader.fault);
      return;
    }
    if (!this.#opened && reader.state !== READING_HEAD) {
      this.#opened = true;
      this.#listener.onOpen(reader.head.status, reader.head.servedBy);
    }
    this.#readBody();
    if (reader.state === COMPLETE) this.#complete();
  }

  onEnd(error: Error | undefined): void {
    const { address, secure } = this.#shared.endpoint;
    const stage = this.#ready ? 'connected' : 'connecting';
    if (error !== undefined) this.#end(failureOf(error, stage, address, secure).detail);
    else if (this.#reader.finish()) this.#complete();
    else this.#end(`closed ${this.#opened ? 'during the answer' : 'without an answer'} ${address}`);
  }

  #readBody(): void {
    const { head, body } = this.#reader;
    if (body.size === 0) return;
    this.#tell(this.#messages.take(head, body.bytes()));
    body.clear();
  }

  #complete(): void {
    this.#tell(this.#messages.end(this.#reader.head));
    this.#end(undefined);
  }

  #tell(messages: readonly string[]): void {
    for (const text of messages) if (!this.#over) this.#listener.onMessage?.(text);
  }

  #end(detail: string | undefined): void {
    if (this.#finish()) this.#listener.onEnd(detail, this.#messages.position);
  }

  #finish(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#socket.close();
    this.#onGone(this);
    return true;
  }
}
