/** @module One client connection: reads its requests one after the other, and makes the client wait when too much has piled up. */
import type { Socket } from 'node:net';
import { Closing } from './closing.ts';
import { Forwarding, type Routing } from './forwarding.ts';
import { readClientHead } from './heads.ts';
import type { Intake } from './intake.ts';
import { MessageReader } from './message-reader.ts';
import { Reject } from './reject.ts';

/** Bytes of later (pipelined) or not yet deliverable requests held before the client is made to wait. */
const HOLD = 65_536;

/** Owns the client's socket. What comes over it is forwarded from the memory that it was read into; only what has to wait is copied. */
export class ClientConnection {
  readonly #socket: Socket;
  readonly #counts: Routing['counts'];
  readonly #reader = new MessageReader(readClientHead);
  readonly #closing: Closing;
  readonly #forwarding: Forwarding;

  /** @param connection - its number. */
  constructor(intake: Intake, routing: Routing, connection: number) {
    const { socket } = intake;
    this.#socket = socket;
    this.#counts = routing.counts;
    this.#closing = new Closing(socket);
    this.#forwarding = new Forwarding(socket, routing, connection, this.#closing, () => this.#pump());
    intake.take = (bytes, count) => this.#onData(bytes, count);
    socket.on('drain', () => this.#onDrain());
    // A client that stops sending has gone: MCP makes a disconnect the way to cancel, and nginx and Node read it so, too.
    socket.on('end', () => this.#closing.clientEnded(this.#forwarding.busy));
    // What there is to do about an error is done at the close that follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#onClose());
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  #onData(bytes: Buffer, count: number): void {
    if (this.#closing.over) return;
    this.#reader.push(bytes, count);
    this.#pump();
    this.#reader.keep();
  }

  #onDrain(): void {
    this.#forwarding.resume();
    this.#pump();
  }

  #onClose(): void {
    this.#closing.closed();
    if (this.#forwarding.busy) this.#counts.cancelled += 1;
    this.#forwarding.abandon();
  }

  /** A client that does not take its answers gets no further requests read. */
  #mayRead(): boolean {
    if (this.#closing.over) return false;
    return this.#forwarding.sending || (!this.#forwarding.busy && !this.#socket.writableNeedDrain);
  }

  /** Reads on as far as the state allows. */
  #pump(): void {
    try {
      while (this.#mayRead()) {
        const piece = this.#reader.next();
        if (piece === undefined) break;
        this.#forwarding.take(piece);
      }
    } catch (error) {
      if (!(error instanceof Reject)) throw error;
      this.#forwarding.refuse(error);
    }
    if (this.#closing.over) return;
    if (this.#reader.waiting > HOLD) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }
}
