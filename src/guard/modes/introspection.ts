/** @module Mode `introspection`: the authorization server is asked about the token of every call. */
import type { CreateAuthenticator } from '../guard.ts';
import { Introspector } from './introspector.ts';
import { presentedToken } from './presented-token.ts';
import { digestOf } from './token-digest.ts';

export const introspection: CreateAuthenticator = (context) => {
  const introspector = new Introspector(context);
  return {
    async authenticate(request) {
      const token = presentedToken(request, 'Bearer');
      if (typeof token !== 'string') return token;
      const asked = await introspector.ask(token, digestOf(token));
      return 'refused' in asked ? asked : asked.identity;
    },
    stop: () => introspector.stop(),
  };
};
