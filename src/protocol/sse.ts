/** @module Reads event streams, by the relevant rules of the HTML standard. */

/**
 * The payloads of a whole event stream, one for each event with data. An event without a blank line at its end is dropped.
 * Source: HTML standard, section 9.2.6, Interpreting an event stream.
 */
export function parseEvents(text: string): readonly string[] {
  return new EventLines().push(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
}

/** Whether the event stream `text` ends with data that no blank line follows, so that its last event is not complete. */
export function endsWithinEvent(text: string): boolean {
  const lines = new EventLines();
  lines.push(text);
  return lines.unterminated;
}

/** Where a client that reconnects continues an event stream. */
export interface StreamPosition {
  /** Id of the last event, for the header `Last-Event-ID`. */
  readonly lastEventId: string;
  /** The stream's `retry` field in milliseconds; absent when the server sent none. */
  readonly retryMs?: number;
}

/** Reads an event stream from its bytes as they arrive. They may be split anywhere, even within a character. */
export class EventReader {
  readonly #decoder = new TextDecoder('utf-8');
  readonly #lines = new EventLines();

  /** The payloads of the events that `bytes` complete. */
  push(bytes: Uint8Array): readonly string[] {
    return this.#lines.push(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The position after the last complete event; `undefined` when no event had an id. */
  get position(): StreamPosition | undefined {
    const { lastEventId, retryMs } = this.#lines;
    if (lastEventId === '') return undefined;
    return retryMs === undefined ? { lastEventId } : { lastEventId, retryMs };
  }

  /** Whether the stream so far ends with data that no blank line follows, so that its event is not complete. */
  get unterminated(): boolean {
    return this.#lines.unterminated;
  }
}

/** Splits text into lines and lines into events. */
class EventLines {
  /** The incomplete line. */
  #line = '';
  /** The data of the incomplete event; `undefined` while it has none. */
  #data: string | undefined;
  /** The id that the incomplete event has, or inherits from the one before it. */
  #id = '';
  /** True when the text so far ends in CR, so that a following LF belongs to it. */
  #afterCr = false;
  /** Id of the last complete event; empty when it has none. */
  lastEventId = '';
  retryMs: number | undefined;

  get unterminated(): boolean {
    return this.#data !== undefined || this.#line === 'data' || this.#line.startsWith('data:');
  }

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
      this.lastEventId = this.#id;
      return;
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    // Comments begin with a colon. The field event does not matter: every event of MCP is a message.
    if (name === 'data' || name === 'id' || name === 'retry') this.#field(name, valueAfter(line, colon));
  }

  #field(name: 'data' | 'id' | 'retry', value: string): void {
    if (name === 'data') this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
  }
}

/** What follows the colon at index `colon` of a line, without one leading space; empty when there is no colon. */
function valueAfter(line: string, colon: number): string {
  if (colon < 0) return '';
  return line.slice(line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1);
}
