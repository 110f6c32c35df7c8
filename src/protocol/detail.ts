/** @module Texts about a failed call: short, on one line, and without secrets. */

/** The most characters that a detail has. */
export const DETAIL_LIMIT = 200;

/** Texts of an answer may echo the request's credentials: a scheme with its credentials, and anything shaped like a JWT. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic|dpop)\s+[\w\-.~+/]{8,}=*/gi, '$1 (removed)'],
  [/\beyJ[\w-]{6,}(?:\.[\w-]*)*/g, '(removed)'],
  [
    /\b((?:access_|refresh_|id_)?token|client_secret|assertion|api_?key|password)(["']?\s*[:=]\s*["']?)[^\s"'&,;}]{4,}/gi,
    '$1$2(removed)',
  ],
];

/** `text` with everything that looks like a credential removed. */
export function withoutCredentials(text: string): string {
  return SECRETS.reduce((value, [secret, instead]) => value.replace(secret, instead), text);
}

/** `text` made fit to show and to store: control characters become spaces, secrets are removed, the length is bounded. */
export function safeDetail(text: string): string {
  // Cut before searching too: the text comes from the wire and may be megabytes; a secret cut in two is still found.
  const line = text
    .slice(0, 4 * DETAIL_LIMIT)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
    .replace(/[\u0000-\u0020\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]+/g, ' ')
    .trim();
  const safe = withoutCredentials(line);
  const short = safe.length <= DETAIL_LIMIT ? safe : `${safe.slice(0, DETAIL_LIMIT - 3)}...`;
  // Half a surrogate pair, sent or cut off here, has no UTF-8: the way there and back replaces it.
  return Buffer.from(short).toString();
}
