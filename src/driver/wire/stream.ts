/** @module An answer that stays open, on a connection of its own. */

import type { Request } from '../../protocol/request.ts';
import type { OpenStream, StreamListener } from '../driver.ts';
import { failureOf } from '../failure.ts';
import type { WireShared } from './connection.ts';
import { ListenedBody } from './listened-body.ts';
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
  readonly #reader: ResponseReader;
  readonly #socket: WireSocket;
  readonly #body: ListenedBody;
  #ready = false;
  #opened = false;

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
    this.#body = new ListenedBody(listener, () => {
      this.#socket.close();
      onGone(this);
    });
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
    this.#body.close();
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
      this.#body.end(reader.fault);
      return;
    }
    if (!this.#opened && reader.state !== READING_HEAD) {
      this.#opened = true;
      this.#listener.onOpen(reader.head.status, reader.head.servedBy);
    }
    this.#readBody();
    if (reader.state === COMPLETE) this.#body.complete(this.#reader.head);
  }

  onEnd(error: Error | undefined): void {
    const { address, secure } = this.#shared.endpoint;
    const stage = this.#ready ? 'connected' : 'connecting';
    if (error !== undefined) this.#body.end(failureOf(error, stage, address, secure).detail);
    else if (this.#reader.finish()) this.#body.complete(this.#reader.head);
    else this.#body.end(`closed ${this.#opened ? 'during the answer' : 'without an answer'} ${address}`);
  }

  #readBody(): void {
    const { head, body } = this.#reader;
    if (body.size === 0) return;
    this.#body.take(head, body.bytes());
    body.clear();
  }
}
