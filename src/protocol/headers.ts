/** @module Encodes header values that may contain any text, and builds request heads that are safe against header injection. */
import { UserError } from '../units/user-error.ts';
import type { RequestHead } from './request.ts';

/** The code of a JSON-RPC error: header fields do not say what the body says. Source: MCP 2026-07-28, Error Codes, HeaderMismatch. */
export const HEADER_MISMATCH = -32020;

const OPEN = '=?base64?';
const CLOSE = '?=';
/** Standard Base64 with its padding (RFC 4648 section 4); empty text included. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** `token` of RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** `field-value` of RFC 9110 section 5.5 without the obsolete bytes above ASCII, which have no defined encoding. */
const FIELD_VALUE = /^[\t\x20-\x7e]*$/;

/** Headers for message framing and for the connection. Only the driver may set them. */
const DRIVERS_OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * `value` in the encoding of `Mcp-Name` and `Mcp-Param-*`: verbatim when it is plain ASCII, otherwise the Base64 of its UTF-8 in
 * `=?base64?...?=`. Source: MCP 2026-07-28, Streamable HTTP, Value Encoding. The empty string is encoded too, because
 * intermediaries drop empty headers.
 */
export function encodeHeaderValue(value: string): string {
  const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value);
  if (plain && !(value.startsWith(OPEN) && value.endsWith(CLOSE))) return value;
  return `${OPEN}${Buffer.from(value, 'utf8').toString('base64')}${CLOSE}`;
}

/**
 * Decodes a received header value; `undefined` for invalid Base64. A value without both markers, or with markers in another
 * case, is literal.
 */
export function decodeHeaderValue(raw: string): string | undefined {
  const value = raw.replace(/^[ \t]+|[ \t]+$/g, '');
  if (!value.startsWith(OPEN) || !value.endsWith(CLOSE) || value.length < OPEN.length + CLOSE.length) {
    return value;
  }
  const coded = value.slice(OPEN.length, -CLOSE.length);
  return BASE64.test(coded) ? Buffer.from(coded, 'base64').toString('utf8') : undefined;
}

/** A header's name and value. */
export type HeaderPair = readonly [name: string, value: string];

/** `own` with the user's headers added. A user's header replaces one of `own` with the same name. */
export function mergeHeaders(
  own: readonly HeaderPair[],
  user: Readonly<Record<string, string>>,
): readonly HeaderPair[] {
  const merged = new Map<string, HeaderPair>();
  for (const pair of own) merged.set(pair[0].toLowerCase(), pair);
  for (const pair of Object.entries(user)) merged.set(pair[0].toLowerCase(), pair);
  return [...merged.values()];
}

/**
 * The head of a request. Throws a {@link UserError} with every header that is not valid HTTP (against header injection) or that
 * only the driver may set. The error never quotes a value, because it may be a secret.
 */
export function requestHead(method: RequestHead['method'], pairs: readonly HeaderPair[]): RequestHead {
  const problems = pairs.flatMap(([name, value]) => headerProblems(name, value));
  if (problems.length > 0) throw new UserError(problems);
  const headers = pairs.flatMap(([name, value]) => [name, value.trim()]);
  const text = pairs.map(([name, value]) => `${name}: ${value.trim()}\r\n`).join('');
  return { method, headers, text };
}

function headerProblems(name: string, value: string): UserError['problems'] {
  const where = `header "${legalStart(name)}"`;
  if (!TOKEN.test(name)) {
    return [
      {
        where,
        what:
          name === ''
            ? 'the name is empty'
            : 'the name contains a character that is not allowed in header names',
        expected: 'letters, digits and -, as in "X-Request-Source"',
      },
    ];
  }
  if (DRIVERS_OWN.has(name.toLowerCase())) {
    return [{ where, what: 'Paceline sets this header itself', todo: 'remove it' }];
  }
  if (!FIELD_VALUE.test(value)) {
    return [
      {
        where,
        what: 'the value contains a line break, a control character or a character outside ASCII',
        expected: 'printable ASCII on one line',
      },
    ];
  }
  return [];
}

/** The part of a name before the first invalid character. The rest may be a secret value in the wrong position. */
function legalStart(name: string): string {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]*/.exec(name)![0].slice(0, 60);
}
