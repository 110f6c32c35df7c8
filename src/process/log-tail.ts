/** @module The end of a process's output, in bounded memory regardless of its length. */

const MAX_BYTES = 16 * 1024;
const MAX_LINES = 40;

/** Keeps the last 16 KB of the added text; returns at most the last 40 lines. */
export class LogTail {
  #chunks: Buffer[] = [];
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    // Twice the bound before cutting, so that a stream of small chunks is not copied each time.
    if (this.#bytes > 2 * MAX_BYTES) this.#cut();
  }

  text(): string {
    this.#cut();
    return Buffer.concat(this.#chunks).toString('utf8').trimEnd().split('\n').slice(-MAX_LINES).join('\n');
  }

  #cut(): void {
    if (this.#bytes <= MAX_BYTES) return;
    // A copy, because a slice would keep the whole chunk in memory.
    const kept = Buffer.from(Buffer.concat(this.#chunks).subarray(-MAX_BYTES));
    this.#chunks = [kept];
    this.#bytes = kept.length;
  }
}
