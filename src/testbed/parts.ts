/** @module Which parts the testbed of a variant has, in the order in which they start. A new part is one line here. */
import type { Settings } from '../profile/settings.ts';
import { standbyCount } from './events/standby-count.ts';
import { authorityPart } from './part/authority.ts';
import { balancerPart } from './part/balancer.ts';
import { credentialsPart } from './part/credentials.ts';
import { fleetPart } from './part/fleet.ts';
import { guardsPart } from './part/guards.ts';
import { replicasPart } from './part/replicas.ts';
import { standbyPart } from './part/standby.ts';
import { targetPart } from './part/target.ts';
import type { Part } from './part.ts';
import { proberFor, type TlsOptions } from './probe.ts';

/** The parts for `settings`; `seed` decides service times and the choices of the balancer. */
export function partsOf(settings: Settings, seed: number, tls: TlsOptions): readonly Part[] {
  const { endpoint, balancer, faults = [], auth, identities } = settings;
  const { instanceHeader } = endpoint;
  const probe = proberFor(settings, tls);
  switch (endpoint.kind) {
    case 'target':
      return [
        ...(identities.length > 0 ? [credentialsPart(settings, seed)] : []),
        targetPart(endpoint, settings, probe),
      ];
    case 'replicas':
      return [
        replicasPart(endpoint, settings, probe),
        balancerPart({ settings: balancer!, seed, instanceHeader }),
      ];
    case 'fleet':
      return [
        ...(hasTokens(settings) ? [authorityPart(settings)] : []),
        ...(auth.mode === 'none' ? [] : [guardsPart(auth)]),
        fleetPart(endpoint, settings, seed, probe),
        standbyPart(standbyCount(faults, endpoint.instances)),
        balancerPart({ settings: balancer!, seed, instanceHeader, isGateway: auth.mode === 'gateway' }),
        ...(hasTokens(settings) ? [credentialsPart(settings, seed)] : []),
      ];
  }
}

/** Without a check, agents with identities send their tokens all the same: so that both sides of a comparison differ by the check alone. */
const hasTokens = ({ auth, identities }: Settings): boolean => auth.mode !== 'none' || identities.length > 0;
