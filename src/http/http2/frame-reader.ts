/** @module The frames that a server sends, read from bytes in pieces of any size (RFC 9113, sections 4 and 6). */
import type { Http2Fault } from './fault.ts';
import { FLAG, FRAME, FRAME_BYTES, FRAME_HEADER_BYTES } from './frame.ts';
import { frameFault } from './frame-rules.ts';
import { HeaderBlock } from './header-block.ts';
import { PeerSettings } from './peer-settings.ts';

/** Bytes that PRIORITY puts into HEADERS. */
const PRIORITY_BYTES = 5;
const STREAM_MASK = 0x7fff_ffff;

/** Takes what frames say. A fault that it returns ends the connection. Bytes are valid until the call returns. */
export interface FrameSink {
  /** A complete header block lies in [`from`, `to`). It must be decoded even when nobody waits for the stream. */
  headers(
    stream: number,
    bytes: Buffer,
    from: number,
    to: number,
    endStream: boolean,
  ): Http2Fault | undefined;
  /**
   * A piece of data lies in [`from`, `to`), maybe an empty one. `spent`: what it takes of the flow-control windows, padding
   * included. `endStream`: it is the last one of its stream.
   */
  data(
    stream: number,
    bytes: Buffer,
    from: number,
    to: number,
    spent: number,
    endStream: boolean,
  ): Http2Fault | undefined;
  /** RST_STREAM; `code`: see `errorName`. */
  reset(stream: number, code: number): Http2Fault | undefined;
  /** SETTINGS, which have to be acknowledged; {@link FrameReader.peer} has them. */
  settings(peer: PeerSettings): Http2Fault | undefined;
  settingsAcknowledged(): Http2Fault | undefined;
  /** PING, or its acknowledgement: 8 bytes from `at` on. */
  ping(bytes: Buffer, at: number, acknowledged: boolean): Http2Fault | undefined;
  /** GOAWAY: streams above `lastStream` have not been processed. */
  goAway(lastStream: number, code: number, debug: string): Http2Fault | undefined;
  /** WINDOW_UPDATE, of the connection on stream 0. `increment`: 0 to 2^31-1. */
  windowUpdate(stream: number, increment: number): Http2Fault | undefined;
}

