/** @module The identities of a fleet or target as callers of an audit, with the credentials and proofs that a load would send. */
import { credentialsOf } from '../generator/agent/credentials-layer.ts';
import type { AuditIdentity } from '../session-audit/client.ts';
import { credentialHeaders } from '../testbed/credentials/probe-as.ts';
import type { CredentialsOffer } from '../testbed/part.ts';
import { epochMs } from '../units/clock.ts';

/** Each identity as its first agent; none where nobody checks who calls. Throws a `UserError` when a token is not legal. */
export function identitiesOf(offer: CredentialsOffer | undefined, seed: number): readonly AuditIdentity[] {
  if (offer === undefined) return [];
  const { auth } = offer;
  const { credentials, proofs } = credentialsOf({ auth, seed, epochMs, worker: 0, workers: 1 });
  let agents = 0;
  return auth.identities.map((identity) => {
    const agent = agents;
    agents += identity.agents;
    return {
      name: identity.name,
      headers: credentialHeaders(auth, agent),
      fieldsOf(method) {
        const token = credentials.next(agent);
        const fields = credentials.fieldsOf(agent, token);
        const proof = token === undefined ? undefined : proofs?.of(agent, method, undefined, token);
        return proof === undefined ? fields : fields.plus(proof);
      },
    };
  });
}
