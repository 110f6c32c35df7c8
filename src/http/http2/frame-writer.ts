/** @module Frames written into bytes at a position (RFC 9113, sections 3.4, 4.1 and 6). Each function returns where its frames end. */
import { ascii } from '../bytes.ts';
import { ERROR, type ErrorName } from './error-code.ts';
import { FLAG, FRAME, FRAME_HEADER_BYTES, SETTING } from './frame.ts';

/** What a client sends first; its SETTINGS follow. */
export const PREFACE: Buffer = ascii('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** Bytes of a PING. */
const PING_BYTES = 8;

/** Values by name. */
export type Settings = Partial<Readonly<Record<keyof typeof SETTING, number>>>;

/** Writes the header of a frame whose payload, `length` bytes, follows it. */
export function putFrameHeader(
  bytes: Buffer,
  at: number,
  length: number,
  type: number,
  flags: number,
  stream: number,
): number {
  bytes[at] = length >>> 16;
  bytes[at + 1] = length >>> 8;
  bytes[at + 2] = length;
  bytes[at + 3] = type;
  bytes[at + 4] = flags;
  return putWord(bytes, at + 5, stream);
}

/** Bytes that the headers of the frames take around `length` bytes of DATA or of a header block. */
export const frameRoom = (length: number, maxFrameBytes: number): number =>
  FRAME_HEADER_BYTES * Math.max(1, Math.ceil(length / maxFrameBytes));

/**
 * Makes HEADERS, and the CONTINUATIONs that it needs, of the header block in [`at` + 9, `to`). There must be
 * {@link frameRoom} for it.
 * @param maxFrameBytes - the peer's SETTINGS_MAX_FRAME_SIZE.
 */
export function putHeaders(
  bytes: Buffer,
  at: number,
  to: number,
  stream: number,
  endStream: boolean,
  maxFrameBytes: number,
): number {
  const kind = endStream ? HEADERS_AT_END : HEADERS;
  return putFrames(kind, bytes, at, to, stream, maxFrameBytes);
}

/** Makes DATA frames of the bytes in [`at` + 9, `to`), as {@link putHeaders} does; the flow-control windows must allow them. */
export function putData(
  bytes: Buffer,
  at: number,
  to: number,
  stream: number,
  endStream: boolean,
  maxFrameBytes: number,
): number {
  return putFrames(endStream ? DATA_AT_END : DATA, bytes, at, to, stream, maxFrameBytes);
}

export function putSettings(bytes: Buffer, at: number, settings: Settings): number {
  const entries = Object.entries(settings);
  let end = putFrameHeader(bytes, at, entries.length * 6, FRAME.SETTINGS, 0, 0);
  for (const [name, value] of entries) {
    end = bytes.writeUInt16BE(SETTING[name as keyof Settings], end);
    end = bytes.writeUInt32BE(value, end);
  }
  return end;
}

export const putSettingsAck = (bytes: Buffer, at: number): number =>
  putFrameHeader(bytes, at, 0, FRAME.SETTINGS, FLAG.ACK, 0);

/** WINDOW_UPDATE; on stream 0 for the connection. */
export const putWindowUpdate = (bytes: Buffer, at: number, stream: number, increment: number): number =>
  putWord(bytes, putFrameHeader(bytes, at, 4, FRAME.WINDOW_UPDATE, 0, stream), increment);

/** Acknowledges the PING whose bytes are in `ping` from `from` on. */
export function putPingAck(bytes: Buffer, at: number, ping: Uint8Array, from: number): number {
  const payload = putFrameHeader(bytes, at, PING_BYTES, FRAME.PING, FLAG.ACK, 0);
  bytes.set(ping.subarray(from, from + PING_BYTES), payload);
  return payload + PING_BYTES;
}

export const putReset = (bytes: Buffer, at: number, stream: number, error: ErrorName): number =>
  putWord(bytes, putFrameHeader(bytes, at, 4, FRAME.RST_STREAM, 0, stream), ERROR[error]);

/** GOAWAY without debug data; streams of the peer above `lastStream` have not been processed. */
export function putGoAway(bytes: Buffer, at: number, lastStream: number, error: ErrorName): number {
  const payload = putFrameHeader(bytes, at, 8, FRAME.GOAWAY, 0, 0);
  return putWord(bytes, putWord(bytes, payload, lastStream), ERROR[error]);
}

/** The frames that one payload is split into. */
interface Kind {
  readonly first: number;
  readonly next: number;
  readonly firstFlags: number;
  readonly lastFlags: number;
}

const HEADERS: Kind = {
  first: FRAME.HEADERS,
  next: FRAME.CONTINUATION,
  firstFlags: 0,
  lastFlags: FLAG.END_HEADERS,
};
const HEADERS_AT_END: Kind = { ...HEADERS, firstFlags: FLAG.END_STREAM };
const DATA: Kind = { first: FRAME.DATA, next: FRAME.DATA, firstFlags: 0, lastFlags: 0 };
const DATA_AT_END: Kind = { ...DATA, lastFlags: FLAG.END_STREAM };

function putFrames(
  { first, next, firstFlags, lastFlags }: Kind,
  bytes: Buffer,
  at: number,
  to: number,
  stream: number,
  maxFrameBytes: number,
): number {
  const length = to - at - FRAME_HEADER_BYTES;
  const last = Math.max(1, Math.ceil(length / maxFrameBytes)) - 1;
  // From the last to the first: each part moves to the right, by the headers before it.
  for (let i = last; i >= 0; i -= 1) {
    const part = Math.min(maxFrameBytes, length - i * maxFrameBytes);
    const from = at + FRAME_HEADER_BYTES + i * maxFrameBytes;
    const frame = at + i * (FRAME_HEADER_BYTES + maxFrameBytes);
    if (i > 0) bytes.copyWithin(frame + FRAME_HEADER_BYTES, from, from + part);
    const flags = (i === 0 ? firstFlags : 0) | (i === last ? lastFlags : 0);
    putFrameHeader(bytes, frame, part, i === 0 ? first : next, flags, stream);
  }
  return to + last * FRAME_HEADER_BYTES;
}

function putWord(bytes: Buffer, at: number, value: number): number {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
  return at + 4;
}
