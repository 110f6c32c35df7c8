/** @module Header fields: read strictly, kept as they came except those that belong to one hop. RFC 9110 sections 5 and 7.6.1. */
import { type Body, ChunkedBody, lengthBody } from './body.ts';
import { Reject } from './reject.ts';

/** What the proxy reads from a header section. Names are matched without regard to case. */
export interface Fields {
  /** The lines to pass on, each closed by CR LF. */
  readonly text: string;
  /** Whether `text` is what came, to the letter. */
  readonly untouched: boolean;
  /** Undefined when neither `Content-Length` nor `Transfer-Encoding` frames a body. */
  readonly body: Body | undefined;
  /** `Connection: close`. */
  readonly close: boolean;
  /** `Connection: keep-alive` (which HTTP/1.0 needs). */
  readonly keepAlive: boolean;
  /** Seconds of `Keep-Alive: timeout=...`. */
  readonly idleSeconds: number | undefined;
  readonly hosts: number;
  readonly sessionId: string | undefined;
  readonly mcpMethod: string | undefined;
  readonly mcpName: string | undefined;
  readonly authorization: string | undefined;
  readonly servedBy: string | undefined;
}

/** A line: a token, a colon at once, a value without control characters. Folded lines do not match. */
const FIELD = /([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)\r\n/y;
/** Nominating one of these in `Connection` would change what the next hop understands. */
const UNTOUCHABLE = new Set(['host', 'content-length', 'transfer-encoding']);

/**
 * Reads the field lines of `text` from `start`; every line is closed by CR LF. `instanceHeader` (lower case) is the one that
 * gives `servedBy`. Throws {@link Reject}.
 */
export function readFields(text: string, start: number, instanceHeader?: string): Fields {
  const reader = new FieldReader(text, start, instanceHeader);
  let at = start;
  while (at < text.length) {
    FIELD.lastIndex = at;
    const match = FIELD.exec(text);
    if (match === null) throw new Reject(400, 'a header line is malformed');
    reader.take(match[1]!.toLowerCase(), match[2]!, at, FIELD.lastIndex);
    at = FIELD.lastIndex;
  }
  return reader.finish();
}

class FieldReader implements Fields {
  untouched = true;
  text = '';
  body: Body | undefined;
  close = false;
  keepAlive = false;
  idleSeconds: number | undefined;
  hosts = 0;
  sessionId: string | undefined;
  mcpMethod: string | undefined;
  mcpName: string | undefined;
  authorization: string | undefined;
  servedBy: string | undefined;
  readonly #source: string;
  readonly #instanceHeader: string | undefined;
  #keptTo: number;
  #nominated: Set<string> | undefined;

  constructor(source: string, start: number, instanceHeader: string | undefined) {
    this.#instanceHeader = instanceHeader;
    this.#source = source;
    this.#keptTo = start;
  }

  take(name: string, value: string, from: number, to: number): void {
    if (name === this.#instanceHeader) this.servedBy = value.trimEnd();
    switch (name) {
      case 'host':
        this.hosts += 1;
        return;
      case 'content-length':
      case 'transfer-encoding':
        this.#frame(name, value.trimEnd());
        return;
      case 'mcp-session-id':
        this.sessionId = value.trimEnd();
        return;
      case 'mcp-method':
        this.mcpMethod = value.trimEnd();
        return;
      case 'mcp-name':
        this.mcpName = value.trimEnd();
        return;
      case 'authorization':
        this.authorization = value.trimEnd();
        return;
      case 'connection':
        this.#connection(value);
        break;
      case 'keep-alive':
        this.idleSeconds = Number(/timeout=(\d{1,9})/i.exec(value)?.[1] ?? Number.NaN);
        break;
      case 'proxy-connection':
      case 'proxy-authenticate':
      case 'proxy-authorization':
      case 'te':
      case 'upgrade':
        break;
      default:
        return;
    }
    this.#drop(from, to);
  }

  finish(): Fields {
    this.text += this.#source.slice(this.#keptTo);
    const nominated = this.#nominated;
    if (nominated !== undefined) {
      const lines = this.text.split('\r\n').slice(0, -1);
      const kept = lines.filter((line) => !nominated.has(line.slice(0, line.indexOf(':')).toLowerCase()));
      this.text = kept.map((line) => `${line}\r\n`).join('');
    }
    return this;
  }

  #drop(from: number, to: number): void {
    this.text += this.#source.slice(this.#keptTo, from);
    this.#keptTo = to;
    this.untouched = false;
  }

  #connection(value: string): void {
    for (const option of value.toLowerCase().split(',')) {
      const name = option.trim();
      if (name === 'close') this.close = true;
      else if (name === 'keep-alive') this.keepAlive = true;
      else if (UNTOUCHABLE.has(name)) throw new Reject(400, `Connection must not name ${name}`);
      else if (name !== '') this.#nominated = (this.#nominated ?? new Set()).add(name);
    }
  }

  /** One framing and one only: a second, even an equal one, is refused. RFC 9112 section 6.3, rules 3 and 5. */
  #frame(name: string, value: string): void {
    if (this.body !== undefined) throw new Reject(400, 'more than one Content-Length or Transfer-Encoding');
    if (name === 'content-length') {
      if (!/^\d{1,15}$/.test(value)) throw new Reject(400, 'Content-Length is not a number');
      this.body = lengthBody(Number(value));
    } else {
      if (value.toLowerCase() !== 'chunked') throw new Reject(501, 'a Transfer-Encoding other than chunked');
      this.body = new ChunkedBody();
    }
  }
}
