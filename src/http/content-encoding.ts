/** @module Bodies in a content coding: gzip, deflate and br are decoded (RFC 9110, section 8.4). */
import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** How far a body may be decoded, in bytes, and whether it has ended. */
export interface DecodeLimits {
  readonly most: number;
  /** `false`: gives what the bytes so far decode to. */
  readonly whole: boolean;
}

type Decode = (coded: Buffer, limits: DecodeLimits) => Buffer;

const ZLIB = { whole: constants.Z_FINISH, part: constants.Z_SYNC_FLUSH };
const BROTLI = { whole: constants.BROTLI_OPERATION_FINISH, part: constants.BROTLI_OPERATION_FLUSH };

const optionsOf = (
  flush: typeof ZLIB,
  { most, whole }: DecodeLimits,
): { maxOutputLength: number; finishFlush: number } => ({
  maxOutputLength: most,
  finishFlush: whole ? flush.whole : flush.part,
});

/** By name, in lower case. */
const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', (coded, limits) => gunzipSync(coded, optionsOf(ZLIB, limits))],
  ['x-gzip', (coded, limits) => gunzipSync(coded, optionsOf(ZLIB, limits))],
  ['br', (coded, limits) => brotliDecompressSync(coded, optionsOf(BROTLI, limits))],
  ['deflate', inflate],
  ['identity', (coded) => coded],
]);

/** The name says zlib (RFC 1950), but some servers send the bare deflate format, whose first byte never ends in the digit 8. */
function inflate(coded: Buffer, limits: DecodeLimits): Buffer {
  const unwrap = (coded[0]! & 0x0f) === 8 ? inflateSync : inflateRawSync;
  return unwrap(coded, optionsOf(ZLIB, limits));
}

/** `body` without the codings that `Content-Encoding` names, or a text that says why it cannot be decoded. */
export function decodeBody(body: Buffer, contentEncoding: string, limits: DecodeLimits): Buffer | string {
  let bytes = body;
  const codings = contentEncoding.split(',').map((name) => name.trim().toLowerCase());
  // The last coding was applied last.
  for (const coding of codings.reverse()) {
    const decode = coding === '' ? undefined : DECODERS.get(coding);
    if (decode === undefined) {
      return `content encoding "${contentEncoding}" is not supported, only gzip, deflate and br are`;
    }
    // Answers without a body may name a coding all the same.
    if (bytes.length === 0) continue;
    try {
      bytes = decode(bytes, limits);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ERR_BUFFER_TOO_LARGE'
        ? `content encoding "${contentEncoding}": the decoded body exceeds the limit of ${limits.most} bytes`
        : `content encoding "${contentEncoding}": the body cannot be decoded (${code})`;
    }
  }
  return bytes;
}