/**
 * Reads the frames of one connection. Data is handed on as it comes; other frames that come in parts are put together. Never
 * throws on any input.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #maxFrameBytes: number;
  readonly peer = new PeerSettings();
  readonly #block = new HeaderBlock();
  /** The beginning of a frame whose end has not come yet. */
  #held: Buffer = Buffer.alloc(0);
  #heldBytes = 0;
  /** Whether the first frame has been seen. */
  #begun = false;
  /** The header of the frame that is being read. */
  #length = 0;
  #type = 0;
  #flags = 0;
  #stream = 0;
  /** Of a DATA frame: what is left of it, and how much of that is padding; -1 until that is known. */
  #inData = false;
  #left = 0;
  #padding = 0;
  /** Why nothing more is read. */
  fault: Http2Fault | undefined = undefined;

  /** @param maxFrameBytes - our SETTINGS_MAX_FRAME_SIZE. */
  constructor(sink: FrameSink, maxFrameBytes: number = FRAME_BYTES) {
    this.#sink = sink;
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Reads [`at`, `end`). Returns the fault that ends the connection. */
  read(bytes: Buffer, at: number, end: number): Http2Fault | undefined {
    let position = at;
    while (position < end && this.fault === undefined) {
      if (this.#inData) position = this.#readData(bytes, position, end);
      else if (this.#heldBytes > 0) position = this.#readHeld(bytes, position, end);
      else position = this.#readFrame(bytes, position, end);
    }
    return this.fault;
  }

  /** Whether the last byte was the end of a frame. */
  get atFrameEnd(): boolean {
    return !this.#inData && this.#heldBytes === 0 && !this.#block.open;
  }

  #readFrame(bytes: Buffer, at: number, end: number): number {
    if (end - at < FRAME_HEADER_BYTES) return this.#hold(bytes, at, end);
    if (!this.#readHeader(bytes, at)) return end;
    const from = at + FRAME_HEADER_BYTES;
    if (this.#inData) return this.#left === 0 ? this.#readData(bytes, from, from) : from;
    if (end - from < this.#length) return this.#hold(bytes, at, end);
    this.fault = this.#readPayload(bytes, from, from + this.#length);
    return from + this.#length;
  }

  /** Completes the header, or the frame, whose beginning is held. */
  #readHeld(bytes: Buffer, at: number, end: number): number {
    const known = this.#heldBytes >= FRAME_HEADER_BYTES;
    const wanted = known ? FRAME_HEADER_BYTES + this.#length : FRAME_HEADER_BYTES;
    const stop = Math.min(end, at + wanted - this.#heldBytes);
    this.#hold(bytes, at, stop);
    if (this.#heldBytes < wanted || (!known && !this.#readHeader(this.#held, 0))) return stop;
    if (!known && !this.#inData && this.#length > 0) return stop;
    this.#heldBytes = 0;
    if (!this.#inData) this.fault = this.#readPayload(this.#held, FRAME_HEADER_BYTES, wanted);
    else if (this.#left === 0) this.#readData(bytes, stop, stop);
    return stop;
  }

  #hold(bytes: Buffer, from: number, to: number): number {
    const length = this.#heldBytes + to - from;
    if (length > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, FRAME_HEADER_BYTES + this.#length));
      this.#held.copy(larger, 0, 0, this.#heldBytes);
      this.#held = larger;
    }
    bytes.copy(this.#held, this.#heldBytes, from, to);
    this.#heldBytes = length;
    return to;
  }

  /** Reads the header of a frame. Whether it is valid. */
  #readHeader(bytes: Buffer, at: number): boolean {
    this.#length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    this.#type = bytes[at + 3]!;
    this.#flags = bytes[at + 4]!;
    this.#stream = wordAt(bytes, at + 5) & STREAM_MASK;
    this.fault = this.#headerFault();
    if (this.#type === FRAME.DATA && this.fault === undefined) {
      this.#inData = true;
      this.#left = this.#length;
      this.#padding = (this.#flags & FLAG.PADDED) === 0 ? 0 : -1;
    }
    return this.fault === undefined;
  }

  #headerFault(): Http2Fault | undefined {
    const type = this.#type;
    if (!this.#begun) {
      if (type !== FRAME.SETTINGS || (this.#flags & FLAG.ACK) !== 0) return 'not-http2';
      this.#begun = true;
    }
    if (this.#length > this.#maxFrameBytes) return 'frame-size';
    const continued = type === FRAME.CONTINUATION;
    if (this.#block.open && !(continued && this.#stream === this.#block.stream)) return 'interrupted';
    if (continued && !this.#block.open) return 'continuation';
    return frameFault(type, this.#flags, this.#length, this.#stream);
  }

  /** Hands on what has come of a DATA frame. */
  #readData(bytes: Buffer, at: number, end: number): number {
    let from = at;
    if (this.#padding < 0) {
      this.#padding = bytes[from]!;
      from += 1;
      this.#left -= 1;
      if (this.#padding > this.#left) {
        this.fault = 'padding';
        return end;
      }
    }
    const stop = Math.min(end, from + this.#left);
    const to = Math.min(stop, from + Math.max(0, this.#left - this.#padding));
    this.#left -= stop - from;
    this.#inData = this.#left > 0;
    const last = !this.#inData && (this.#flags & FLAG.END_STREAM) !== 0;
    this.fault = this.#sink.data(this.#stream, bytes, from, to, stop - at, last);
    return stop;
  }

  /** Reads the payload of a frame other than DATA. */
  #readPayload(bytes: Buffer, from: number, to: number): Http2Fault | undefined {
    const sink = this.#sink;
    const stream = this.#stream;
    const acknowledged = (this.#flags & FLAG.ACK) !== 0;
    switch (this.#type) {
      case FRAME.HEADERS:
        return this.#readHeaders(bytes, from, to);
      case FRAME.CONTINUATION:
        return this.#block.add(bytes, from, to) ?? this.#endBlock();
      case FRAME.RST_STREAM:
        return sink.reset(stream, wordAt(bytes, from) >>> 0);
      case FRAME.SETTINGS:
        if (acknowledged) return sink.settingsAcknowledged();
        return this.peer.read(bytes, from, to) ?? sink.settings(this.peer);
      case FRAME.PING:
        return sink.ping(bytes, from, acknowledged);
      case FRAME.GOAWAY: {
        const lastStream = wordAt(bytes, from) & STREAM_MASK;
        return sink.goAway(lastStream, wordAt(bytes, from + 4) >>> 0, bytes.toString('latin1', from + 8, to));
      }
      case FRAME.WINDOW_UPDATE:
        return sink.windowUpdate(stream, wordAt(bytes, from) & STREAM_MASK);
      default:
        // Priorities are not used, and unknown types are ignored.
        return undefined;
    }
  }

  #readHeaders(bytes: Buffer, from: number, to: number): Http2Fault | undefined {
    const flags = this.#flags;
    let start = from;
    let stop = to;
    if ((flags & FLAG.PADDED) !== 0) {
      stop -= bytes[start]!;
      start += 1;
    }
    if ((flags & FLAG.PRIORITY) !== 0) start += PRIORITY_BYTES;
    if (stop < start) return 'padding';
    const endStream = (flags & FLAG.END_STREAM) !== 0;
    if ((flags & FLAG.END_HEADERS) !== 0)
      return this.#sink.headers(this.#stream, bytes, start, stop, endStream);
    return this.#block.begin(this.#stream, endStream, bytes, start, stop);
  }

  #endBlock(): Http2Fault | undefined {
    if ((this.#flags & FLAG.END_HEADERS) === 0) return undefined;
    const block = this.#block;
    const bytes = block.end();
    return this.#sink.headers(block.stream, bytes, 0, bytes.length, block.endStream);
  }
}

/** Four bytes as a signed number. */
const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
