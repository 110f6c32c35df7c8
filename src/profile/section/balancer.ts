/** @module The key `balancer`: the balancer in front of the instances. */
import type { z } from 'zod';
import {
  ENGINE_NAMES,
  ENGINES,
  type EngineName,
  http2SupportOf,
  POLICY_NAMES,
  type PolicyName,
  supportOf,
} from '../balancer-kinds.ts';
import { type HttpVersion, SERVERS, serverOf } from '../kinds.ts';
import { unsupportedBy, unsupportedPolicyEra } from '../unsupported.ts';
import { eraOf, loadsUrl } from './endpoint.ts';
import { choiceOf, httpChoice, versionOf } from './http-choice.ts';
import { engineTable, policyTable } from './kind-tables.ts';
import { variantSection } from './section.ts';
import {
  choice,
  chosen,
  flag,
  isMapping,
  type Mapping,
  mapping,
  meanings,
  type RuleProblem,
  violationAt,
} from './values.ts';

export interface BalancerSettings {
  readonly engine: EngineName;
  readonly policy: PolicyName;
  /** Version of HTTP that is spoken to instances. Absent: over TLS what an instance prefers, otherwise 1.1. */
  readonly http?: HttpVersion;
  /** Clients reach it over TLS. Absent: over plain TCP. */
  readonly tls?: true;
}

const Balancer = mapping({
  engine: choice(ENGINE_NAMES)
    .default(ENGINE_NAMES[0]!)
    .describe(`The proxy in front of the instances: ${meanings(ENGINES)}.`),
  policy: choice(POLICY_NAMES).default(POLICY_NAMES[0]!).describe('How it chooses an instance (see below).'),
  http: httpChoice().describe(
    'Version of HTTP that it speaks to instances. `auto`: over TLS what an instance prefers (ALPN), otherwise 1.1. `2` over `http` begins without negotiation (prior knowledge). Servers that Paceline brings for a fleet speak 1.1.',
  ),
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
    const spoken = violationAt(['balancer', 'http'], unspokenVersion(profile, balancer['http'], engine));
    if (policy === undefined) return spoken;
    return [
      ...spoken,
      ...violationAt(['balancer', 'policy'], engine && unsupportedBy(supportOf(engine, policy))),
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

function completeBalancer({ engine, policy, http, tls }: z.output<typeof Balancer>): BalancerSettings {
  const version = versionOf(http);
  return { engine, policy, ...(version !== undefined && { http: version }), ...(tls && { tls }) };
}

/** HTTP/2 where the engine, or the instances, do not speak it. */
function unspokenVersion(
  profile: Mapping,
  http: unknown,
  engine: EngineName | undefined,
): RuleProblem | undefined {
  if (choiceOf(http) !== '2') return undefined;
  const fleet = isMapping(profile['fleet']) ? profile['fleet'] : {};
  const server = profile['target'] === undefined ? serverOf(fleet['server']) : undefined;
  if (server !== undefined && SERVERS[server].ours) return ONLY_HTTP1;
  return engine && unsupportedBy(http2SupportOf(engine));
}

const ONLY_HTTP1: RuleProblem = {
  what: 'the servers that Paceline brings speak HTTP/1.1',
  todo: 'set balancer.http 1.1, or use a fleet.server of your own, or target.instances',
};

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
