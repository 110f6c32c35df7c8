/** @module The bytes of a request: the parts that repeat are joined once per head, and the memory is reused. */
import { CallRequest } from '../../protocol/call-request.ts';
import type { Request, RequestHead } from '../../protocol/request.ts';
import type { Endpoint } from '../endpoint.ts';
import { PatchedBytes } from './patched-bytes.ts';
import type { WireSocket } from './socket.ts';

const BUFFER_BYTES = 64 * 1024;
/** Room for the digits of the length and the line ends around them. */
const SPARE_BYTES = 32;
/** A UTF-16 unit takes three bytes of UTF-8 at most. */
const BYTES_PER_UNIT = 3;
const MOST_VIEWS = 1024;
const LINE_END = '\r\n';

/**
 * Sends requests to one endpoint, each as one piece. Calls of a template are patched; other requests are built in one buffer,
 * because a string of the same bytes would leave a kilobyte of garbage per request. The kernel normally takes the bytes at
 * once. When it does not, and with TLS, which encrypts later, the socket keeps the memory and the next request gets new memory.
 */
export class RequestBytes {
  readonly #endpoint: Endpoint;
  /** By identity: heads are made once, not per call. */
  readonly #starts = new WeakMap<RequestHead, string>();
  #buffer: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  /** The head that lies at the beginning of the buffer, and where it ends. */
  #head: RequestHead | undefined = undefined;
  #headEnd = 0;
  /** Beginnings of the buffer by length. */
  readonly #views = new Map<number, Buffer>();
  readonly #patched: PatchedBytes;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.#patched = new PatchedBytes(
      ({ head, body }) => `${this.#start(head)}${body.length}\r\n\r\n${body}`,
      this.#firstLines('POST').length,
    );
  }

  /** Hands `request` to `socket`. */
  send(request: Request, socket: WireSocket): void {
    if (request instanceof CallRequest && !this.#endpoint.secure) {
      const bytes = this.#patched.of(request);
      if (bytes !== undefined) {
        if (!socket.write(bytes)) this.#patched.leave(request);
        return;
      }
    }
    this.#sendAnew(request, socket);
  }

  #sendAnew(request: Request, socket: WireSocket): void {
    const { head, body } = request;
    const start = this.#start(head);
    const most = start.length + SPARE_BYTES + body.length * BYTES_PER_UNIT;
    if (this.#endpoint.secure || most > BUFFER_BYTES) {
      const bytes = Buffer.allocUnsafe(most);
      const end = putRest(head, body, bytes, bytes.write(start, 'latin1'));
      socket.write(bytes.subarray(0, end));
      return;
    }
    if (head !== this.#head) {
      this.#head = head;
      this.#headEnd = this.#buffer.write(start, 'latin1');
    }
    const taken = socket.write(this.#view(putRest(head, body, this.#buffer, this.#headEnd)));
    if (!taken) this.#leave();
  }

  #start(head: RequestHead): string {
    let text = this.#starts.get(head);
    if (text === undefined) {
      const lines = this.#firstLines(head.method) + head.text;
      // Only POST states a length of zero (RFC 9110, section 8.6).
      text = head.method === 'POST' ? `${lines}content-length: ` : lines;
      this.#starts.set(head, text);
    }
    return text;
  }

  #firstLines(method: RequestHead['method']): string {
    const { path, authority } = this.#endpoint;
    return `${method} ${path} HTTP/1.1\r\nhost: ${authority}\r\nconnection: keep-alive\r\n`;
  }

  #view(length: number): Buffer {
    let view = this.#views.get(length);
    if (view === undefined) {
      if (this.#views.size >= MOST_VIEWS) this.#views.clear();
      view = this.#buffer.subarray(0, length);
      this.#views.set(length, view);
    }
    return view;
  }

  /** A socket still needs the buffer: it gets to keep it. */
  #leave(): void {
    this.#buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    this.#head = undefined;
    this.#views.clear();
  }
}

/** Puts what follows the head at `at`: the length, the blank line and the body. Returns the end of the request. */
function putRest({ method }: RequestHead, body: string, bytes: Buffer, at: number): number {
  if (method !== 'POST') return at + bytes.write(LINE_END, at, 'latin1');
  return at + bytes.write(`${Buffer.byteLength(body)}\r\n\r\n${body}`, at, 'utf8');
}
