/** @module Mode `introspection-cached`: what the authorization server says of a token is kept for a time. */
import type { Micros } from '../../units/time.ts';
import type { CreateAuthenticator, Identity, Refused } from '../guard.ts';
import { BoundedMap } from './bounded-map.ts';
import { type ActiveToken, Introspector } from './introspector.ts';
import { presentedToken } from './presented-token.ts';
import { digestOf } from './token-digest.ts';

/** Far more than the tokens of a load that are in use at a time. */
const TOKENS_KEPT = 65_536;

interface Kept extends ActiveToken {
  readonly until: Micros;
}

/**
 * Only good answers are kept, by the digest of the token. The time counts from the question: an answer is not older than that, so
 * that no decision is older than `cacheTtl`. It ends with the token at the latest, by the clock of the instance. Questions about one
 * token under way are shared.
 */
export const introspectionCached: CreateAuthenticator = (context) => {
  const { clock, input } = context;
  const introspector = new Introspector(context);
  const kept = new BoundedMap<Kept>(TOKENS_KEPT);
  const asking = new Map<string, Promise<Identity | Refused>>();

  const ask = async (token: string, digest: string): Promise<Identity | Refused> => {
    const askedAt = clock.now();
    const asked = await introspector.ask(token, digest);
    asking.delete(digest);
    if ('refused' in asked) return asked;
    kept.set(digest, { ...asked, until: askedAt + input.cacheTtlUs });
    return asked.identity;
  };

  const isGood = ({ until, expiresAt = Number.POSITIVE_INFINITY }: Kept): boolean =>
    clock.now() < until && context.nowSeconds() < expiresAt;

  return {
    authenticate(request) {
      const token = presentedToken(request, 'Bearer');
      if (typeof token !== 'string') return token;
      const digest = digestOf(token);
      const found = kept.get(digest);
      if (found !== undefined && isGood(found)) return found.identity;
      const under = asking.get(digest) ?? ask(token, digest);
      asking.set(digest, under);
      return under;
    },
    stop: () => introspector.stop(),
  };
};
