/** @module Requests in, the same small answer out: as little work as HTTP and JSON-RPC allow. */
import { type BadRequest, type LeanHead, MAX_HEAD_BYTES, parseHead } from '../lean/framing.ts';

const EMPTY = Buffer.alloc(0);
const HEAD_END = Buffer.from('\r\n\r\n');
/** How a body begins whose id can be taken as it stands. */
const OPENING = Buffer.from('{"jsonrpc":"2.0","id":');
/** How much of a body is searched for the end of an id that comes first. */
const START_BYTES = 64;
const RESULT = ',"result":{"resultType":"complete","content":[]}}';
const COMMA = 0x2c;
const QUOTE = 0x22;

/** Calls of agents whose numbers have up to four digits have as many lengths. */
const MOST_KNOWN = 4;

interface KnownHead {
  readonly bytes: Buffer;
  readonly head: LeanHead;
}

/** Answers the requests of one connection, in whatever pieces they come. */
export class NullRequests {
  /** Set when the connection must end after what has been answered. */
  ended = false;
  /** What has come of a head that is not whole. */
  #begun: Buffer = EMPTY;
  /** A body that is not whole, and the head before it. */
  #open: { readonly head: LeanHead; readonly body: PartialBody } | undefined;
  /** The latest heads as they came, and what they said. A client repeats its head from call to call, apart from the length of the body. */
  readonly #known: KnownHead[] = [];

  /** The answers to every request that `chunk` completes, in Latin-1; empty when it completes none. */
  receive(chunk: Buffer): string {
    let answers = '';
    let at = 0;
    if (this.#open !== undefined) {
      const { head, body } = this.#open;
      at = body.take(chunk);
      if (body.left > 0) return answers;
      this.#open = undefined;
      answers = this.#end(head, body.answer());
    }
    let bytes = chunk;
    if (this.#begun.length > 0) {
      bytes = Buffer.concat([this.#begun, chunk]);
      this.#begun = EMPTY;
    }
    while (at < bytes.length && !this.ended) {
      const headEnd = bytes.indexOf(HEAD_END, at);
      if (headEnd < 0) {
        if (bytes.length - at > MAX_HEAD_BYTES)
          return answers + this.#refuse({ status: 431, message: 'head' });
        this.#begun = bytes.subarray(at);
        break;
      }
      const head = this.#headOf(bytes, at, headEnd);
      if ('status' in head) return answers + this.#refuse(head);
      if (head.length === 'chunked') return answers + this.#refuse({ status: 501, message: 'chunks' });
      const bodyAt = headEnd + HEAD_END.length;
      at = bodyAt + head.length;
      if (at <= bytes.length) answers += this.#end(head, answer(bytes, bodyAt, at));
      else {
        const body = new PartialBody(head.length);
        body.take(bytes.subarray(bodyAt));
        this.#open = { head, body };
      }
    }
    return answers;
  }

  #end({ method, keepAlive }: LeanHead, toPost: string): string {
    this.ended = !keepAlive;
    return method === 'POST' ? toPost : NO_SUCH_METHOD;
  }

  #headOf(bytes: Buffer, at: number, end: number): LeanHead | BadRequest {
    for (const { bytes: known, head } of this.#known)
      if (known.length === end - at && known.compare(bytes, at, end) === 0) return head;
    // The last line is closed by the first half of what ends the head.
    const head = parseHead(bytes, at, end + HEAD_END.length / 2);
    if ('status' in head) return head;
    if (this.#known.length === MOST_KNOWN) this.#known.pop();
    this.#known.unshift({ bytes: Buffer.from(bytes.subarray(at, end)), head });
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
  const id = idAtStart(bytes, from, end);
  return id === undefined ? answerParsed(bytes.toString('utf8', from, end)) : resultFor(id);
}

/** The id of the body in [`from`, `end`) where it comes first and is no string, in Latin-1. The rest of the body is not read. */
function idAtStart(bytes: Buffer, from: number, end: number): string | undefined {
  if (bytes.compare(OPENING, 0, OPENING.length, from, Math.min(end, from + OPENING.length)) !== 0)
    return undefined;
  const idAt = from + OPENING.length;
  // A string may hold a comma, and is left to the parser.
  if (bytes[idAt] === QUOTE) return undefined;
  const idEnd = bytes.subarray(idAt, Math.min(end, from + START_BYTES)).indexOf(COMMA);
  return idEnd > 0 ? bytes.toString('latin1', idAt, idAt + idEnd) : undefined;
}

/** A body that comes in several pieces. Once its start has said the id, the rest is counted and not kept. */
class PartialBody {
  /** Bytes that have not come yet. */
  left: number;
  readonly #length: number;
  #pieces: Buffer[] = [];
  #start: 'too short' | 'without id' | { readonly id: string } = 'too short';

  constructor(length: number) {
    this.#length = length;
    this.left = length;
  }

  /** Takes what belongs to the body from the start of `chunk`. Returns how many bytes that was. */
  take(chunk: Buffer): number {
    const piece = chunk.subarray(0, this.left);
    this.left -= piece.length;
    if (typeof this.#start !== 'object') this.#pieces.push(piece);
    if (this.#start === 'too short' && this.#length - this.left >= START_BYTES) this.#readStart();
    return piece.length;
  }

  /** The answer to the whole body. */
  answer(): string {
    if (typeof this.#start === 'object') return resultFor(this.#start.id);
    const whole = Buffer.concat(this.#pieces);
    return answer(whole, 0, whole.length);
  }

  #readStart(): void {
    const start = Buffer.concat(this.#pieces);
    const id = idAtStart(start, 0, start.length);
    this.#start = id === undefined ? 'without id' : { id };
    if (id !== undefined) this.#pieces = [];
  }
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
