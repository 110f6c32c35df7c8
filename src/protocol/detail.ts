/** @module Makes texts about a failed call safe to show: short, on one line, and without secrets. */
import { withoutCredentials } from './credentials-in-text.ts';

/** The maximum length of a detail, in characters. */
export const DETAIL_LIMIT = 200;

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
