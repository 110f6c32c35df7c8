/** @module Checks, after a server was probed, whether the load can be made in the detected era. */
import type { Era, Settings } from '../profile/settings.ts';
import { unsupportedEra, unsupportedPolicyEra } from '../profile/unsupported.ts';
import { UserError } from '../units/user-error.ts';

/** Throws a {@link UserError} when the driver or the policy of a variant does not support `era`. */
export function checkDetectedEra({ load, balancer }: Pick<Settings, 'load' | 'balancer'>, era: Era): void {
  const driver = unsupportedEra(load.driver, era);
  const policy = balancer && unsupportedPolicyEra(balancer.policy, era);
  const problems = [
    ...(driver ? [{ where: 'load.driver', ...driver }] : []),
    ...(policy ? [{ where: 'balancer.policy', ...policy }] : []),
  ];
  if (problems.length > 0) throw new UserError(problems);
}
