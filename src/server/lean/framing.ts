/** @module The head of a request as the lean server needs it, and why a request cannot be framed. */
import { describeFault, type HttpFault } from '../../http/fault.ts';
import { type FieldTaker, readFields } from '../../http/fields.ts';
import { FRAMING_FIELDS, Framing, type RequestBodyEnd } from '../../http/framing.ts';
import { RequestLine } from '../../http/start-line.ts';

/** The head of a request. */
export interface LeanHead {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Names in lower case; a name that occurs twice has its values joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bytes of the body, or `chunked`. */
  readonly length: RequestBodyEnd;
  /** Whether the connection stays open after the answer. */
  readonly keepAlive: boolean;
}

/** A request that cannot be framed; the connection is closed after the answer. */
export interface BadRequest {
  readonly status: number;
  readonly message: string;
}

export const MAX_HEAD_BYTES: number = 16 * 1024;
export const MAX_BODY_BYTES: number = 4 * 1024 * 1024;

export const TOO_LARGE: BadRequest = {
  status: 413,
  message: `a body may have ${MAX_BODY_BYTES} bytes at most`,
};

// Heads are read at once, so one of each is enough.
const REQUEST_LINE = new RequestLine();
const FRAMING = new Framing();

/** Reads the head in [`from`, `to`), its closing empty line left off; every line is closed by CR LF. */
export function parseHead(bytes: Buffer, from: number, to: number): LeanHead | BadRequest {
  const line = REQUEST_LINE;
  const start = line.read(bytes, from, to);
  if (start <= 0) return badRequest('request-line');
  if (line.minor === undefined) return badRequest('version');
  FRAMING.begin(line.minor);
  const fields = new HeaderMap();
  if (readFields(bytes, start, to, fields) !== to) return badRequest(fields.fault);
  const length = FRAMING.requestBody();
  if (typeof length === 'number' && length > MAX_BODY_BYTES) return TOO_LARGE;
  const target = bytes.toString('latin1', line.targetFrom, line.targetTo);
  return {
    method: bytes.toString('latin1', from, line.methodTo),
    path: target.split('?')[0]!,
    headers: fields.headers,
    length,
    keepAlive: FRAMING.persistent,
  };
}

/** Collects all fields; those that frame the body also go to the framing. */
class HeaderMap implements FieldTaker {
  readonly headers = new Map<string, string>();
  fault: HttpFault = 'field-line';

  take(bytes: Buffer, from: number, nameTo: number, valueFrom: number, valueTo: number): boolean {
    const name = bytes.toString('latin1', from, nameTo).toLowerCase();
    const value = bytes.toString('latin1', valueFrom, valueTo);
    const before = this.headers.get(name);
    this.headers.set(name, before === undefined ? value : `${before}, ${value}`);
    const framing = FRAMING_FIELDS.find((field) => field === name);
    const fault = framing && FRAMING.take(framing, bytes, valueFrom, valueTo);
    if (fault !== undefined) this.fault = fault;
    return fault === undefined;
  }
}

/** What a request with `fault` is answered. */
export function badRequest(fault: HttpFault): BadRequest {
  const { status, text } = describeFault(fault);
  return { status, message: text };
}
