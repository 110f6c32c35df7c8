/** @module The bytes of a request: the parts that repeat are joined once per head, and the memory is reused. */
import { CallRequest } from '../../protocol/call-request.ts';
import { type HeaderFields, NO_FIELDS, type SharedHead } from '../../protocol/header-fields.ts';
import type { Request, RequestHead } from '../../protocol/request.ts';
import { putText } from '../../units/put-text.ts';
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

/** The text of a head with the first lines, before and behind the fields of an agent. Where a body follows, it ends before its length. */
interface Start {
  readonly before: string;
  readonly after: string;
}

/**
 * Sends requests to one endpoint, each as one piece. Calls of a template are patched; other requests are built in one buffer,
 * because a string of the same bytes would leave a kilobyte of garbage per request. The kernel normally takes the bytes at
 * once. When it does not, and with TLS, which encrypts later, the socket keeps the memory and the next request gets new memory.
 */
export class RequestBytes {
  readonly #endpoint: Endpoint;
  /** By identity: heads are made once, not per call and not per agent. */
  readonly #starts = new WeakMap<RequestHead, Start>();
  #buffer: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  /** The head and the fields that lie at the beginning of the buffer, and where they end. */
  #head: RequestHead | undefined = undefined;
  #fields: HeaderFields = NO_FIELDS;
  #headEnd = 0;
  /** Beginnings of the buffer by length. */
  readonly #views = new Map<number, Buffer>();
  readonly #patched: PatchedBytes;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.#patched = new PatchedBytes(({ template, fields, body }) => {
      const { before, after } = this.#start(template.head);
      return `${before}${fields.text}${after}${body.length}\r\n\r\n${body}`;
    }, this.#firstLines('POST').length);
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
    const { body } = request;
    const [head, fields] = partsOf(request);
    const start = this.#start(head);
    const startLength = start.before.length + fields.length + start.after.length;
    const most = startLength + SPARE_BYTES + body.length * BYTES_PER_UNIT;
    if (this.#endpoint.secure || most > BUFFER_BYTES) {
      const bytes = Buffer.allocUnsafe(most);
      const end = putRest(head, body, bytes, putStart(start, fields, bytes));
      socket.write(bytes.subarray(0, end));
      return;
    }
    if (head !== this.#head || fields !== this.#fields) {
      this.#head = head;
      this.#fields = fields;
      this.#headEnd = putStart(start, fields, this.#buffer);
    }
    const taken = socket.write(this.#view(putRest(head, body, this.#buffer, this.#headEnd)));
    if (!taken) this.#leave();
  }

  #start(head: RequestHead | SharedHead): Start {
    let start = this.#starts.get(head);
    if (start === undefined) {
      const { method, text } = head;
      const at = 'fieldsAt' in head ? head.fieldsAt.text : text.length;
      // Only POST states a length of zero (RFC 9110, section 8.6).
      const length = method === 'POST' ? 'content-length: ' : '';
      start = { before: this.#firstLines(method) + text.slice(0, at), after: text.slice(at) + length };
      this.#starts.set(head, start);
    }
    return start;
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

/** The head of `request`, and the fields to insert into it: that of a call is shared by all agents. */
function partsOf(request: Request): readonly [RequestHead | SharedHead, HeaderFields] {
  return request instanceof CallRequest ? [request.template.head, request.fields] : [request.head, NO_FIELDS];
}

/** Puts the head at the beginning of `bytes`. Returns its end. */
function putStart({ before, after }: Start, fields: HeaderFields, bytes: Buffer): number {
  return putText(after, bytes, fields.put(bytes, putText(before, bytes, 0)));
}

/** Puts what follows the head at `at`: the length, the blank line and the body. Returns the end of the request. */
function putRest({ method }: RequestHead, body: string, bytes: Buffer, at: number): number {
  if (method !== 'POST') return at + bytes.write(LINE_END, at, 'latin1');
  return at + bytes.write(`${Buffer.byteLength(body)}\r\n\r\n${body}`, at, 'utf8');
}
