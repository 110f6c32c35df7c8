/** @module Writes a trace: each line is in the file before the next one is made, so a recording that is cut off loses nothing before. */
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import type { TraceHeader, TraceLine } from './trace.ts';

/** A file that grows by lines. Every method throws the system's error when it cannot do its work. */
export class TraceWriter {
  readonly #file: number;

  /** Makes the file, which only its owner may read. Throws `EEXIST` when there is a file of that name; a device is written to. */
  constructor(path: string) {
    const isDevice = statSync(path, { throwIfNoEntry: false })?.isCharacterDevice() === true;
    this.#file = openSync(path, isDevice ? 'w' : 'wx', 0o600);
  }

  write(line: TraceHeader | TraceLine): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    // On a full disk the first write is cut off, and the next one fails.
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }

  close(): void {
    closeSync(this.#file);
  }
}
