/** @module Heads of requests and answers: the start line, and how the body is framed. RFC 9112. */
import { type Body, emptyBody, untilClose } from './body.ts';
import { type Fields, readFields } from './fields.ts';
import { Reject } from './reject.ts';

export interface RequestHead {
  /** With CR LF. */
  readonly startLine: string;
  readonly method: string;
  readonly fields: Fields;
  readonly body: Body;
}

export interface ResponseHead {
  /** With CR LF, always HTTP/1.1. */
  readonly startLine: string;
  /** Whether start line and fields may be passed on as they came. */
  readonly verbatim: boolean;
  readonly status: number;
  readonly fields: Fields;
  readonly body: Body;
  /** Whether the upstream keeps the connection open afterwards. */
  readonly reusable: boolean;
}

/** Origin form only: a proxy that accepts absolute targets must decide between them and Host. */
const REQUEST_LINE = /^([A-Z]{1,20}) (\/[\x21-\x7e]*) HTTP\/(\d\.\d)\r\n/;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?\r\n/;

/** Reads a request head: `text` with its empty line left off, every line closed by CR LF. Throws {@link Reject}. */
export function readRequestHead(text: string): RequestHead {
  const match = REQUEST_LINE.exec(text);
  if (match === null) throw new Reject(400, 'the request line is malformed');
  if (match[3] !== '1.1') throw new Reject(505, `HTTP/${match[3]} is not spoken here, only HTTP/1.1`);
  const startLine = match[0];
  const method = match[1]!;
  if (method === 'CONNECT') throw new Reject(501, 'CONNECT is not supported');
  const fields = readFields(text, startLine.length);
  if (fields.hosts !== 1) throw new Reject(400, `${fields.hosts} Host headers, expected one`);
  return { startLine, method, fields, body: fields.body ?? emptyBody };
}

/** Reads the head of an answer to a request of `method`; `instanceHeader` (lower case) names the instance. Throws {@link Reject}. */
export function readResponseHead(text: string, method: string, instanceHeader: string): ResponseHead {
  const match = STATUS_LINE.exec(text);
  if (match === null) throw new Reject(502, 'the status line is malformed');
  const modern = match[1] === '1';
  const startLine = modern ? match[0] : `HTTP/1.1 ${match[2]} ${match[3] ?? ''}\r\n`;
  const status = Number(match[2]);
  if (status === 101) throw new Reject(502, 'the upstream switched protocols unasked');
  const fields = readFields(text, match[0].length, instanceHeader);
  const bodiless = method === 'HEAD' || status < 200 || status === 204 || status === 304;
  const body = bodiless ? emptyBody : (fields.body ?? untilClose);
  const reusable = body !== untilClose && (modern ? !fields.close : fields.keepAlive && !fields.close);
  return { startLine, verbatim: modern && fields.untouched, status, fields, body, reusable };
}
