/** @module The lines of a file, read in pieces: memory does not grow with the file. */
import { closeSync, openSync, readSync } from 'node:fs';

const PIECE = 64 * 1024;
const NEWLINE = 0x0a;

/** A line of a file. */
export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** Undefined when the line has more than the most bytes. */
  readonly text: string | undefined;
  /** Whether a line end follows. Only the last line may have none. */
  readonly ended: boolean;
}

/** The lines of the file at `path`; throws the system's error when it cannot be read. A line of more than `mostBytes` has no text. */
export function* linesOfFile(path: string, mostBytes: number): Generator<FileLine, void, void> {
  const file = openSync(path, 'r');
  try {
    const piece = Buffer.allocUnsafe(PIECE);
    const line = new GrowingLine(mostBytes);
    for (;;) {
      const size = readSync(file, piece);
      if (size === 0) break;
      let from = 0;
      for (;;) {
        const to = piece.indexOf(NEWLINE, from);
        if (to < 0 || to >= size) break;
        yield line.end(piece, from, to, true);
        from = to + 1;
      }
      line.add(piece, from, size);
    }
    if (line.size > 0) yield line.end(piece, 0, 0, false);
  } finally {
    closeSync(file);
  }
}

/** Collects what one line after the other has in several pieces. */
class GrowingLine {
  readonly #most: number;
  #parts: Buffer[] = [];
  #number = 0;
  size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Adds bytes that do not end the line. They are copied. */
  add(bytes: Buffer, from: number, to: number): void {
    this.size += to - from;
    if (this.size > this.#most) this.#parts = [];
    else if (to > from) this.#parts.push(Buffer.from(bytes.subarray(from, to)));
  }

  end(bytes: Buffer, from: number, to: number, ended: boolean): FileLine {
    this.#number += 1;
    const size = this.size + to - from;
    const text = size > this.#most ? undefined : this.#text(bytes, from, to);
    this.#parts = [];
    this.size = 0;
    return { number: this.#number, text, ended };
  }

  #text(bytes: Buffer, from: number, to: number): string {
    if (this.#parts.length === 0) return bytes.toString('utf8', from, to);
    return Buffer.concat([...this.#parts, bytes.subarray(from, to)]).toString('utf8');
  }
}
