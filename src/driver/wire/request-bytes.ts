/** @module The bytes of a request: the parts that repeat are joined once per head, and the memory is reused. */
import { CallRequest } from '../../protocol/call-request.ts';
import { type HeaderFields, NO_FIELDS, type SharedHead } from '../../protocol/header-fields.ts';
import type { Request, RequestHead } from '../../protocol/request.ts';
import { fieldsOf, headOf } from '../../protocol/shared-request.ts';
import { digitsOf, putDecimal } from '../../units/put-number.ts';
import { putBytes, putText } from '../../units/put-text.ts';
import type { Endpoint } from '../endpoint.ts';
import { LargeMemory } from '../large-memory.ts';
import { BodyBytes } from './body-bytes.ts';
import { PatchedBytes, type WholeRequest } from './patched-bytes.ts';
import type { WireSocket } from './socket.ts';

const BUFFER_BYTES = 64 * 1024;
const MOST_VIEWS = 1024;
const LINE_END = '\r\n';
/** Ends the line of the length, and the head. */
const HEAD_END = '\r\n\r\n';

/** The bytes of a head with the first lines, before and behind the fields of an agent. Where a body follows, it ends before its length. */
interface Start {
  readonly before: Buffer;
  readonly after: Buffer;
}

/**
 * Sends requests to one endpoint, each as one piece. Calls of a template are patched; other requests are built in one buffer,
 * because a string of the same bytes would leave a kilobyte of garbage per request. The kernel normally takes the bytes at
 * once. When it does not, the socket keeps the memory and the next request gets other memory. TLS encrypts later, and would keep it
 * each time: it gets a copy, and a copy as text costs it less than one as bytes.
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
  readonly #body = new BodyBytes();
  readonly #patched: PatchedBytes;
  readonly #large = new LargeMemory();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    const whole = (request: CallRequest): WholeRequest => this.#whole(request);
    this.#patched = new PatchedBytes(whole, this.#firstLines('POST').length, this.#body);
  }

  /** Hands `request` to `socket`. */
  send(request: Request, socket: WireSocket): void {
    if (request instanceof CallRequest) {
      const bytes = this.#patched.of(request);
      if (bytes !== undefined) {
        if (this.#endpoint.secure) socket.write(bytes.toString('latin1'));
        else if (!socket.write(bytes)) this.#patched.leave();
        return;
      }
    }
    this.#sendAnew(request, socket);
  }

  #sendAnew(request: Request, socket: WireSocket): void {
    const head = headOf(request);
    const fields = fieldsOf(request);
    const start = this.#start(head);
    const bodyLength = this.#body.lengthOf(request);
    const startLength = lengthOf(start, fields);
    const length = startLength + lengthOfRest(head, bodyLength);
    if (length > BUFFER_BYTES) {
      const piece = this.#large.take(length);
      putStart(start, fields, piece);
      this.#putRest(request, head, bodyLength, piece, startLength);
      socket.write(piece.subarray(0, length), () => this.#large.give(piece));
      return;
    }
    if (head !== this.#head || fields !== this.#fields) {
      this.#head = head;
      this.#fields = fields;
      this.#headEnd = putStart(start, fields, this.#buffer);
    }
    this.#putRest(request, head, bodyLength, this.#buffer, this.#headEnd);
    if (this.#endpoint.secure) socket.write(this.#buffer.toString('latin1', 0, length));
    else if (!socket.write(this.#view(length))) this.#leave();
  }

  /** The whole of `request` as new bytes. */
  #whole(request: CallRequest): WholeRequest {
    const { head } = request.template;
    const start = this.#start(head);
    const bodyLength = this.#body.lengthOf(request);
    const startLength = lengthOf(start, request.fields);
    const bytes = Buffer.allocUnsafeSlow(startLength + lengthOfRest(head, bodyLength));
    putStart(start, request.fields, bytes);
    this.#putRest(request, head, bodyLength, bytes, startLength);
    return { bytes, bodyAt: bytes.length - bodyLength };
  }

  /** Puts what follows the head at `at`: the length, the blank line and the body. */
  #putRest(request: Request, head: RequestHead, bodyLength: number, bytes: Buffer, at: number): void {
    if (!hasBody(head)) putText(LINE_END, bytes, at);
    else this.#body.put(request, bytes, putText(HEAD_END, bytes, putDecimal(bodyLength, bytes, at)));
  }

  #start(head: RequestHead | SharedHead): Start {
    let start = this.#starts.get(head);
    if (start === undefined) {
      const { method, text } = head;
      const at = 'fieldsAt' in head ? head.fieldsAt.text : text.length;
      const length = method === 'POST' ? 'content-length: ' : '';
      start = {
        before: Buffer.from(this.#firstLines(method) + text.slice(0, at), 'latin1'),
        after: Buffer.from(text.slice(at) + length, 'latin1'),
      };
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

const lengthOf = ({ before, after }: Start, fields: HeaderFields): number =>
  before.length + fields.length + after.length;

/** Puts the head at the beginning of `bytes`. Returns its end. */
function putStart({ before, after }: Start, fields: HeaderFields, bytes: Buffer): number {
  return putBytes(after, bytes, fields.put(bytes, putBytes(before, bytes, 0)));
}

/** Only POST states a length of zero (RFC 9110, section 8.6). */
const hasBody = ({ method }: RequestHead): boolean => method === 'POST';

/** Length of what follows the head and the name of the length. */
const lengthOfRest = (head: RequestHead, bodyLength: number): number =>
  hasBody(head) ? digitsOf(bodyLength) + HEAD_END.length + bodyLength : LINE_END.length;
