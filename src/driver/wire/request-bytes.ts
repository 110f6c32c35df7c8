/** @module The bytes of a request: everything that repeats is joined once per head. */
import type { Request, RequestHead } from '../../protocol/request.ts';
import type { Endpoint } from '../endpoint.ts';

/** Joins requests to one endpoint. */
export class RequestBytes {
  readonly #endpoint: Endpoint;
  /** By identity: a head is made once per call template and agent. */
  readonly #heads = new WeakMap<RequestHead, string>();
  #lastHead: RequestHead | undefined = undefined;
  #lastText = '';

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** The whole request: a string of Latin-1 where each character is one byte, or bytes. */
  of({ head, body, ascii }: Request): string | Buffer {
    const start = head === this.#lastHead ? this.#lastText : this.#start(head);
    // Only POST states a length of zero (RFC 9110, section 8.6).
    if (body === '' && head.method !== 'POST') return `${start}\r\n`;
    if (ascii) return `${start}content-length: ${body.length}\r\n\r\n${body}`;
    const length = Buffer.byteLength(body);
    const opening = `${start}content-length: ${length}\r\n\r\n`;
    const bytes = Buffer.allocUnsafe(opening.length + length);
    bytes.write(opening, 0, 'latin1');
    bytes.write(body, opening.length, 'utf8');
    return bytes;
  }

  #start(head: RequestHead): string {
    let text = this.#heads.get(head);
    if (text === undefined) {
      const { path, authority } = this.#endpoint;
      text = `${head.method} ${path} HTTP/1.1\r\nhost: ${authority}\r\nconnection: keep-alive\r\n${head.text}`;
      this.#heads.set(head, text);
    }
    this.#lastHead = head;
    this.#lastText = text;
    return text;
  }
}
