/** @module Causes of a failure that were recognised, so that a person can be told what to do. */
import type { Answer } from './answer.ts';

/**
 * - `host-check`: the server refuses the `Host` or `Origin` header, to protect itself from DNS rebinding.
 * - `not-http`: the bytes of the answer are not HTTP as HTTP/1.1 allows it.
 * - `http1-only`, `http2-only`: they are HTTP of another version than the one that was asked for.
 * - `no-common-version`: the server accepts none of the versions of HTTP that TLS offered (ALPN).
 * - `no-streams`: the server allows no call on a connection of HTTP/2.
 * - `untrusted-certificate`: no known authority signed the certificate of the server, or it signed it itself.
 * - `wrong-certificate`: the certificate has expired, or is for another host.
 */
export type Cause =
  | 'host-check'
  | 'not-http'
  | 'http1-only'
  | 'http2-only'
  | 'no-common-version'
  | 'no-streams'
  | 'untrusted-certificate'
  | 'wrong-certificate';

/** More than a refusal says. */
const MOST_TEXT = 2000;

/** `Invalid Host header: x` (the official SDKs), `Origin not allowed`, `Access is only allowed at localhost:8931` (`@playwright/mcp`). */
const HOST_CHECK = [
  /\b(?:invalid|disallowed|forbidden|missing|unknown|bad) (?:host|origin)\b/i,
  /\b(?:host|origin)\b[^\n]{0,60}\b(?:not (?:allowed|permitted|valid)|invalid|forbidden|denied|rejected|blocked)\b/i,
  /\baccess is only allowed at\b/i,
];

/** The cause that a refusal names, if it is known. Servers that check `Host` and `Origin` answer 403, or 421 (the Python SDK, for a wrong `Host`). */
export function causeOf({ status, body }: Pick<Answer, 'status' | 'body'>): Cause | undefined {
  if (status !== 403 && status !== 421) return undefined;
  const text = body.toString('latin1', 0, MOST_TEXT);
  return HOST_CHECK.some((form) => form.test(text)) ? 'host-check' : undefined;
}
