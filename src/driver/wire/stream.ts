/** @module An answer that stays open, on a connection of its own. */
import type { Request } from '../../protocol/request.ts';
import type { OpenStream, StreamListener } from '../driver.ts';
import { failureOf } from '../failure.ts';
import type { WireShared } from './connection.ts';
import { ListenedBody } from './listened-body.ts';
import { BROKEN, COMPLETE, READING_HEAD, ResponseReader } from './response.ts';
import type { SocketListener, WireSocket } from './socket.ts';
import { SpareSocket } from './spare-sockets.ts';

/** Memory for one read of TLS. Thousands of streams may stand open, and little comes over them. */
const READ_BYTES = 4 * 1024;

type Shared = Pick<WireShared, 'options' | 'endpoint' | 'opener' | 'requests' | 'texts' | 'spare'>;

/** Reads the head of the answer, and the messages in its body. */
export class WireStream implements OpenStream, SocketListener {
  readonly #shared: Shared;
  /** Until its answer begins. */
  #request: Request | undefined;
  readonly #listener: StreamListener;
  readonly #reader: ResponseReader;
  #socket: WireSocket;
  readonly #body: ListenedBody;
  /** The connection carried a request before: the server may have closed it. */
  #used: boolean;
  #ready = false;
  #opened = false;
  /** Nothing lies beyond what was read of the answer. */
  #clean = true;

  /**
   * @param onGone - called once the stream is closed or has ended.
   * @param given - an open one; absent: one is opened.
   */
  constructor(
    shared: Shared,
    request: Request,
    listener: StreamListener,
    onGone: (stream: WireStream) => void,
    given?: WireSocket | SpareSocket,
  ) {
    this.#shared = shared;
    this.#request = request;
    this.#listener = listener;
    this.#body = new ListenedBody(listener, () => {
      if (this.#isReusable) shared.spare.give(this.#socket);
      else this.#socket.close();
      onGone(this);
    });
    this.#reader = new ResponseReader(shared.texts, shared.options.instanceHeader);
    this.#used = given instanceof SpareSocket;
    if (given === undefined) {
      this.#socket = this.#connect();
      return;
    }
    this.#socket = given instanceof SpareSocket ? given.socket : given;
    this.#socket.handTo(this);
    this.onReady();
  }

  close(): void {
    this.#body.close();
  }

  onReady(): void {
    this.#ready = true;
    if (this.#request !== undefined) this.#shared.requests.send(this.#request, this.#socket);
  }

  onRead(bytes: Buffer, count: number): void {
    const reader = this.#reader;
    this.#request = undefined;
    this.#clean = reader.read(bytes, 0, count) === count;
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
    if (this.#used && this.#request !== undefined) {
      this.#used = false;
      this.#ready = false;
      this.#socket = this.#connect();
      return;
    }
    const { address, secure } = this.#shared.endpoint;
    const stage = this.#ready ? 'connected' : 'connecting';
    if (error !== undefined) this.#body.end(failureOf(error, stage, address, secure).detail);
    else if (this.#reader.finish()) this.#body.complete(this.#reader.head);
    else this.#body.end(`closed ${this.#opened ? 'during the answer' : 'without an answer'} ${address}`);
  }

  /** A refusal was read to its end, and the server keeps the connection. */
  get #isReusable(): boolean {
    const { state, head } = this.#reader;
    return state === COMPLETE && this.#clean && head.status >= 300 && head.keepAlive;
  }

  #connect(): WireSocket {
    return this.#shared.opener.open(this, { readBytes: READ_BYTES, versions: ['1.1'] });
  }

  #readBody(): void {
    const { head, body } = this.#reader;
    if (body.size === 0) return;
    this.#body.take(head, body.bytes());
    body.clear();
  }
}
