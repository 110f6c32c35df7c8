/** @module What one session sends: requests as far as the windows of the server allow, and control frames. */
import type { ClientStream } from './client-stream.ts';
import type { ErrorName } from './error-code.ts';
import type { Http2Fault } from './fault.ts';
import { FRAME_BYTES, FRAME_HEADER_BYTES, WINDOW_BYTES } from './frame.ts';
import {
  frameRoom,
  PREFACE,
  putData,
  putGoAway,
  putHeaders,
  putPingAck,
  putReset,
  putSettings,
  putSettingsAck,
  putWindowUpdate,
} from './frame-writer.ts';
import { HpackEncoder } from './hpack-encoder.ts';
import { Output, type SessionSocket } from './output.ts';
import type { PeerSettings } from './peer-settings.ts';
import type { RequestForm } from './request-form.ts';
import { SendWindow } from './windows.ts';

/** Room for the preface, or for any control frame. */
const CONTROL_BYTES = 128;
/** Part of a body that is written at a time, where that is more than a frame. */
const PART_BYTES = 64 * 1024;

/** How a session begins, and how it writes its requests. */
export interface SendOptions<Request> {
  /** Over TLS. */
  readonly secure: boolean;
  readonly form: RequestForm<Request>;
  /** Bytes that the server may send on a stream, and on the connection, before it hears that they were taken. */
  readonly streamWindowBytes: number;
  readonly connectionWindowBytes: number;
}

const NOTHING = Buffer.alloc(0);

/** Writes the frames of one session. */
export class Sender<Request> {
  readonly #output: Output;
  readonly #options: SendOptions<Request>;
  readonly #form: RequestForm<Request>;
  readonly #encoder = new HpackEncoder();
  readonly #window = new SendWindow();
  #initialWindow = WINDOW_BYTES;
  #maxFrame = FRAME_BYTES;
  #startedId = 0;
  /** The last stream of which something was sent. */
  sentId = 0;
  /** Streams whose bodies wait for windows, in the order in which they began to wait. */
  readonly #blocked = new Set<ClientStream>();

