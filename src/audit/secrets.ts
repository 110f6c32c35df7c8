/** @module Whether a line of a log holds a token, which no log may. */
import { createHash } from 'node:crypto';
import { traceIdOf } from '../protocol/trace.ts';

/** Long words; and what follows the name of a scheme. */
const WORDS = /[\w.~+/-]{24,}/g;
const AFTER_SCHEME = /\b(?:bearer|dpop) +[\w.~+/=-]{8,}/i;
const JWT = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * Whether there is a JWT in `line`, something behind the name of a scheme, or a word whose hash is `tokenHash`: the token
 * itself.
 */
export function holdsToken(line: string, tokenHash: string | undefined): boolean {
  if (AFTER_SCHEME.test(line)) return true;
  for (const [word] of line.matchAll(WORDS)) {
    if (JWT.test(word)) return true;
    if (tokenHash !== undefined && traceIdOf(word) === undefined && hashOf(word) === tokenHash) return true;
  }
  return false;
}

/** As an audit record has it: the first 16 hexadecimal digits. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 16);
