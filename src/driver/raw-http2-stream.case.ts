/** @module What tests see of the raw server of HTTP/2 as sockets: one for each stream, and one for each connection. */
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { WINDOW_BYTES } from '../http/http2/frame.ts';
import { SendWindow } from '../http/http2/windows.ts';
import { type AnswerPart, AnswerParts } from './answer-parts.case.ts';

/** What a stream sends through. */
export interface RawSender {
  readonly socket: Socket;
  readonly latest: RawStream | undefined;
  sendHead(stream: number, fields: readonly string[], end: boolean): void;
  /** Sends what the windows allow of `data`; returns how much that was. */
  sendData(stream: RawStream, data: Buffer, end: boolean): number;
  end(): void;
}

/** One stream: its request, and what is being sent in answer. */
export class RawStream {
  readonly id: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly window: SendWindow;
  readonly face: StreamFace;
  body: Buffer = Buffer.alloc(0);
  /** What the client may still send. */
  granted = WINDOW_BYTES;
  readonly #sender: RawSender;
  readonly #parts = new AnswerParts();
  readonly #queue: AnswerPart[] = [];
  #onSent: (() => void) | undefined = undefined;

  constructor(sender: RawSender, id: number, windowBytes: number, fields: ReadonlyMap<string, string>) {
    this.#sender = sender;
    this.id = id;
    this.window = new SendWindow(windowBytes);
    this.fields = fields;
    this.face = new StreamFace(sender, this);
  }

  /** Sends `bytes`, of an answer in the form of HTTP/1.1. `onSent`: the windows have had room for all of it. */
  send(bytes: Buffer, onSent: () => void): void {
    this.#queue.push(...this.#parts.push(bytes));
    this.#onSent = onSent;
    this.proceed();
  }

  finish(): void {
    this.#queue.push(...this.#parts.finish());
    this.proceed();
  }

  /** Sends what the windows allow. */
  proceed(): void {
    while (this.#queue.length > 0 && !this.face.destroyed) {
      const part = this.#queue[0]!;
      const ends = this.#queue[1]?.kind === 'end' && this.#queue[1].trailers.length === 0;
      if (!this.#sendPart(part, ends)) return;
      this.#queue.splice(0, ends && part.kind !== 'garbage' ? 2 : 1);
    }
    const onSent = this.#onSent;
    this.#onSent = undefined;
    onSent?.();
  }

  /** Sends one part, and with it the end of the stream. Returns whether all of it has been sent. */
  #sendPart(part: AnswerPart, ends: boolean): boolean {
    const sender = this.#sender;
    if (part.kind === 'garbage') sender.socket.write(part.bytes);
    else if (part.kind === 'head')
      sender.sendHead(this.id, [':status', `${part.status}`, ...part.fields], ends);
    else if (part.kind === 'end') {
      if (part.trailers.length > 0) sender.sendHead(this.id, part.trailers, true);
      else sender.sendData(this, Buffer.alloc(0), true);
    } else return this.#sendData(part.bytes, ends);
    return true;
  }

  #sendData(bytes: Buffer, ends: boolean): boolean {
    const sent = this.#sender.sendData(this, bytes, ends);
    if (sent === bytes.length) return true;
    this.#queue[0] = { kind: 'data', bytes: bytes.subarray(sent) };
    return sent > 0 && this.#sendData(bytes.subarray(sent), ends);
  }
}

/** A stream that looks like a socket which carries one exchange at a time: ending it ends the connection. */
export class StreamFace extends Writable {
  readonly #sender: RawSender;
  readonly #stream: RawStream;
  #cancelled = false;

  constructor(sender: RawSender, stream: RawStream) {
    super({ autoDestroy: false });
    this.#sender = sender;
    this.#stream = stream;
    this.on('error', () => {});
  }

  override _write(bytes: Buffer, _: BufferEncoding, done: () => void): void {
    this.#stream.send(bytes, done);
  }

  override _final(done: () => void): void {
    this.#stream.finish();
    this.#sender.end();
    done();
  }

  /** The client has reset the stream; the connection stays. */
  cancel(): void {
    this.#cancelled = true;
    this.destroy();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#cancelled) this.#sender.socket.destroy();
    done(error);
  }

  resetAndDestroy(): void {
    resetSocket(this.#sender.socket);
  }
}

/** A connection: what is written to it goes to its latest stream. */
export class ConnectionFace extends Writable {
  readonly #sender: RawSender;

  constructor(sender: RawSender) {
    super({ autoDestroy: false });
    this.#sender = sender;
    this.on('error', () => {});
  }

  override _write(bytes: Buffer, _: BufferEncoding, done: () => void): void {
    this.#sender.latest!.face.write(bytes, () => done());
  }

  override _final(done: () => void): void {
    this.#sender.latest?.finish();
    this.#sender.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#sender.socket.destroy();
    done(error);
  }

  resetAndDestroy(): void {
    resetSocket(this.#sender.socket);
  }
}

/** Ends the connection with an error; over TLS Node cannot reset it. */
function resetSocket(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
