/** @module A token as text that comes from outside: checked before a load is started with it. */
import { epochMs } from '../units/clock.ts';
import { formatMinutes } from '../units/time.ts';
import { type Problem, UserError } from '../units/user-error.ts';
import { type IssuedToken, readToken } from './issued-token.ts';

/** `b64token`. Source: RFC 6750, section 2.1. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** The token that `text` is, white space around it aside. `from`: what it was read from. Throws a `UserError`, which does not quote it. */
export function givenToken(text: string, where: string, from: string): IssuedToken {
  const value = text.trim();
  const wrong = (problem: Omit<Problem, 'where'>): never => {
    throw new UserError({ where, ...problem });
  };
  if (value === '') wrong({ what: `${from} is empty`, expected: 'an access token' });
  if (!TOKEN.test(value)) {
    const expected = 'an access token alone: letters, digits and - . _ ~ + / only (RFC 6750)';
    wrong({ what: `${from} is no access token`, expected });
  }
  const token = readToken(value);
  const left = (token.expiresAtEpochMs ?? Infinity) - epochMs();
  if (left > 0) return token;
  const what = `the token in ${from} has expired, ${formatMinutes(-left * 1000)} minutes ago`;
  return wrong({ what, expected: 'a token that is valid during the load', todo: 'renew it' });
}
