/** @module Writes a trace: each line is in the file before the next one is made, so a recording that is cut off loses nothing before. */
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import type { TraceHeader, TraceLine } from './trace.ts';

/** Bytes that the first line may grow by when it is replaced. Until then they are spaces, which JSON allows. */
const ROOM = 40;

/** A file that grows by lines. Every method throws the system's error when it cannot do its work. */
export class TraceWriter {
  readonly #path: string;
  readonly #file: number;
  readonly #isDevice: boolean;
  #headerBytes = 0;

  /** Makes the file, which only its owner may read. Throws `EEXIST` when there is a file of that name; a device is written to. */
  constructor(path: string) {
    this.#path = path;
    this.#isDevice = statSync(path, { throwIfNoEntry: false })?.isCharacterDevice() === true;
    this.#file = openSync(path, this.#isDevice ? 'w' : 'wx', 0o600);
  }

  /** Writes the first line. */
  begin(header: TraceHeader): void {
    const text = JSON.stringify(header);
    this.#headerBytes = Buffer.byteLength(text) + ROOM;
    this.#append(Buffer.from(`${text}${' '.repeat(ROOM)}\n`));
  }

  write(line: TraceLine): void {
    this.#append(Buffer.from(`${JSON.stringify(line)}\n`));
  }

  /** Replaces the first line, where that is possible: a device keeps what it has. */
  end(header: TraceHeader): void {
    const bytes = Buffer.from(JSON.stringify(header));
    const room = this.#headerBytes - bytes.length;
    if (this.#isDevice || room < 0) return;
    writeSync(this.#file, Buffer.concat([bytes, Buffer.alloc(room, ' ')]), 0, this.#headerBytes, 0);
  }

  /** A file without a first line is no trace, and is removed. */
  close(): void {
    closeSync(this.#file);
    if (this.#headerBytes === 0 && !this.#isDevice) rmSync(this.#path, { force: true });
  }

  /** On a full disk the first write is cut off, and the next one fails. */
  #append(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }
}
