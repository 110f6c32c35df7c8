/** @module The key `balancer`: the balancer in front of the instances. */
import type { z } from 'zod';
import {
  ENGINE_NAMES,
  ENGINES,
  type EngineName,
  POLICY_NAMES,
  type PolicyName,
  supportOf,
} from '../kinds.ts';
import { unsupportedPolicy, unsupportedPolicyEra } from '../unsupported.ts';
import { eraOf, loadsUrl } from './endpoint.ts';
import { engineTable, policyTable } from './kind-tables.ts';
import { variantSection } from './section.ts';
import { choice, chosen, flag, isMapping, type Mapping, mapping, meanings, violationAt } from './values.ts';

export interface BalancerSettings {
  readonly engine: EngineName;
  readonly policy: PolicyName;
  /** Clients reach it over TLS. Absent: over plain TCP. */
  readonly tls?: true;
}

const Balancer = mapping({
  engine: choice(ENGINE_NAMES)
    .default(ENGINE_NAMES[0]!)
    .describe(`The proxy in front of the instances: ${meanings(ENGINES)}.`),
  policy: choice(POLICY_NAMES).default(POLICY_NAMES[0]!).describe('How it chooses an instance (see below).'),
  tls: flag()
    .default(false)
    .describe(
      'Whether clients reach it over TLS, with a certificate that is made for the run and that the load trusts. The client chooses HTTP/1.1 or HTTP/2 (`load.http`).',
    ),
});

export const balancer = variantSection({
  schema: Balancer.optional().describe('The balancer in front of the fleet, or of `target.instances`.'),
  rule(profile) {
    const { balancer } = profile;
    if (balancer === undefined) return [];
    if (loadsUrl(profile)) return violationAt(['balancer'], NO_INSTANCES);
    if (!isMapping(balancer)) return [];
    const policy = chosen(POLICY_NAMES, balancer['policy']);
    const engine = chosen(ENGINE_NAMES, balancer['engine']);
    const { era, setBy } = eraOf(profile);
    if (policy === undefined) return [];
    return [
      ...violationAt(['balancer', 'policy'], engine && unsupportedPolicy(supportOf(engine, policy))),
      ...violationAt(['balancer', 'policy'], era && unsupportedPolicyEra(policy, era, setBy)),
    ];
  },
  complete: (balancer, { profile }): { readonly balancer?: BalancerSettings } | undefined =>
    loadsUrl(profile) ? undefined : { balancer: completeBalancer(balancer ?? Balancer.parse({})) },
  docs: `
## Balancers

A combination that the tables exclude is an error in the profile. Whether a program is installed and recent enough for the policy is checked
before the first trial.

${engineTable()}
${policyTable()}`,
});

function completeBalancer({ engine, policy, tls }: z.output<typeof Balancer>): BalancerSettings {
  return { engine, policy, ...(tls && { tls }) };
}

/** The balancer of a profile, of which what it is in front of is valid; undefined where it has none. */
export function frontOf(
  profile: Mapping,
): { readonly secured: boolean; readonly http2: boolean } | undefined {
  if (loadsUrl(profile)) return undefined;
  const balancer = isMapping(profile['balancer']) ? profile['balancer'] : {};
  const engine = chosen(ENGINE_NAMES, balancer['engine']);
  const secured = balancer['tls'] === true;
  return { secured, http2: secured && (engine === undefined || ENGINES[engine].http2) };
}

const NO_INSTANCES = {
  what: 'needs a fleet or target.instances; it cannot be combined with a URL',
  todo: 'leave it out',
};
