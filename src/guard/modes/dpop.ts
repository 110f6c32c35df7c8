/** @module Mode `dpop`: every call proves that the caller has the key of its token. Source: RFC 9449, section 7. */
import type { CreateAuthenticator } from '../guard.ts';
import { AccessTokenCheck } from './access-token.ts';
import { presentedToken } from './presented-token.ts';
import { ProofCheck } from './proof.ts';

export const dpop: CreateAuthenticator = (context) => {
  const tokens = new AccessTokenCheck(context);
  const proofs = new ProofCheck(context);
  return {
    async authenticate(request) {
      const token = presentedToken(request, 'DPoP');
      if (typeof token !== 'string') return token;
      const checked = await tokens.check(token);
      if ('refused' in checked) return checked;
      const proof = request.header('dpop');
      if (proof === undefined || checked.keyThumbprint === undefined) return { refused: 'bad-proof' };
      const { identity, keyThumbprint, digest } = checked;
      return (await proofs.refuse(request, proof, { keyThumbprint, digest })) ?? identity;
    },
    stop: () => tokens.stop(),
  };
};
