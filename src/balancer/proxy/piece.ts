/** @module A stretch of one message on its way through the proxy. */

/** The bytes are those received. Piece and memory are used for something else afterwards: see {@link keptPiece}. */
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

/** The piece with bytes of its own, to be used later. */
export function keptPiece<Head>({ head, chunk, start, from, to, last }: Piece<Head>): Piece<Head> {
  const own = Buffer.from(chunk.subarray(start, to));
  return { head, chunk: own, start: 0, from: from - start, to: to - start, last };
}

/** Up to this size Node sends a string without allocating memory for it. */
const JOINED = 16_384;

/** Writes the piece as it came, head included. */
export function writeVerbatim(sink: Writable, { chunk, start, to }: Piece<unknown>): boolean {
  return writeBytes(sink, chunk, start, to);
}

/** Writes `head`, which is complete, in place of the one that came, and the piece's body bytes. */
export function writeRenewed(sink: Writable, head: string, { chunk, from, to }: Piece<unknown>): boolean {
  if (to - from <= JOINED) return sink.write(head + chunk.toString('latin1', from, to), 'latin1');
  sink.write(head, 'latin1');
  return writeBytes(sink, chunk, from, to);
}

/** Writes the piece's body bytes. */
export function writeBody(sink: Writable, { chunk, from, to }: Piece<unknown>): boolean {
  return from === to || writeBytes(sink, chunk, from, to);
}

/** The sink may hold on to what it is given, so it gets a copy. */
function writeBytes(sink: Writable, chunk: Buffer, from: number, to: number): boolean {
  const isShort = to - from <= JOINED;
  return sink.write(
    isShort ? chunk.toString('latin1', from, to) : Buffer.from(chunk.subarray(from, to)),
    'latin1',
  );
}

/** The body that whole pieces have, as UTF-8. */
export function bodyText(pieces: readonly Piece<unknown>[]): string {
  const [first] = pieces;
  if (pieces.length === 1) return first!.chunk.toString('utf8', first!.from, first!.to);
  return Buffer.concat(pieces.map(({ chunk, from, to }) => chunk.subarray(from, to))).toString();
}
