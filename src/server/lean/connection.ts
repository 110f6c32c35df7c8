/** @module One connection of the lean server: bytes in, requests to the handler, answers out in order. */
import type { Socket } from 'node:net';
import { BodyReader } from '../../http/body-reader.ts';
import { systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { Caller } from '../queue.ts';
import { BodyText } from './body-text.ts';
import {
  type BadRequest,
  badRequest,
  type LeanHead,
  MAX_BODY_BYTES,
  MAX_HEAD_BYTES,
  parseHead,
  TOO_LARGE,
} from './framing.ts';

/** An answer that begins now and ends later. */
export interface LongAnswer {
  readonly opening: string;
  readonly rest: Promise<string>;
}

/** Writes what follows on a stream. */
export interface StreamWriter {
  /** Has no effect once the connection has closed. */
  write(text: string): void;
  /** Writes the last of it; resolves when that is on its way, or the connection has closed. */
  end(text: string): Promise<void>;
}

/** An answer that begins now and goes on until whoever writes it ends it. */
export interface EventStream {
  readonly opening: string;
  /** Called once. Returns what is called when the connection closes before the end. */
  begin(writer: StreamWriter): () => void;
}

/** What a handler gives. */
type Given = string | LongAnswer | EventStream;

/** Gives the whole answer, head and body, in plain ASCII; at once when it can. */
export interface Handler {
  /** For a caller that has disconnected, any text is accepted, as it is not sent. */
  answer(head: LeanHead, body: string, startedUs: Micros, caller: Caller): Given | Promise<Given>;
  /** The answer to what could not be framed. */
  refuse(fault: BadRequest): string;
}

const EMPTY = Buffer.alloc(0);
const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END_BYTES = 2;
/** A peer that does not read its stream is disconnected when this much waits for it. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/**
 * Heads by their text: a client repeats the same head from call to call (ids and arguments are in the body), so
 * nearly every head is parsed only once.
 */
const heads = new Map<string, LeanHead>();
const MAX_HEADS = 4096;

interface Taken {
  readonly head: LeanHead;
  readonly body: string;
}

/** Serves `socket` until it ends. */
export function serveConnection(socket: Socket, handler: Handler): void {
  const connection = new LeanConnection(socket, handler);
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => connection.receive(chunk));
  // A reset by the peer needs no handling; `close` follows.
  socket.on('error', () => socket.destroy());
}

class LeanConnection {
  readonly #socket: Socket;
  readonly #handler: Handler;
  readonly #bodyReader = new BodyReader();
  readonly #body = new BodyText();
  #buffer: Buffer = EMPTY;
  /** Up to where the buffer has been read. */
  #at = 0;
  #busy = false;
  #ended = false;
  /** The head whose body is not complete. */
  #head: LeanHead | undefined;

  constructor(socket: Socket, handler: Handler) {
    this.#socket = socket;
    this.#handler = handler;
  }

  receive(chunk: Buffer): void {
    if (this.#ended) return;
    const all = this.#at === this.#buffer.length;
    this.#buffer = all ? chunk : Buffer.concat([this.#buffer.subarray(this.#at), chunk]);
    this.#at = 0;
    // Only a client that sends on without waiting for the answer is paused: a paused socket does not notice that its peer has gone.
    if (this.#busy) this.#socket.pause();
    else this.#advance();
  }

  #advance(): void {
    while (!this.#busy && this.#at < this.#buffer.length) {
      const startedUs = systemClock.now();
      const taken = this.#take();
      if (taken === undefined) return;
      if ('status' in taken) {
        this.#end(this.#handler.refuse(taken));
        return;
      }
      this.#answer(taken.head, this.#handler.answer(taken.head, taken.body, startedUs, this.#socket));
    }
  }

  #answer(head: LeanHead, answer: ReturnType<Handler['answer']>): void {
    if (typeof answer === 'string') this.#write(head, answer);
    else if (answer instanceof Promise) this.#await(head, answer);
    else if ('begin' in answer) this.#stream(head, answer);
    else {
      if (!this.#socket.destroyed) this.#socket.write(answer.opening, 'latin1');
      this.#await(head, answer.rest);
    }
  }

  /** Later requests wait for the end of the stream. */
  #stream(head: LeanHead, { opening, begin }: EventStream): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    this.#busy = true;
    socket.write(opening, 'latin1');
    let closed = (): void => undefined;
    const onClose = (): void => closed();
    socket.once('close', onClose);
    closed = begin({
      write: (text) => {
        if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
        else if (!socket.destroyed) socket.write(text, 'latin1');
      },
      end: (text) =>
        new Promise((resolve) => {
          socket.off('close', onClose);
          if (socket.destroyed) resolve();
          else if (!head.keepAlive) socket.end(text, 'latin1', resolve);
          else {
            socket.write(text, 'latin1', () => resolve());
            this.#busy = false;
            socket.resume();
            this.#advance();
          }
        }),
    });
  }

  /** Answers keep the order of their requests, so later requests wait. */
  #await(head: LeanHead, answer: Promise<Given>): void {
    this.#busy = true;
    void answer.then((text) => {
      this.#busy = false;
      this.#socket.resume();
      this.#answer(head, text);
      this.#advance();
    });
  }

  #write(head: LeanHead, text: string): void {
    if (!head.keepAlive) this.#end(text);
    else if (!this.#socket.destroyed && !this.#socket.write(text, 'latin1')) this.#awaitReader();
  }

  /** Produces no further answers for a peer that sends without reading. */
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
    this.#at = 0;
    this.#socket.end(text, 'latin1');
  }

  /** The next complete request. */
  #take(): Taken | BadRequest | undefined {
    const fault = this.#head === undefined ? this.#takeHead() : undefined;
    const head = this.#head;
    if (fault !== undefined || head === undefined) return fault;
    const reader = this.#bodyReader;
    this.#at = reader.read(this.#buffer, this.#at, this.#buffer.length, this.#body);
    // What has been read need not be held while the connection is idle.
    if (this.#at === this.#buffer.length) {
      this.#buffer = EMPTY;
      this.#at = 0;
    }
    if (reader.fault !== undefined) return badRequest(reader.fault);
    if (this.#body.size > MAX_BODY_BYTES) return TOO_LARGE;
    if (!reader.done) return undefined;
    this.#head = undefined;
    return { head, body: this.#body.take() };
  }

  /** Reads a head, once it is complete, and begins its body. Gives what is wrong with it. */
  #takeHead(): BadRequest | undefined {
    const from = this.#at;
    const end = this.#buffer.indexOf(HEAD_END, from);
    if ((end < 0 ? this.#buffer.length : end) - from > MAX_HEAD_BYTES) {
      return { status: 431, message: `a head may have ${MAX_HEAD_BYTES} bytes at most` };
    }
    if (end < 0) return undefined;
    const head = headOf(this.#buffer, from, end);
    if ('status' in head) return head;
    if (/^100-continue$/i.test(head.headers.get('expect') ?? '')) {
      this.#socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1');
    }
    this.#head = head;
    this.#at = end + HEAD_END.length;
    this.#bodyReader.begin(head.length);
    return undefined;
  }
}

/** The head in [`from`, `end`), whose last line is closed after `end`. */
function headOf(bytes: Buffer, from: number, end: number): LeanHead | BadRequest {
  const text = bytes.toString('latin1', from, end);
  const known = heads.get(text);
  if (known !== undefined) return known;
  const head = parseHead(bytes, from, end + LINE_END_BYTES);
  if ('status' in head) return head;
  if (heads.size >= MAX_HEADS) heads.clear();
  heads.set(text, head);
  return head;
}
