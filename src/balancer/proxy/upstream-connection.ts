/** @module One keep-alive connection to an upstream that speaks HTTP/1.1: carries one exchange at a time. */
import type { Socket } from 'node:net';
import { type Changes, changedHead } from './gate.ts';
import { type ClientHead, type InstanceField, readUpstreamHead, type UpstreamHead } from './heads.ts';
import type { Intake } from './intake.ts';
import { MessageReader } from './message-reader.ts';
import { type Piece, writeBody, writeRenewed, writeVerbatim } from './piece.ts';
import type { UpstreamCarrier, UpstreamExchange } from './upstream-exchange.ts';

/** What a connection tells the pool it belongs to. */
export interface UpstreamPool {
  /** What names the instance in its answers. */
  readonly instance: InstanceField;
  /** It is free for the next exchange, for at most `idleSeconds` if the upstream said so. */
  freed(connection: UpstreamConnection, idleSeconds: number | undefined): void;
  /** It is gone. */
  closed(connection: UpstreamConnection): void;
}

/** Owns its socket, which is connected already. Answers are passed on from the memory that they were read into; only the beginning of a head is copied. */
export class UpstreamConnection implements UpstreamCarrier {
  readonly returns = false;
  readonly #socket: Socket;
  readonly #pool: UpstreamPool;
  readonly #reader: MessageReader<UpstreamHead>;
  #exchange: UpstreamExchange | undefined;
  /** Whether the last request was one with HEAD, whose answer has no body, whatever its head says. */
  #toHead = false;
  /** Head of the final answer under way. */
  #head: UpstreamHead | undefined;
  #reason = 'the connection to the upstream was closed';

  constructor(intake: Intake, pool: UpstreamPool) {
    const { socket } = intake;
    this.#socket = socket;
    this.#pool = pool;
    const { instance } = pool;
    this.#reader = new MessageReader((bytes, from, to) =>
      readUpstreamHead(bytes, from, to, this.#exchange?.method ?? '', instance),
    );
    intake.take = (bytes, count) => this.#onData(bytes, count);
    socket.on('drain', () => this.#exchange?.drained());
    socket.on('end', () => this.#onEnd());
    socket.on('error', (error) => {
      this.#reason = error.message;
    });
    socket.on('close', () => {
      pool.closed(this);
      this.#fail();
    });
  }

  begin(exchange: UpstreamExchange, first: Piece<ClientHead>, changes: Changes | undefined): boolean {
    this.#exchange = exchange;
    const toHead = exchange.method === 'HEAD';
    if (toHead !== this.#toHead) this.#reader.forget();
    this.#toHead = toHead;
    const head = first.head!;
    if (changes !== undefined) return writeRenewed(this.#socket, changedHead(head, changes), first);
    return head.fields.untouched
      ? writeVerbatim(this.#socket, first)
      : writeRenewed(this.#socket, head.whole, first);
  }

  send(piece: Piece<ClientHead>): boolean {
    return writeBody(this.#socket, piece);
  }

  resume(): void {
    this.#socket.resume();
  }

  abandon(): void {
    this.#exchange = undefined;
    this.#socket.destroy();
  }

  release(): void {
    this.#pool.freed(this, undefined);
  }

  #onData(bytes: Buffer, count: number): void {
    try {
      this.#reader.push(bytes, count);
      while (this.#read()) {}
      this.#reader.keep();
    } catch (error) {
      this.#reason = `not an HTTP answer: ${(error as Error).message}`;
      this.#fail();
      this.#socket.destroy();
    }
  }

  /** Passes one piece on. False when there is nothing more to read, or no exchange to read it for. */
  #read(): boolean {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      // Unrequested bytes: whatever they are, the next answer must not begin with them.
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

  #finish(exchange: UpstreamExchange, head: UpstreamHead): void {
    this.#exchange = undefined;
    this.#head = undefined;
    if (head.reusable && exchange.sent && this.#reader.waiting === 0 && !this.#socket.destroyed) {
      if (this.#socket.isPaused()) this.#socket.resume();
      this.#pool.freed(this, head.fields.idleSeconds);
    } else this.#socket.destroy();
    exchange.answered();
  }

  #onEnd(): void {
    const exchange = this.#exchange;
    if (exchange !== undefined && this.#head?.body === 'close') this.#finish(exchange, this.#head);
    else this.#socket.destroy();
  }

  #fail(): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.failed(this.#reason);
  }
}
