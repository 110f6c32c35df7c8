/** @module Whether a line of a log holds a token, which no log may. */
import { digestOf, recorded } from '../guard/modes/token-digest.ts';
import { traceIdOf } from '../protocol/trace.ts';

/** What follows the name of a scheme; the text of a JWT, whose header begins with `{"`. */
const AFTER_SCHEME = /\b(?:bearer|dpop) +[\w.~+/=-]{8,}/i;
const JWT = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/;
/** Words as long as a token. The look-behind keeps the search from beginning anew within a word. */
const LONG_WORDS = /(?<![\w.~+/-])[\w.~+/-]{24,}/g;

/**
 * Whether there is a JWT in `line`, something behind the name of a scheme, or a word whose hash is `tokenHash`: the token
 * itself.
 */
export function holdsToken(line: string, tokenHash: string | undefined): boolean {
  if (AFTER_SCHEME.test(line) || JWT.test(line)) return true;
  if (tokenHash === undefined) return false;
  for (const [word] of line.matchAll(LONG_WORDS)) {
    if (traceIdOf(word) === undefined && recorded(digestOf(word)) === tokenHash) return true;
  }
  return false;
}
