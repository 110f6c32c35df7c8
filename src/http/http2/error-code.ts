/** @module The error codes of HTTP/2 (RFC 9113, section 7): what RST_STREAM and GOAWAY say. */

/** By name. */
export const ERROR = {
  NO_ERROR: 0x0,
  PROTOCOL_ERROR: 0x1,
  INTERNAL_ERROR: 0x2,
  FLOW_CONTROL_ERROR: 0x3,
  SETTINGS_TIMEOUT: 0x4,
  STREAM_CLOSED: 0x5,
  FRAME_SIZE_ERROR: 0x6,
  REFUSED_STREAM: 0x7,
  CANCEL: 0x8,
  COMPRESSION_ERROR: 0x9,
  CONNECT_ERROR: 0xa,
  ENHANCE_YOUR_CALM: 0xb,
  INADEQUATE_SECURITY: 0xc,
  HTTP_1_1_REQUIRED: 0xd,
} as const;

export type ErrorName = keyof typeof ERROR;

const NAMES = Object.keys(ERROR);

/** `PROTOCOL_ERROR` for 1; `error 0x63` for a code that has no name. */
export const errorName = (code: number): string => NAMES[code] ?? `error 0x${code.toString(16)}`;
