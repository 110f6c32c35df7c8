/** @module Heads of requests and answers as the proxy needs them: the start line, the fields, and where the body ends. */
import { ascii } from '../../http/bytes.ts';
import { type BodyEnd, Framing, type RequestBodyEnd } from '../../http/framing.ts';
import { RequestLine, StatusLine } from '../../http/start-line.ts';
import type { RoutedRequest } from '../policy/policy.ts';
import { type Fields, type HeadLines, readFields } from './fields.ts';
import { Reject, rejectionOf } from './reject.ts';

/** The head of a client's request. */
export interface ClientHead {
  /** With CR LF. */
  readonly startLine: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly fields: Fields;
  /** What is passed on in its place: all of it, without what belongs to one hop. */
  readonly whole: string;
  readonly body: RequestBodyEnd;
  /** Whether the client asks for the connection to be closed after the answer. */
  readonly close: boolean;
}

/** What policies see of the request with `head`. */
export function routedRequest({ method, fields }: ClientHead, clientAddress: string): RoutedRequest {
  const { sessionId, mcpMethod, mcpName, authorization } = fields;
  return { method, sessionId, mcpMethod, mcpName, authorization, clientAddress };
}

/** The field that names an instance. */
export interface InstanceField {
  /** In lower case. */
  readonly name: Buffer;
  /** The whole line, for answers that lack it; empty to add none. */
  readonly line: string;
}

/** The field `header` (lower case) for the instance `id`; without a name, answers pass without one. */
export const instanceField = (header: string, id: string): InstanceField => ({
  name: ascii(header),
  line: header === '' ? '' : `${header}: ${id}\r\n`,
});

/** The head of an upstream's answer. */
export interface UpstreamHead {
  /** With CR LF, always HTTP/1.1. */
  readonly startLine: string;
  /** Whether it may be passed on as it came. */
  readonly verbatim: boolean;
  readonly status: number;
  readonly fields: Fields;
  /** What is passed on in its place: all of it, without what belongs to one hop, and with the name of the instance. */
  readonly whole: string;
  readonly body: BodyEnd;
  /** Whether the upstream keeps the connection open afterwards. */
  readonly reusable: boolean;
}

// Heads are read at once, so one of each is enough.
const REQUEST_LINE = new RequestLine();
const STATUS_LINE = new StatusLine();
const FRAMING = new Framing();

const linesOf = (bytes: Buffer, from: number, to: number): HeadLines => ({
  bytes,
  from,
  to,
  text: bytes.toString('latin1', from, to),
});

/** Reads the request head in [`from`, `to`), its empty line left off, every line closed by CR LF. Throws a {@link Reject}. */
export function readClientHead(bytes: Buffer, from: number, to: number): ClientHead {
  const line = REQUEST_LINE;
  const start = line.read(bytes, from, to);
  if (start <= 0) throw rejectionOf('request-line');
  if (line.minor !== 1) throw rejectionOf('version');
  const lines = linesOf(bytes, from, to);
  const { text } = lines;
  const method = text.slice(0, line.methodTo - from);
  if (method === 'CONNECT') throw new Reject(501, 'CONNECT is not supported');
  FRAMING.begin(1);
  const fields = readFields(lines, start, FRAMING);
  if (fields.hosts !== 1) throw new Reject(400, `${fields.hosts} Host headers, expected one`);
  const startLine = text.slice(0, start - from);
  return {
    startLine,
    whole: `${startLine}${fields.text}\r\n`,
    method,
    target: text.slice(line.targetFrom - from, line.targetTo - from),
    fields,
    body: FRAMING.requestBody(),
    close: FRAMING.close,
  };
}

/** Reads the head of an answer to a request of `method`, by `instance`. Throws a {@link Reject}. */
export function readUpstreamHead(
  bytes: Buffer,
  from: number,
  to: number,
  method: string,
  instance: InstanceField,
): UpstreamHead {
  const line = STATUS_LINE;
  const start = line.read(bytes, from, to);
  if (start <= 0) throw rejectionOf('status-line');
  const { status, minor } = line;
  const lines = linesOf(bytes, from, to);
  const { text } = lines;
  FRAMING.begin(minor);
  const fields = readFields(lines, start, FRAMING, instance.name);
  const fault = status < 200 ? FRAMING.interimFault(status) : undefined;
  if (fault !== undefined) throw rejectionOf(fault);
  const body = FRAMING.responseBody(status, method === 'HEAD');
  const startLine =
    minor === 1
      ? text.slice(0, start - from)
      : `HTTP/1.1 ${status} ${text.slice(line.textFrom - from, line.textTo - from)}\r\n`;
  const reusable = body !== 'close' && FRAMING.persistent;
  const name = fields.servedBy === undefined ? instance.line : '';
  const whole = `${startLine}${fields.text}${name}\r\n`;
  const verbatim = minor === 1 && fields.untouched && name === '';
  return { startLine, whole, verbatim, status, fields, body, reusable };
}
