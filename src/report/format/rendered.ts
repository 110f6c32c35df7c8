/** @module What a format makes of a result. */
import type { Model } from '../model.ts';

/** A file as a whole. */
export interface RenderedFile {
  /** A plain file name without a folder. */
  readonly name: string;
  readonly content: string | Buffer;
}

/** A file that may be written piece by piece. */
interface WritableFile extends Pick<RenderedFile, 'name'> {
  readonly content: Content;
}

/** Text that may be large comes in pieces, which are made while they are written: `writeFile` takes them as they are. */
export type Content = string | Buffer | Pieces;

/** Text in pieces, from the start as often as they are asked for. */
export interface Pieces {
  [Symbol.iterator](): Iterator<string>;
}

/** Characters of a piece, unless what is made at once is longer: each piece is a write of its own. */
const PIECE = 65_536;

/** What `make` yields, in pieces of a size that is worth a write. */
export const pieces = (make: () => Iterable<string>): Pieces => ({
  *[Symbol.iterator]() {
    let piece = '';
    for (const text of make()) {
      piece += text;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
    if (piece !== '') yield piece;
  },
});

/** All of it at once. */
export const whole = (content: Content): string | Buffer =>
  typeof content === 'string' || Buffer.isBuffer(content) ? content : [...content].join('');

export interface Rendered {
  /** At least one for every format that has anything to show; SVG and PNG give one per chart, HDR one per variant and series. */
  readonly files: readonly WritableFile[];
}

/** One line in the table of formats. */
export type Render = (model: Model) => Promise<Rendered>;

/** The one file of a format that has one. */
export const single = (name: string, content: string | Pieces): Rendered => ({ files: [{ name, content }] });
