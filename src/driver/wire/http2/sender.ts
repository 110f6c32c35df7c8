/** @module What one session sends: requests as far as the windows of the server allow, and control frames. */
import type { ErrorName } from '../../../http/http2/error-code.ts';
import type { Http2Fault } from '../../../http/http2/fault.ts';
import { FRAME_BYTES, FRAME_HEADER_BYTES, WINDOW_BYTES } from '../../../http/http2/frame.ts';
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
} from '../../../http/http2/frame-writer.ts';
import { HpackEncoder, putLiteral } from '../../../http/http2/hpack-encoder.ts';
import type { PeerSettings } from '../../../http/http2/peer-settings.ts';
import { SendWindow } from '../../../http/http2/windows.ts';
import type { Request } from '../../../protocol/request.ts';
import type { BodyBytes } from '../body-bytes.ts';
import type { WireSocket } from '../socket.ts';
import { Output } from './output.ts';
import type { RequestFields } from './request-fields.ts';
import { type Http2Stream, RECEIVE_WINDOW } from './stream.ts';

/** Room for the preface, or for any control frame. */
const CONTROL_BYTES = 128;
/** Room for `content-length` in a header block. */
const LENGTH_FIELD_BYTES = 32;
/** Part of a body that is written at a time, where that is more than a frame. */
const PART_BYTES = 64 * 1024;

/** Writes the frames of one session. */
export class Sender {
  readonly #output: Output;
  readonly #fields: RequestFields;
  readonly #bodies: BodyBytes;
  readonly #encoder = new HpackEncoder();
  readonly #window = new SendWindow();
  #initialWindow = WINDOW_BYTES;
  #maxFrame = FRAME_BYTES;
  #startedId = 0;
  /** The last stream of which something was sent. */
  sentId = 0;
  /** Streams whose bodies wait for windows, in the order in which they began to wait. */
  readonly #blocked = new Set<Http2Stream>();

  constructor(socket: WireSocket, secure: boolean, fields: RequestFields, bodies: BodyBytes) {
    this.#output = new Output(socket, secure, () => {
      this.sentId = this.#startedId;
    });
    this.#fields = fields;
    this.#bodies = bodies;
  }

  /** Sends what a client begins with: server push is off, and the windows are large. */
  preface(): void {
    const output = this.#reserve(CONTROL_BYTES);
    const { bytes } = output;
    let end = output.end + PREFACE.copy(bytes, output.end);
    end = putSettings(bytes, end, { ENABLE_PUSH: 0, INITIAL_WINDOW_SIZE: RECEIVE_WINDOW });
    output.end = putWindowUpdate(bytes, end, 0, RECEIVE_WINDOW - WINDOW_BYTES);
    // Nothing else can be sent before the server has answered.
    output.flush();
  }

  /** The window of a new stream. */
  get initialWindow(): number {
    return this.#initialWindow;
  }

  /** Sends `request` on `stream`, as much of its body as the windows allow. */
  request(stream: Http2Stream, request: Request): void {
    const length = this.#bodies.lengthOf(request);
    this.#head(stream, request, length);
    this.#startedId = stream.id;
    if (length === 0) return;
    if (length > this.#maxFrame || length > this.#allowed(stream)) {
      stream.unsent = Buffer.allocUnsafeSlow(length);
      this.#bodies.put(request, stream.unsent, 0);
      this.#continue(stream);
      return;
    }
    const output = this.#reserve(FRAME_HEADER_BYTES + length);
    const at = output.end;
    const end = this.#bodies.put(request, output.bytes, at + FRAME_HEADER_BYTES);
    this.#spend(stream, length);
    output.end = putData(output.bytes, at, end, stream.id, true, this.#maxFrame);
  }

  /** Takes the settings of the server, and acknowledges them. `streams`: those that are open. */
  settings(peer: PeerSettings, streams: Iterable<Http2Stream>): Http2Fault | undefined {
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
  growStream(stream: Http2Stream, increment: number): Http2Fault | undefined {
    const fault = stream.sendWindow.grow(increment);
    if (fault === undefined && stream.unsent !== undefined) this.#continue(stream);
    return fault;
  }

  /** Sends nothing more of `stream`. Whether its request is incomplete. */
  forget(stream: Http2Stream): boolean {
    if (stream.unsent === undefined) return false;
    stream.unsent = undefined;
    this.#blocked.delete(stream);
    return true;
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

  #head(stream: Http2Stream, request: Request, length: number): void {
    const shared = this.#encoder.head(this.#fields.shared(request));
    const own = this.#fields.own(request);
    const block = shared.length + own.length + LENGTH_FIELD_BYTES;
    const output = this.#reserve(block + frameRoom(block, this.#maxFrame));
    const { bytes, end: at } = output;
    let end = at + FRAME_HEADER_BYTES;
    bytes.set(shared, end);
    end += shared.length;
    if (own.length > 0) bytes.set(own, end);
    end += own.length;
    // Only POST states a length of zero (RFC 9110, section 8.6).
    if (request.head.method === 'POST') end = putLiteral('content-length', `${length}`, bytes, end);
    output.end = putHeaders(bytes, at, end, stream.id, length === 0, this.#maxFrame);
  }

  #allowed(stream: Http2Stream): number {
    return Math.min(this.#window.available, stream.sendWindow.available);
  }

  #spend(stream: Http2Stream, bytes: number): void {
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
  #continue(stream: Http2Stream): void {
    const unsent = stream.unsent!;
    const count = Math.max(0, Math.min(unsent.length, this.#allowed(stream)));
    for (let from = 0; from < count; from += PART_BYTES) {
      const part = Math.min(PART_BYTES, count - from);
      const output = this.#reserve(part + frameRoom(part, this.#maxFrame));
      const at = output.end;
      const end = at + FRAME_HEADER_BYTES + part;
      unsent.copy(output.bytes, at + FRAME_HEADER_BYTES, from, from + part);
      const last = from + part === unsent.length;
      output.end = putData(output.bytes, at, end, stream.id, last, this.#maxFrame);
    }
    this.#spend(stream, count);
    const done = count === unsent.length;
    stream.unsent = done ? undefined : unsent.subarray(count);
    if (done) this.#blocked.delete(stream);
    else this.#blocked.add(stream);
  }
}
