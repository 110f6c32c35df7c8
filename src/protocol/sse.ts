/** @module Event streams: the data payloads in them, by the rules of the HTML standard that matter here. */

/**
 * The payloads of a whole event stream, one per event that has data. An event that no blank line ends is dropped.
 * Source: HTML standard, section 9.2.6, Interpreting an event stream.
 */
export function parseEvents(text: string): readonly string[] {
  return new EventLines().push(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
}

/** Reads an event stream as its bytes arrive, split anywhere, even within a character. */
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
  /** The line under way. */
  #line = '';
  /** The data of the event under way; `undefined` while it has none. */
  #data: string | undefined;
  /** The text so far ended in CR: an LF that follows belongs to it. */
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
    // Comments and the fields event, id and retry say nothing about the payload.
  }
}
