/** @module Requests in, the same small answer out: as little work as HTTP and JSON-RPC allow. */
import { type BadRequest, type LeanHead, MAX_HEAD_BYTES, parseHead } from '../lean/framing.ts';

const EMPTY = Buffer.alloc(0);
const HEAD_END = Buffer.from('\r\n\r\n');
/** How a body begins whose id can be taken as it stands. */
const OPENING = Buffer.from('{"jsonrpc":"2.0","id":');
const RESULT = ',"result":{"resultType":"complete","content":[]}}';
const COMMA = 0x2c;
const QUOTE = 0x22;

/** Answers the requests of one connection. */
export class NullRequests {
  /** Set when the connection must end after what has been answered. */
  ended = false;
  #pending: Buffer = EMPTY;
  /** The last head as it came, and what it said: a client repeats its head from call to call. */
  #known: Buffer = EMPTY;
  #head: LeanHead | undefined;

  /** The answers to every request that `chunk` completes, in Latin-1; empty when it completes none. */
  receive(chunk: Buffer): string {
    let bytes = chunk;
    if (this.#pending.length > 0) {
      bytes = Buffer.concat([this.#pending, chunk]);
      this.#pending = EMPTY;
    }
    let answers = '';
    let at = 0;
    while (at < bytes.length && !this.ended) {
      const headEnd = bytes.indexOf(HEAD_END, at);
      if (headEnd < 0) {
        if (bytes.length - at > MAX_HEAD_BYTES)
          return answers + this.#refuse({ status: 431, message: 'head' });
        break;
      }
      const head = this.#headOf(bytes, at, headEnd);
      if ('status' in head) return answers + this.#refuse(head);
      if (head.length === 'chunked') return answers + this.#refuse({ status: 501, message: 'chunks' });
      const bodyAt = headEnd + HEAD_END.length;
      const end = bodyAt + head.length;
      if (end > bytes.length) break;
      answers += head.method === 'POST' ? answer(bytes, bodyAt, end) : NO_SUCH_METHOD;
      this.ended = !head.keepAlive;
      at = end;
    }
    if (at < bytes.length && !this.ended) this.#pending = bytes.subarray(at);
    return answers;
  }

  #headOf(bytes: Buffer, at: number, end: number): LeanHead | BadRequest {
    const known = this.#known;
    if (this.#head !== undefined && known.length === end - at && known.compare(bytes, at, end) === 0) {
      return this.#head;
    }
    // The last line is closed by the first half of what ends the head.
    const head = parseHead(bytes, at, end + HEAD_END.length / 2);
    if ('status' in head) return head;
    this.#known = Buffer.from(bytes.subarray(at, end));
    this.#head = head;
    return head;
  }

  #refuse({ status, message }: BadRequest): string {
    this.ended = true;
    return `HTTP/1.1 ${status} Refused\r\nContent-Type: text/plain\r\nContent-Length: ${message.length}\r\nConnection: close\r\n\r\n${message}`;
  }
}

const NO_SUCH_METHOD = 'HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n';
const ACCEPTED = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n';
const NOT_JSON = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';

function answer(bytes: Buffer, from: number, end: number): string {
  if (bytes.compare(OPENING, 0, OPENING.length, from, Math.min(end, from + OPENING.length)) === 0) {
    const idAt = from + OPENING.length;
    // A string may hold a comma, and is left to the parser.
    const idEnd = bytes[idAt] === QUOTE ? -1 : bytes.indexOf(COMMA, idAt);
    if (idEnd > idAt && idEnd < end) return resultFor(bytes.toString('latin1', idAt, idEnd));
  }
  return answerParsed(bytes.toString('utf8', from, end));
}

function answerParsed(body: string): string {
  let id: unknown;
  try {
    ({ id } = JSON.parse(body) as { id?: unknown });
  } catch {
    return NOT_JSON;
  }
  return id === undefined ? ACCEPTED : resultFor(Buffer.from(JSON.stringify(id)).toString('latin1'));
}

function resultFor(id: string): string {
  const length = 22 + id.length + RESULT.length;
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n{"jsonrpc":"2.0","id":${id}${RESULT}`;
}
