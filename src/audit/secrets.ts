/** @module Whether a line of a log holds a token, which no log may. */
import { digestOf, recorded } from '../guard/modes/token-digest.ts';
import { hasToken } from '../protocol/credentials-in-text.ts';
import { traceIdOf } from '../protocol/trace.ts';

/** Words as long as a token. The look-behind keeps the search from beginning anew within a word. */
const LONG_WORDS = /(?<![\w.~+/-])[\w.~+/-]{24,}/g;

/**
 * Whether there is a JWT in `line`, something behind the name of a scheme, or a word whose hash is `tokenHash`: the token
 * itself.
 */
export function holdsToken(line: string, tokenHash: string | undefined): boolean {
  if (hasToken(line)) return true;
  if (tokenHash === undefined) return false;
  for (const [word] of line.matchAll(LONG_WORDS)) {
    if (traceIdOf(word) === undefined && recorded(digestOf(word)) === tokenHash) return true;
  }
  return false;
}
