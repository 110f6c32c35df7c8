/** @module The access token that a request presents in `Authorization`. Nothing else is read: never the URL, never the body. */
import type { GuardedRequest, Refused } from '../guard.ts';

/** Of one scheme and one token68. Source: RFC 9110, sections 11.2 and 11.4; RFC 6750, section 2.1. */
const CREDENTIALS = /^([A-Za-z]+) +([A-Za-z0-9\-._~+/]+=*)$/;

/** Tokens of the authorization servers in use are far below; a longer one is not worth a look. */
const LONGEST = 8192;

const MISSING: Refused = { refused: 'missing' };
const MALFORMED: Refused = { refused: 'malformed' };

/** The one token of `scheme`. A second `Authorization` field is joined by a comma, which no token has. */
export function presentedToken(request: GuardedRequest, scheme: 'Bearer' | 'DPoP'): string | Refused {
  const field = request.header('authorization');
  if (field === undefined || field === '') return MISSING;
  const [, name, token] = (field.length <= LONGEST && CREDENTIALS.exec(field)) || [];
  if (name?.toLowerCase() !== scheme.toLowerCase() || token === undefined) return MALFORMED;
  return token;
}
