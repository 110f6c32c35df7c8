/** @module Answers to requests of cacheable methods, read from their bytes. */
import { BodyReader } from '../../../http/body-reader.ts';

/** An answer. */
export interface Received {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  /** `cache` of `Server-Timing`. */
  readonly mark: string | undefined;
  readonly ageMs: number | undefined;
  /** `cache-reason` of it. */
  readonly reason: string | undefined;
  /** Of the message; undefined when there is none. */
  readonly id: unknown;
  /** The number of {@link numbered}. */
  readonly n: unknown;
}

/** The answer whose bytes are `bytes` (Latin-1). */
export function received(bytes: string): Received {
  const headEnd = bytes.indexOf('\r\n\r\n') + 4;
  const head = bytes.slice(0, headEnd);
  const body = bodyIn(head, bytes.slice(headEnd));
  const json = parsedBody(body);
  const age = /cache-age;dur=([\d.]+)/.exec(head)?.[1];
  return {
    status: Number(head.slice(9, 12)),
    head,
    body,
    mark: /cache;desc=(\w+)/.exec(head)?.[1],
    reason: /cache-reason;desc=([\w-]+)/.exec(head)?.[1],
    ageMs: age === undefined ? undefined : Number(age),
    id: json?.id,
    n: json?.result?.n,
  };
}

/** Without the chunked coding. */
function bodyIn(head: string, sent: string): string {
  if (!/^transfer-encoding: chunked\r$/im.test(head)) return Buffer.from(sent, 'latin1').toString();
  const reader = new BodyReader();
  const parts: Buffer[] = [];
  reader.begin('chunked');
  const bytes = Buffer.from(sent, 'latin1');
  reader.read(bytes, 0, bytes.length, {
    append: (from, start, end) => parts.push(from.subarray(start, end)),
  });
  return Buffer.concat(parts).toString();
}

/** The message in a body, which may be an event stream. */
function parsedBody(body: string): { id?: unknown; result?: { n?: unknown } } | undefined {
  try {
    return JSON.parse(/\{.*\}/.exec(body)?.[0] ?? '');
  } catch {
    return undefined;
  }
}