  constructor(socket: SessionSocket, options: SendOptions<Request>) {
    this.#options = options;
    this.#form = options.form;
    this.#output = new Output(socket, options.secure, () => {
      this.sentId = this.#startedId;
    });
  }

  /** Sends what a client begins with: server push is off, and the sizes of the windows. */
  preface(): void {
    const output = this.#reserve(CONTROL_BYTES);
    const { bytes } = output;
    const { streamWindowBytes, connectionWindowBytes } = this.#options;
    let end = output.end + PREFACE.copy(bytes, output.end);
    end = putSettings(bytes, end, { ENABLE_PUSH: 0, INITIAL_WINDOW_SIZE: streamWindowBytes });
    output.end = putWindowUpdate(bytes, end, 0, connectionWindowBytes - WINDOW_BYTES);
    // Nothing else can be sent before the server has answered.
    output.flush();
  }

  /** The window of a new stream. */
  get initialWindow(): number {
    return this.#initialWindow;
  }

  /** Sends `request` on `stream`, as much of its body as the windows allow. */
  request(stream: ClientStream, request: Request): void {
    const length = this.#form.bodyLength(request);
    this.#head(stream, request, length);
    this.#startedId = stream.id;
    if (length === 0) return;
    if (length > this.#maxFrame || length > this.#allowed(stream)) {
      stream.unsent = Buffer.allocUnsafeSlow(length);
      this.#form.putBody(request, stream.unsent, 0);
      this.#continue(stream);
      return;
    }
    const output = this.#reserve(FRAME_HEADER_BYTES + length);
    const at = output.end;
    const end = this.#form.putBody(request, output.bytes, at + FRAME_HEADER_BYTES);
    this.#spend(stream, length);
    output.end = putData(output.bytes, at, end, stream.id, !stream.unfinished, this.#maxFrame);
  }

  /** Sends the bytes in [`from`, `to`), the next ones of an unfinished body; `last`: they end it. What the windows do not allow is copied. */
  body(stream: ClientStream, bytes: Buffer, from: number, to: number, last: boolean): void {
    const length = to - from;
    stream.unfinished = !last;
    if (stream.unsent !== undefined || length > Math.max(0, this.#allowed(stream))) {
      const waiting = stream.unsent ?? NOTHING;
      stream.unsent = Buffer.concat([waiting, bytes.subarray(from, to)]);
      this.#continue(stream);
      return;
    }
    if (length === 0 && !last) return;
    const output = this.#reserve(length + frameRoom(length, this.#maxFrame));
    const at = output.end;
    bytes.copy(output.bytes, at + FRAME_HEADER_BYTES, from, to);
    this.#spend(stream, length);
    output.end = putData(output.bytes, at, at + FRAME_HEADER_BYTES + length, stream.id, last, this.#maxFrame);
  }

  /** Takes the settings of the server, and acknowledges them. `streams`: those that are open. */
  settings(peer: PeerSettings, streams: Iterable<ClientStream>): Http2Fault | undefined {
    const difference = peer.initialWindowBytes - this.#initialWindow;
    this.#initialWindow = peer.initialWindowBytes;
    this.#maxFrame = peer.maxFrameBytes;
    this.#encoder.resize(peer.headerTableBytes, peer.smallestTableBytes);
    const output = this.#reserve(CONTROL_BYTES);
    output.end = putSettingsAck(output.bytes, output.end);
    if (difference === 0) return undefined;
    for (const stream of streams) {
      const fault = stream.sendWindow.adjust(difference);
      if (fault !== undefined) return fault;
    }
    if (difference > 0) this.#continueAll();
    return undefined;
  }

  /** The server takes `increment` bytes more on the connection. */
  grow(increment: number): Http2Fault | undefined {
    const fault = this.#window.grow(increment);
    if (fault === undefined) this.#continueAll();
    return fault;
  }

  /** The server takes `increment` bytes more on `stream`. */
  growStream(stream: ClientStream, increment: number): Http2Fault | undefined {
    const fault = stream.sendWindow.grow(increment);
    if (fault === undefined && stream.unsent !== undefined) this.#continue(stream);
    return fault;
  }

  /** Sends nothing more of `stream`. Whether its request is incomplete. */
  forget(stream: ClientStream): boolean {
    const isWhole = stream.unsent === undefined && !stream.unfinished;
    if (stream.unsent !== undefined) this.#blocked.delete(stream);
    stream.unsent = undefined;
    stream.unfinished = false;
    return !isWhole;
  }

  windowUpdate(stream: number, increment: number): void {
    const output = this.#reserve(CONTROL_BYTES);
    output.end = putWindowUpdate(output.bytes, output.end, stream, increment);
  }

  ping(bytes: Buffer, at: number): void {
    const output = this.#reserve(CONTROL_BYTES);
    output.end = putPingAck(output.bytes, output.end, bytes, at);
  }

  reset(stream: number, error: ErrorName): void {
    const output = this.#reserve(CONTROL_BYTES);
    output.end = putReset(output.bytes, output.end, stream, error);
  }

  /** Says why the connection ends, and sends nothing more. A client has processed no stream of the server. */
  goAway(error: ErrorName): void {
    const output = this.#reserve(CONTROL_BYTES);
    output.end = putGoAway(output.bytes, output.end, 0, error);
    output.flush();
    output.close();
  }

  close(): void {
    this.#output.close();
  }

  #reserve(count: number): Output {
    this.#output.reserve(count);
    return this.#output;
  }

  #head(stream: ClientStream, request: Request, length: number): void {
    const form = this.#form;
    const shared = this.#encoder.head(form.shared(request));
    const block = shared.length + form.roomForOwn(request);
    const output = this.#reserve(block + frameRoom(block, this.#maxFrame));
    const { bytes, end: at } = output;
    bytes.set(shared, at + FRAME_HEADER_BYTES);
    const end = form.putOwn(request, length, bytes, at + FRAME_HEADER_BYTES + shared.length);
    const isWhole = length === 0 && !stream.unfinished;
    output.end = putHeaders(bytes, at, end, stream.id, isWhole, this.#maxFrame);
  }

  #allowed(stream: ClientStream): number {
    return Math.min(this.#window.available, stream.sendWindow.available);
  }

  #spend(stream: ClientStream, bytes: number): void {
    this.#window.spend(bytes);
    stream.sendWindow.spend(bytes);
  }

  #continueAll(): void {
    for (const stream of this.#blocked) {
      if (this.#window.available <= 0) return;
      this.#continue(stream);
    }
  }

  /** Sends what the windows allow of the rest of a body. */
  #continue(stream: ClientStream): void {
    const unsent = stream.unsent!;
    const count = Math.max(0, Math.min(unsent.length, this.#allowed(stream)));
    for (let from = 0; from < count; from += PART_BYTES) {
      const part = Math.min(PART_BYTES, count - from);
      const output = this.#reserve(part + frameRoom(part, this.#maxFrame));
      const at = output.end;
      const end = at + FRAME_HEADER_BYTES + part;
      unsent.copy(output.bytes, at + FRAME_HEADER_BYTES, from, from + part);
      const last = from + part === unsent.length && !stream.unfinished;
      output.end = putData(output.bytes, at, end, stream.id, last, this.#maxFrame);
    }
    this.#spend(stream, count);
    const done = count === unsent.length;
    stream.unsent = done ? undefined : unsent.subarray(count);
    if (!done) this.#blocked.add(stream);
    else if (this.#blocked.delete(stream)) stream.onSent();
  }
}
