/** @module Makes texts about a failed call safe to show: short, on one line, and without secrets. */

/** The maximum length of a detail, in characters. */
export const DETAIL_LIMIT = 200;

/** Credentials that an answer may echo: a scheme with its credentials, and anything in the form of a JWT. */
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

/** The maximum length of what a detail quotes of a body. */
const BODY_LIMIT = 120;

/** What a body says, for a detail: its text without markup, cut short; empty for one that is not text. */
export function bodyText(body: string): string {
  const text = body.slice(0, 4 * DETAIL_LIMIT);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these do not occur in text.
  if (/[\u0000-\u0008\ufffd]/.test(text)) return '';
  const said = text
    .replace(/<(style|script|title)\b[\s\S]*?<\/\1\s*>|<[^>]*>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return said.length <= BODY_LIMIT ? said : `${said.slice(0, BODY_LIMIT - 3)}...`;
}

/** `text` made safe to show and to store: control characters become spaces, secrets are removed, the length is limited. */
export function safeDetail(text: string): string {
  // Also truncated before the search, because the text comes from the network and may be megabytes long. A truncated secret is still found.
  const line = text
    .slice(0, 4 * DETAIL_LIMIT)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not reach a terminal.
    .replace(/[\u0000-\u0020\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]+/g, ' ')
    .trim();
  const safe = withoutCredentials(line);
  const short = safe.length <= DETAIL_LIMIT ? safe : `${safe.slice(0, DETAIL_LIMIT - 3)}...`;
  // Half a surrogate pair, received or cut off here, has no UTF-8 form. Converting to bytes and back replaces it.
  return Buffer.from(short).toString();
}
