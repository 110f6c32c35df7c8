/** @module A stretch of one message on its way through the proxy. */

/** The bytes are those received; nothing is copied. */
export interface Piece<Head> {
  /** Present when the piece begins the message. */
  readonly head: Head | undefined;
  readonly chunk: Buffer;
  /** Where the stretch begins in `chunk`, head included. */
  readonly start: number;
  /** Where its body bytes begin and end. */
  readonly from: number;
  readonly to: number;
  /** Whether the message ends with it. */
  readonly last: boolean;
}

/** Where bytes go; text is Latin-1. */
interface Writable {
  /** False: the receiver wants no more for now. */
  write(bytes: string | Buffer, encoding: 'latin1'): boolean;
}

/** Up to this size head and body are sent as one string, beyond it as two writes. */
const JOINED = 16_384;

/** Writes the piece as it came, head included. */
export function writeVerbatim(sink: Writable, { chunk, start, to }: Piece<unknown>): boolean {
  return sink.write(start === 0 && to === chunk.length ? chunk : chunk.subarray(start, to), 'latin1');
}

/** Writes `head`, which is complete, in place of the one that came, and the piece's body bytes. */
export function writeRenewed(sink: Writable, head: string, { chunk, from, to }: Piece<unknown>): boolean {
  if (to - from <= JOINED) return sink.write(head + chunk.toString('latin1', from, to), 'latin1');
  sink.write(head, 'latin1');
  return sink.write(chunk.subarray(from, to), 'latin1');
}

/** Writes the piece's body bytes. */
export function writeBody(sink: Writable, { chunk, from, to }: Piece<unknown>): boolean {
  return from === to || sink.write(chunk.subarray(from, to), 'latin1');
}

/** The body that whole pieces have, as UTF-8. */
export function bodyText(pieces: readonly Piece<unknown>[]): string {
  const [first] = pieces;
  if (pieces.length === 1) return first!.chunk.toString('utf8', first!.from, first!.to);
  return Buffer.concat(pieces.map(({ chunk, from, to }) => chunk.subarray(from, to))).toString();
}
