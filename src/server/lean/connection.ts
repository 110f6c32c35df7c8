/** @module One connection of the lean server: bytes in, requests to the handler, answers out in order. */
import type { Socket } from 'node:net';
import { systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { Caller } from '../queue.ts';
import { type BadRequest, type Head, MAX_HEAD_BYTES, parseHead, readChunks } from './framing.ts';

/** Gives the whole answer, head and body, in plain ASCII; at once when it can. */
export interface Handler {
  /** For a caller that has gone, any text will do: it is not sent. */
  answer(head: Head, body: string, startedUs: Micros, caller: Caller): string | Promise<string>;
  /** The answer to what could not be framed. */
  refuse(fault: BadRequest): string;
}

const EMPTY = Buffer.alloc(0);
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * Heads by their text: a client repeats the same head from call to call (ids and arguments are in the body), so
 * nearly every head is parsed only once.
 */
const heads = new Map<string, Head>();
const MAX_HEADS = 4096;

interface Taken {
  readonly head: Head;
  readonly body: string;
}

/** Serves `socket` until it ends. */
export function serveConnection(socket: Socket, handler: Handler): void {
  const connection = new Connection(socket, handler);
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => connection.receive(chunk));
  // A reset by the peer is no news; `close` follows.
  socket.on('error', () => socket.destroy());
}

class Connection {
  readonly #socket: Socket;
  readonly #handler: Handler;
  #buffer: Buffer = EMPTY;
  #busy = false;
  #ended = false;
  /** The head whose body is not complete, and where that body begins, so that neither is looked for again. */
  #waiting: { readonly head: Head; readonly bodyAt: number } | undefined;

  constructor(socket: Socket, handler: Handler) {
    this.#socket = socket;
    this.#handler = handler;
  }

  receive(chunk: Buffer): void {
    if (this.#ended) return;
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    // Whoever sends on without waiting for the answer is held back. Nobody else: a paused socket does not notice that its peer has gone.
    if (this.#busy) this.#socket.pause();
    else this.#advance();
  }

  #advance(): void {
    while (!this.#busy && this.#buffer.length > 0) {
      const startedUs = systemClock.now();
      const taken = this.#take();
      if (taken === undefined) return;
      if ('status' in taken) {
        this.#end(this.#handler.refuse(taken));
        return;
      }
      const answer = this.#handler.answer(taken.head, taken.body, startedUs, this.#socket);
      if (typeof answer === 'string') this.#write(taken.head, answer);
      else this.#await(taken.head, answer);
    }
  }

  /** Answers keep the order of their requests: whatever else arrives has to wait. */
  #await(head: Head, answer: Promise<string>): void {
    this.#busy = true;
    void answer.then((text) => {
      this.#busy = false;
      this.#socket.resume();
      this.#write(head, text);
      this.#advance();
    });
  }

  #write(head: Head, text: string): void {
    if (!head.keepAlive) this.#end(text);
    else if (!this.#socket.destroyed && !this.#socket.write(text, 'latin1')) this.#awaitReader();
  }

  /** A peer that sends without reading gets no further answers made for it. */
  #awaitReader(): void {
    this.#busy = true;
    this.#socket.pause();
    this.#socket.once('drain', () => {
      this.#busy = false;
      this.#socket.resume();
      this.#advance();
    });
  }

  #end(text: string): void {
    this.#ended = true;
    this.#buffer = EMPTY;
    this.#socket.end(text, 'latin1');
  }

  /** The next complete request, off the buffer. */
  #take(): Taken | BadRequest | undefined {
    const waiting = this.#waiting ?? this.#takeHead();
    if (waiting === undefined || 'status' in waiting) return waiting;
    this.#waiting = waiting;
    const { head, bodyAt } = waiting;
    if (head.length === 'chunked') {
      const chunks = readChunks(this.#buffer, bodyAt);
      if (chunks === undefined || 'status' in chunks) return chunks;
      this.#drop(chunks.end);
      return { head, body: chunks.body.toString('utf8') };
    }
    const end = bodyAt + head.length;
    if (this.#buffer.length < end) return undefined;
    const body = this.#buffer.toString('utf8', bodyAt, end);
    this.#drop(end);
    return { head, body };
  }

  #takeHead(): { readonly head: Head; readonly bodyAt: number } | BadRequest | undefined {
    const end = this.#buffer.indexOf(HEAD_END);
    if (end > MAX_HEAD_BYTES || (end < 0 && this.#buffer.length > MAX_HEAD_BYTES)) {
      return { status: 431, message: `a head may have ${MAX_HEAD_BYTES} bytes at most` };
    }
    if (end < 0) return undefined;
    const head = headOf(this.#buffer.toString('latin1', 0, end));
    if ('status' in head) return head;
    if (/^100-continue$/i.test(head.headers.get('expect') ?? '')) {
      this.#socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1');
    }
    return { head, bodyAt: end + HEAD_END.length };
  }

  #drop(bytes: number): void {
    this.#buffer = bytes === this.#buffer.length ? EMPTY : this.#buffer.subarray(bytes);
    this.#waiting = undefined;
  }
}

function headOf(text: string): Head | BadRequest {
  const known = heads.get(text);
  if (known !== undefined) return known;
  const head = parseHead(text);
  if ('status' in head) return head;
  if (heads.size >= MAX_HEADS) heads.clear();
  heads.set(text, head);
  return head;
}
