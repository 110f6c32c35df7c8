/** @module The frames of HTTP/2: types, flags, and the sizes that both sides begin with (RFC 9113, sections 4 and 6). */

export const FRAME_HEADER_BYTES = 9;

/** By name (RFC 9113, section 6). */
export const FRAME = {
  DATA: 0x0,
  HEADERS: 0x1,
  PRIORITY: 0x2,
  RST_STREAM: 0x3,
  SETTINGS: 0x4,
  PUSH_PROMISE: 0x5,
  PING: 0x6,
  GOAWAY: 0x7,
  WINDOW_UPDATE: 0x8,
  CONTINUATION: 0x9,
} as const;

export const FLAG = {
  /** Of SETTINGS and PING. */
  ACK: 0x1,
  /** Of DATA and HEADERS. */
  END_STREAM: 0x1,
  END_HEADERS: 0x4,
  PADDED: 0x8,
  PRIORITY: 0x20,
} as const;

/** Identifiers of settings (RFC 9113, section 6.5.2). */
export const SETTING = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  MAX_CONCURRENT_STREAMS: 0x3,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
} as const;

/** SETTINGS_MAX_FRAME_SIZE when nobody names another. */
export const FRAME_BYTES = 16_384;
export const MOST_FRAME_BYTES = 2 ** 24 - 1;
/** SETTINGS_INITIAL_WINDOW_SIZE when nobody names another, and the window of a new connection. */
export const WINDOW_BYTES = 65_535;
export const MOST_WINDOW_BYTES = 2 ** 31 - 1;

/** Whether `count` bytes begin with what a server of HTTP/2 sends first: SETTINGS, on no stream (RFC 9113, sections 3.4 and 6.5). */
export function beginsHttp2(bytes: Uint8Array, count: number): boolean {
  if (count < FRAME_HEADER_BYTES || bytes[3] !== FRAME.SETTINGS || bytes[4] !== 0) return false;
  const length = (bytes[0]! << 16) | (bytes[1]! << 8) | bytes[2]!;
  return length % 6 === 0 && bytes.subarray(5, FRAME_HEADER_BYTES).every((byte) => byte === 0);
}
