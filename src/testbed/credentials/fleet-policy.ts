/** @module The policy that the instances of a fleet decide with, to know in advance what they should decide. */
import type { Policy } from '../../guard/guard.ts';
import { holds, requiredScopes } from '../../protocol/authorization/scopes.ts';
import type { GuardInputOf } from '../guarded-process.ts';

/** The policy of the instances of `guardOf`; without a check, everything is allowed. */
export async function fleetPolicy(guardOf: GuardInputOf | undefined): Promise<Pick<Policy, 'refuse'>> {
  const policy = guardOf?.({ kind: 'instance', id: '1', index: 0 }).policy;
  if (policy?.kind !== 'scopes') return { refuse: () => undefined };
  return {
    refuse: (operation, { scopes }) =>
      holds(scopes, requiredScopes(operation, policy.requires)) ? undefined : 'scope-missing',
  };
}
