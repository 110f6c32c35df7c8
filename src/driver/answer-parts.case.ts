/** @module Answers that tests write in the form of HTTP/1.1, taken apart to be sent in another form. */

/** A piece of an answer. */
export type AnswerPart =
  /** Names in lower case. */
  | { readonly kind: 'head'; readonly status: number; readonly fields: readonly string[] }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'end'; readonly trailers: readonly string[] }
  /** What is no HTTP/1.1, to be sent as it is. */
  | { readonly kind: 'garbage'; readonly bytes: Buffer };

const FRAMING = ['connection', 'keep-alive', 'transfer-encoding'];
const START = 'HTTP/1.';
const END: AnswerPart = { kind: 'end', trailers: [] };

/** Takes one answer apart, which comes in pieces of any size. */
export class AnswerParts {
  #pending: Buffer = Buffer.alloc(0);
  #state: 'head' | 'length' | 'chunks' | 'close' | 'over' | 'garbage' = 'head';
  /** What is left of the body, or of the chunk. */
  #left = 0;

  push(bytes: Buffer): AnswerPart[] {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    const parts: AnswerPart[] = [];
    for (let part = this.#next(); part !== undefined; part = this.#next()) parts.push(part);
    return parts;
  }

  /** Nothing more comes. */
  finish(): AnswerPart[] {
    if (this.#state !== 'close') return [];
    this.#state = 'over';
    return [END];
  }

  #next(): AnswerPart | undefined {
    switch (this.#state) {
      case 'head':
        return this.#head();
      case 'length':
        return this.#length();
      case 'chunks':
        return this.#chunk();
      case 'close':
        return this.#take(this.#pending.length);
      default:
        return this.#pending.length === 0 ? undefined : this.#garbage();
    }
  }

  #head(): AnswerPart | undefined {
    const end = this.#pending.indexOf('\r\n\r\n');
    const text = this.#pending.toString('latin1', 0, end < 0 ? undefined : end);
    if (!text.startsWith(START.slice(0, text.length))) return this.#garbage();
    if (end < 0) return undefined;
    const [first = '', ...lines] = text.split('\r\n');
    const status = Number(/^HTTP\/1\.[01] ([1-9]\d\d)(?: |$)/.exec(first)?.[1]);
    const fields = lines.map((line) => /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be in a field.
    if (!(status > 0) || fields.includes(null) || /[\0-\x08\n\x0b-\x1f\x7f]/.test(lines.join('')))
      return this.#garbage();
    this.#pending = this.#pending.subarray(end + 4);
    const pairs = fields.map((field): [string, string] => [field![1]!.toLowerCase(), field![2]!]);
    if (status >= 200) this.#begin(status, new Map(pairs));
    return { kind: 'head', status, fields: pairs.filter(([name]) => !FRAMING.includes(name)).flat() };
  }

  #begin(status: number, fields: ReadonlyMap<string, string>): void {
    const length = fields.get('content-length');
    if (fields.has('transfer-encoding')) this.#state = 'chunks';
    else if (status === 204) this.#state = 'length';
    else if (length === undefined) this.#state = 'close';
    else this.#state = 'length';
    this.#left = this.#state === 'length' ? Number(length ?? 0) : 0;
  }

  #length(): AnswerPart | undefined {
    if (this.#left > 0) return this.#take(Math.min(this.#left, this.#pending.length));
    this.#state = 'over';
    return END;
  }

  #chunk(): AnswerPart | undefined {
    if (this.#left > 2) return this.#take(Math.min(this.#left - 2, this.#pending.length));
    if (this.#left > 0) {
      if (this.#pending.length < this.#left) return undefined;
      this.#pending = this.#pending.subarray(this.#left);
      this.#left = 0;
    }
    const end = this.#pending.indexOf('\r\n');
    if (end < 0)
      return this.#pending.length > 0 && !/^[0-9a-f]/i.test(this.#text(1)) ? this.#garbage() : undefined;
    const size = Number.parseInt(this.#text(end), 16);
    if (Number.isNaN(size)) return this.#garbage();
    if (size === 0) return this.#trailers(end + 2);
    this.#pending = this.#pending.subarray(end + 2);
    this.#left = size + 2;
    return this.#chunk();
  }

  #trailers(from: number): AnswerPart | undefined {
    const end = this.#pending.indexOf('\r\n\r\n', from - 2);
    if (end < 0) return undefined;
    const lines = this.#pending.toString('latin1', from, end).split('\r\n').filter(Boolean);
    this.#pending = this.#pending.subarray(end + 4);
    this.#state = 'over';
    return { kind: 'end', trailers: lines.flatMap((line) => line.toLowerCase().split(': ')) };
  }

  #take(count: number): AnswerPart | undefined {
    if (count === 0) return undefined;
    const bytes = this.#pending.subarray(0, count);
    this.#pending = this.#pending.subarray(count);
    this.#left -= count;
    return { kind: 'data', bytes };
  }

  #garbage(): AnswerPart {
    const bytes = this.#pending;
    this.#pending = Buffer.alloc(0);
    this.#state = 'garbage';
    return { kind: 'garbage', bytes };
  }

  #text(length: number): string {
    return this.#pending.toString('latin1', 0, length);
  }
}
