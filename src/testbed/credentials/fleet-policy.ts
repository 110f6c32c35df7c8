/** @module The policy that the instances of a fleet decide with, to know in advance what they should decide. */
import type { Policy } from '../../guard/guard.ts';
import { createPolicy } from '../../guard/policy/table.ts';
import type { GuardInputOf } from '../guarded-process.ts';

/** The policy of the instances of `guardOf`; without a check, everything is allowed. Rejects with a `UserError` when its files are wrong. */
export function fleetPolicy(guardOf: GuardInputOf | undefined): Promise<Policy> {
  return createPolicy(guardOf?.({ kind: 'instance', id: '1', index: 0 }).policy ?? { kind: 'none' });
}
