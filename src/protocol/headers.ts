/** @module Header values that may carry any text, and request heads that cannot be made to carry two requests. */
import { UserError } from '../units/user-error.ts';
import type { RequestHead } from './request.ts';

const OPEN = '=?base64?';
const CLOSE = '?=';
/** Standard Base64 with its padding (RFC 4648 section 4); empty text included. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** `token` of RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** `field-value` of RFC 9110 section 5.5 without the obsolete upper half, which has no agreed encoding. */
const FIELD_VALUE = /^[\t\x20-\x7e]*$/;

/** Headers that frame the message or steer the connection: the driver sets them, or does without. */
const DRIVERS_OWN: ReadonlySet<string> = new Set([
  'accept-encoding',
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
 * `value` as it stands in `Mcp-Name` and `Mcp-Param-*`: verbatim when it is plain, else `=?base64?...?=` around the
 * Base64 of its UTF-8. Source: MCP 2026-07-28, Streamable HTTP, Value Encoding. The empty string is encoded too,
 * because intermediaries drop empty headers.
 */
export function encodeHeaderValue(value: string): string {
  const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value);
  if (plain && !(value.startsWith(OPEN) && value.endsWith(CLOSE))) return value;
  return `${OPEN}${Buffer.from(value, 'utf8').toString('base64')}${CLOSE}`;
}

/**
 * The text that a received header value stands for; `undefined` when it claims to be Base64 and is not.
 * A missing marker, or one in another case, makes the value literal.
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

/** `own` with the user's headers added; where both name one header, the user's stands in its place, once. */
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
 * The head of a request. Throws a {@link UserError} naming every header that is not legal HTTP (so that none smuggles
 * in a line of its own) or that belongs to the driver; the fault never quotes a value, which may be a secret.
 */
export function requestHead(method: RequestHead['method'], pairs: readonly HeaderPair[]): RequestHead {
  const faults = pairs.flatMap(([name, value]) => headerFault(name, value));
  if (faults.length > 0) throw new UserError(faults);
  const headers = pairs.flatMap(([name, value]) => [name, value.trim()]);
  const text = pairs.map(([name, value]) => `${name}: ${value.trim()}\r\n`).join('');
  return { method, headers, text };
}

function headerFault(name: string, value: string): UserError['problems'] {
  const where = `header "${legalStart(name)}"`;
  if (!TOKEN.test(name)) {
    return [
      {
        where,
        what: name === '' ? 'the name is empty' : 'the name has a character that header names must not have',
        expected: 'letters, digits and -, as in "X-Request-Source"',
      },
    ];
  }
  if (DRIVERS_OWN.has(name.toLowerCase())) {
    return [{ where, what: 'this header is set by Paceline', todo: 'leave it out' }];
  }
  if (!FIELD_VALUE.test(value)) {
    return [
      {
        where,
        what: 'the value has a line break, a control character or a character outside ASCII',
        expected: 'printable ASCII in one line',
      },
    ];
  }
  return [];
}

/** The part of a name before the first illegal character: what follows may be a value in the wrong place. */
function legalStart(name: string): string {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]*/.exec(name)![0].slice(0, 60);
}
