/** @module HTTP/1.1 request framing, strict: what two parsers could read differently is refused (RFC 9112 section 6). */

/** The head of a request. */
export interface Head {
  readonly method: string;
  readonly path: string;
  /** Names in lower case; a name that occurs twice has its values joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bytes of the body, or `chunked`. */
  readonly length: number | 'chunked';
  /** Whether the connection stays open after the answer. */
  readonly keepAlive: boolean;
}

/** A request that cannot be framed; the connection is closed after the answer. */
export interface BadRequest {
  readonly status: 400 | 413 | 431 | 501 | 505;
  readonly message: string;
}

export const MAX_HEAD_BYTES = 16 * 1024;
const MAX_BODY_BYTES = 4 * 1024 * 1024;

const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e]+) HTTP\/(\d)\.(\d)$/;
const HEADER_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/;

/** Reads a head, given without its closing empty line, as Latin-1. */
export function parseHead(text: string): Head | BadRequest {
  const lines = text.split('\r\n');
  const start = REQUEST_LINE.exec(lines[0]!);
  if (start === null) return bad('the request line is not HTTP');
  if (start[3] !== '1') return { status: 505, message: 'only HTTP/1.1 is served' };
  const headers = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const match = HEADER_LINE.exec(line);
    if (match === null || /[\0\r\n]/.test(match[2]!)) return bad('a header line is not HTTP');
    const name = match[1]!.toLowerCase();
    const before = headers.get(name);
    headers.set(name, before === undefined ? match[2]! : `${before}, ${match[2]}`);
  }
  const length = bodyLength(headers);
  if (typeof length === 'object') return length;
  const connection = (headers.get('connection') ?? '').toLowerCase();
  const keepAlive = start[4] === '0' ? /\bkeep-alive\b/.test(connection) : !/\bclose\b/.test(connection);
  return { method: start[1]!, path: start[2]!.split('?')[0]!, headers, length, keepAlive };
}

function bodyLength(headers: ReadonlyMap<string, string>): number | 'chunked' | BadRequest {
  const coding = headers.get('transfer-encoding');
  const given = headers.get('content-length');
  if (coding !== undefined) {
    if (given !== undefined) return bad('Transfer-Encoding and Content-Length exclude each other');
    if (coding.toLowerCase() === 'chunked') return 'chunked';
    return { status: 501, message: 'the only transfer coding served is chunked' };
  }
  if (given === undefined) return 0;
  if (!/^\d{1,15}$/.test(given)) return bad('Content-Length is not one number');
  const length = Number(given);
  return length > MAX_BODY_BYTES ? tooLarge() : length;
}

/** A body sent in chunks, and where it ends; `undefined` while it is incomplete. */
export function readChunks(
  buffer: Buffer,
  from: number,
): { readonly body: Buffer; readonly end: number } | BadRequest | undefined {
  const parts: Buffer[] = [];
  let total = 0;
  let at = from;
  for (;;) {
    const lineEnd = buffer.indexOf('\r\n', at);
    if (lineEnd < 0) return buffer.length - at > 1024 ? bad('a chunk has no size') : undefined;
    const size = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?$/.exec(buffer.toString('latin1', at, lineEnd));
    if (size === null) return bad('a chunk has no size');
    const length = Number.parseInt(size[1]!, 16);
    at = lineEnd + 2;
    if (length === 0) return afterTrailer(buffer, at, parts);
    total += length;
    if (total > MAX_BODY_BYTES) return tooLarge();
    if (buffer.length < at + length + 2) return undefined;
    if (buffer.toString('latin1', at + length, at + length + 2) !== '\r\n')
      return bad('a chunk is longer than its size');
    parts.push(buffer.subarray(at, at + length));
    at += length + 2;
  }
}

/** Trailer fields are read past, not used. */
function afterTrailer(
  buffer: Buffer,
  from: number,
  parts: readonly Buffer[],
): { readonly body: Buffer; readonly end: number } | BadRequest | undefined {
  let at = from;
  for (;;) {
    const lineEnd = buffer.indexOf('\r\n', at);
    if (lineEnd - from > MAX_HEAD_BYTES || (lineEnd < 0 && buffer.length - from > MAX_HEAD_BYTES)) {
      return { status: 431, message: 'the trailer is too large' };
    }
    if (lineEnd < 0) return undefined;
    if (lineEnd === at) return { body: Buffer.concat(parts), end: at + 2 };
    at = lineEnd + 2;
  }
}

const bad = (message: string): BadRequest => ({ status: 400, message });
const tooLarge = (): BadRequest => ({
  status: 413,
  message: `a body may have ${MAX_BODY_BYTES} bytes at most`,
});
