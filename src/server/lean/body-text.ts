/** @module The text of a request's body, which mostly comes in one piece. */
import type { ByteSink } from '../../http/body-reader.ts';

/** Collects one body after the other. Memory that bytes are read into must stay as it is until {@link take}. */
export class BodyText implements ByteSink {
  /** Bytes so far. */
  size = 0;
  #bytes: Buffer | undefined = undefined;
  #from = 0;
  #to = 0;
  #later: Buffer[] = [];

  append(bytes: Buffer, from: number, to: number): void {
    this.size += to - from;
    if (this.#bytes === undefined) {
      this.#bytes = bytes;
      this.#from = from;
      this.#to = to;
    } else this.#later.push(bytes.subarray(from, to));
  }

  /** The body as UTF-8; the next one begins empty. */
  take(): string {
    const bytes = this.#bytes;
    this.size = 0;
    this.#bytes = undefined;
    if (bytes === undefined) return '';
    const later = this.#later;
    if (later.length === 0) return bytes.toString('utf8', this.#from, this.#to);
    this.#later = [];
    return Buffer.concat([bytes.subarray(this.#from, this.#to), ...later]).toString('utf8');
  }
}
