/** @module Reads the data payloads of event streams, by the relevant rules of the HTML standard. */

/**
 * The payloads of a whole event stream, one for each event with data. An event without a blank line at its end is dropped.
 * Source: HTML standard, section 9.2.6, Interpreting an event stream.
 */
export function parseEvents(text: string): readonly string[] {
  return new EventLines().push(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
}

/** Reads an event stream from its bytes as they arrive. They may be split anywhere, even within a character. */
export class EventReader {
  readonly #decoder = new TextDecoder('utf-8');
  readonly #lines = new EventLines();

  /** The payloads of the events that `bytes` complete. */
  push(bytes: Uint8Array): readonly string[] {
    return this.#lines.push(this.#decoder.decode(bytes, { stream: true }));
  }
}

/** Splits text into lines and lines into events. */
class EventLines {
  /** The incomplete line. */
  #line = '';
  /** The data of the incomplete event; `undefined` while it has none. */
  #data: string | undefined;
  /** True when the text so far ends in CR, so that a following LF belongs to it. */
  #afterCr = false;

  push(text: string): readonly string[] {
    const payloads: string[] = [];
    let start = this.#afterCr && text.charCodeAt(0) === 0x0a ? 1 : 0;
    if (text !== '') this.#afterCr = false;
    const ends = /\r\n|\r|\n/g;
    ends.lastIndex = start;
    for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
      this.#take(this.#line + text.slice(start, end.index), payloads);
      this.#line = '';
      start = ends.lastIndex;
      this.#afterCr = end[0] === '\r' && start === text.length;
    }
    this.#line += text.slice(start);
    return payloads;
  }

  #take(line: string, payloads: string[]): void {
    if (line === '') {
      if (this.#data !== undefined) payloads.push(this.#data);
      this.#data = undefined;
    } else if (line === 'data' || line.startsWith('data:')) {
      const value = line.slice(line.charCodeAt(5) === 0x20 ? 6 : 5);
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    }
    // Comments and the fields event, id and retry are not part of the payload.
  }
}
