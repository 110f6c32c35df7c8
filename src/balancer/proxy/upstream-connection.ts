/** @module One keep-alive connection to an upstream: carries one exchange at a time. */
import type { Socket } from 'node:net';
import { untilClose } from './body.ts';
import type { Exchange } from './exchange.ts';
import { type ResponseHead, readResponseHead } from './head.ts';
import { MessageReader } from './message-reader.ts';

/** What a connection tells the pool it belongs to. */
export interface ConnectionOwner {
  /** Response header, lower case, that names the instance. */
  readonly instanceHeader: string;
  /** It is free for the next exchange, for at most `idleSeconds` if the upstream said so. */
  freed(connection: UpstreamConnection, idleSeconds: number | undefined): void;
  /** It is gone. */
  closed(connection: UpstreamConnection): void;
}

/** Owns its socket, which is connected already. */
export class UpstreamConnection {
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #reader: MessageReader<ResponseHead>;
  #exchange: Exchange | undefined;
  /** Head of the final answer under way. */
  #head: ResponseHead | undefined;
  #reason = 'the connection to the upstream was closed';

  constructor(socket: Socket, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.#reader = new MessageReader((text) =>
      readResponseHead(text, this.#exchange?.method ?? '', owner.instanceHeader),
    );
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('drain', () => this.#exchange?.drained());
    socket.on('end', () => this.#onEnd());
    socket.on('error', (error) => {
      this.#reason = error.message;
    });
    socket.on('close', () => {
      owner.closed(this);
      this.#fail();
    });
  }

  /** Begins an exchange with the first bytes of its request; the result is that of {@link write}. */
  begin(exchange: Exchange, bytes: string | Buffer): boolean {
    this.#exchange = exchange;
    return this.write(bytes);
  }

  /** Sends request bytes (text is Latin-1). False: wait for `drained`. */
  write(bytes: string | Buffer): boolean {
    return this.#socket.write(bytes, 'latin1');
  }

  /** Goes on reading after an answer was held back. */
  resume(): void {
    this.#socket.resume();
  }

  /** Gives the exchange up without a word to it. */
  abandon(): void {
    this.#exchange = undefined;
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
      while (this.#read()) {}
    } catch (error) {
      this.#reason = `not an HTTP answer: ${(error as Error).message}`;
      this.#fail();
      this.#socket.destroy();
    }
  }

  /** Passes one piece on. False when there is nothing more to read, or nobody to read it. */
  #read(): boolean {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      // Bytes nobody asked for: whatever they are, the next answer must not begin with them.
      this.#socket.destroy();
      return false;
    }
    const piece = this.#reader.next();
    if (piece === undefined) return false;
    if (piece.head !== undefined && piece.head.status >= 200) this.#head = piece.head;
    if (!exchange.answer(piece)) this.#socket.pause();
    if (this.#exchange === exchange && piece.last && this.#head !== undefined)
      this.#finish(exchange, this.#head);
    return this.#reader.waiting > 0;
  }

  #finish(exchange: Exchange, head: ResponseHead): void {
    this.#exchange = undefined;
    this.#head = undefined;
    if (head.reusable && exchange.sent && this.#reader.waiting === 0 && !this.#socket.destroyed) {
      if (this.#socket.isPaused()) this.#socket.resume();
      this.#owner.freed(this, head.fields.idleSeconds);
    } else this.#socket.destroy();
    exchange.answered();
  }

  #onEnd(): void {
    const exchange = this.#exchange;
    if (exchange !== undefined && this.#head?.body === untilClose) this.#finish(exchange, this.#head);
    else this.#socket.destroy();
  }

  #fail(): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.failed(this.#reason);
  }
}
