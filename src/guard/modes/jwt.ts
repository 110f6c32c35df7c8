/** @module Mode `jwt`: the access token of every call is verified, with keys that are kept. */
import type { CreateAuthenticator } from '../guard.ts';
import { AccessTokenCheck } from './access-token.ts';
import { presentedToken } from './presented-token.ts';

export const jwt: CreateAuthenticator = (context) => {
  const tokens = new AccessTokenCheck(context);
  return {
    async authenticate(request) {
      const token = presentedToken(request, 'Bearer');
      if (typeof token !== 'string') return token;
      const checked = await tokens.check(token);
      return 'refused' in checked ? checked : checked.identity;
    },
    stop: () => tokens.stop(),
  };
};
