/** @module Which parts the testbed of a variant has, in the order in which they start. A new part is one line here. */
import type { Settings } from '../profile/settings.ts';
import { standbyCount } from './events/standby-count.ts';
import { balancerPart } from './part/balancer.ts';
import { fleetPart } from './part/fleet.ts';
import { replicasPart } from './part/replicas.ts';
import { standbyPart } from './part/standby.ts';
import { targetPart } from './part/target.ts';
import type { Part } from './part.ts';
import { proberFor, type TlsOptions } from './probe.ts';

/** The parts for `settings`; `seed` decides service times and the choices of the balancer. */
export function partsOf(settings: Settings, seed: number, tls: TlsOptions): readonly Part[] {
  const { endpoint, balancer, faults = [] } = settings;
  const { instanceHeader } = endpoint;
  const probe = proberFor(settings, tls);
  switch (endpoint.kind) {
    case 'target':
      return [targetPart(endpoint, settings, probe)];
    case 'replicas':
      return [
        replicasPart(endpoint, settings, probe),
        balancerPart({ settings: balancer!, seed, instanceHeader }),
      ];
    case 'fleet':
      return [
        fleetPart(endpoint, settings, seed, probe),
        standbyPart(standbyCount(faults, endpoint.instances)),
        balancerPart({ settings: balancer!, seed, instanceHeader }),
      ];
  }
}
