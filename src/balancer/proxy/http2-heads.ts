/** @module Heads between the two versions of HTTP: those of requests as fields of HTTP/2, those of its answers as text of HTTP/1.1. */
import { STATUS_CODES } from 'node:http';
import { type FieldList, literalFields } from '../../http/http2/hpack-encoder.ts';
import type { RequestForm } from '../../http/http2/request-form.ts';
import type { Fields } from './fields.ts';
import { type Changes, changedFields } from './gate.ts';
import type { ClientHead, InstanceField, UpstreamHead } from './heads.ts';

/** The head of a request in HTTP/2. */
export interface Http2Request {
  /** The fields that repeat from request to request. */
  readonly shared: FieldList;
  /** The others: a part of a header block. */
  readonly own: Buffer;
}

/** Only the head: bodies follow in pieces. */
export const HEAD_FORM: RequestForm<Http2Request> = {
  shared: ({ shared }) => shared,
  roomForOwn: ({ own }) => own.length,
  putOwn({ own }, _, bytes, at) {
    bytes.set(own, at);
    return at + own.length;
  },
  bodyLength: () => 0,
  putBody: (_, __, at) => at,
};

/** Fields of which each agent, or each call, has another one: in the table of fields they would be in the way. */
const OWN: ReadonlySet<string> = new Set(['content-length', 'mcp-session-id']);
/** What HTTP/2 says in another way. */
const LEFT_OUT: ReadonlySet<string> = new Set(['host', 'transfer-encoding', 'http2-settings']);

/** Makes the heads of requests to upstreams of one scheme. */
export class Http2Requests {
  readonly secure: boolean;
  /** By identity: a client mostly repeats its head. */
  readonly #known = new WeakMap<ClientHead, Http2Request>();

  constructor(secure: boolean) {
    this.secure = secure;
  }

  /** The request with `head` and the `changes` of a gate. */
  of(head: ClientHead, changes: Changes | undefined): Http2Request {
    if (changes !== undefined) return this.#make(head, changedFields(head, changes));
    let request = this.#known.get(head);
    if (request === undefined) {
      request = this.#make(head, head.fields.text);
      this.#known.set(head, request);
    }
    return request;
  }

  #make({ method, target }: ClientHead, lines: string): Http2Request {
    const shared: string[] = [];
    const own: string[] = [];
    let authority = '';
    for (const line of lines.split('\r\n')) {
      const colon = line.indexOf(':');
      if (colon < 0) continue;
      const name = line.slice(0, colon).toLowerCase();
      const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
      if (name === 'host') authority = value;
      if (!LEFT_OUT.has(name)) (OWN.has(name) ? own : shared).push(name, value);
    }
    const pseudo = [
      ':method',
      method,
      ':scheme',
      this.secure ? 'https' : 'http',
      ':authority',
      authority,
      ':path',
      pathOf(target),
    ];
    return { shared: [...pseudo, ...shared], own: literalFields(own) };
  }
}

/** Path and query of a request target, which may be a whole URL (RFC 9112, section 3.2.2). */
const pathOf = (target: string): string =>
  target.startsWith('/') || target === '*'
    ? target
    : target.replace(/^[^/]*\/\/[^/?]*/, '').replace(/^(?!\/)/, '/');

/** Fields of one hop that HTTP/2 may have, and that are not passed on. */
const OF_ONE_HOP: ReadonlySet<string> = new Set(['te', 'proxy-authenticate', 'proxy-authorization']);

/** Collects the fields of one head, or of trailers, as lines. */
export class FieldLines implements Fields {
  readonly #instanceHeader: string;
  text = '';
  readonly untouched = false;
  readonly idleSeconds: undefined;
  readonly hosts = 0;
  sessionId: string | undefined;
  readonly mcpMethod: undefined;
  readonly mcpName: undefined;
  readonly authorization: undefined;
  servedBy: string | undefined;
  /** Bytes of the body, where stated. */
  length: number | undefined;

  /** @param instanceHeader - in lower case. */
  constructor(instanceHeader: string) {
    this.#instanceHeader = instanceHeader;
  }

  add(name: string, value: string): void {
    if (OF_ONE_HOP.has(name)) return;
    if (name === 'content-length') this.length = Number(value);
    else if (name === 'mcp-session-id') this.sessionId = value;
    if (name === this.#instanceHeader) this.servedBy = value;
    this.text += `${name}: ${value}\r\n`;
  }
}

/** The start line of an answer. HTTP/2 has no reason phrase. */
const startLine = (status: number): string => `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;

/** An answer of `status`, to be passed on in HTTP/1.1. `bodiless`: it has no body, whatever its fields say. */
export function answerHead(
  status: number,
  fields: FieldLines,
  instance: InstanceField,
  bodiless: boolean,
): UpstreamHead {
  const body = bodiless ? 0 : (fields.length ?? 'chunked');
  if (body === 'chunked') fields.text += 'transfer-encoding: chunked\r\n';
  const line = startLine(status);
  const name = fields.servedBy === undefined && status >= 200 ? instance.line : '';
  const whole = `${line}${fields.text}${name}\r\n`;
  return { startLine: line, verbatim: false, status, fields, whole, body, reusable: true };
}
