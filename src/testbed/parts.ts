/** @module Which parts the testbed of a variant has, in the order in which they start. A new part is one line here. */
import type { CacheSettings, Settings } from '../profile/settings.ts';
import { standbyCount } from './events/standby-count.ts';
import { balancerPart } from './part/balancer.ts';
import { fleetPart } from './part/fleet.ts';
import { guardsPart } from './part/guards.ts';
import { replicasPart } from './part/replicas.ts';
import { standbyPart } from './part/standby.ts';
import { statePart } from './part/state.ts';
import { targetPart } from './part/target.ts';
import type { Part } from './part.ts';
import { proberFor, type TlsOptions } from './probe.ts';

/**
 * The parts for `settings`; `seed` decides service times and the choices of the balancer, and `onProbe` is told of each request by which
 * servers are probed.
 */
export function partsOf(
  settings: Settings,
  seed: number,
  tls: TlsOptions,
  onProbe?: () => void,
): readonly Part[] {
  const { endpoint, balancer, faults = [], auth, identities } = settings;
  const cache = gatewayCache(settings);
  const issues = issuesTokens(settings);
  const sources =
    identities.length > 0 && !issues
      ? [loaded(async () => (await import('./part/sources.ts')).sourcesPart(settings, tls))]
      : [];
  const { instanceHeader } = endpoint;
  const probe = proberFor(settings, tls, onProbe);
  switch (endpoint.kind) {
    case 'target':
      return [...sources, targetPart(endpoint, settings, probe)];
    case 'replicas':
      return [
        ...sources,
        replicasPart(endpoint, settings, probe),
        balancerPart({ settings: balancer!, seed, instanceHeader, cache, upstreamTls: tls.tls }),
      ];
    case 'fleet':
      return [
        ...sources,
        ...(issues
          ? [loaded(async () => (await import('./part/authority.ts')).authorityPart(settings))]
          : []),
        ...(auth.mode === 'none' ? [] : [guardsPart(auth)]),
        ...(endpoint.state === undefined ? [] : [statePart(endpoint.state)]),
        fleetPart(endpoint, settings, seed, probe),
        standbyPart(standbyCount(faults, endpoint.instances)),
        balancerPart({
          settings: balancer!,
          seed,
          instanceHeader,
          isGateway: auth.mode === 'gateway',
          cache,
          hints: endpoint.offer.hints,
        }),
        ...(issues
          ? [loaded(async () => (await import('./part/credentials.ts')).credentialsPart(settings, seed))]
          : []),
      ];
  }
}

/** A part whose code is loaded when it starts: the libraries for tokens take long, and most testbeds need none. */
const loaded = (load: () => Promise<Part>): Part => ({
  start: async (context) => (await load()).start(context),
});

/**
 * Whether the testbed has an authorization server: that of built-in servers. Without a check, agents with identities send its tokens
 * all the same, so that both sides of a comparison differ by the check alone.
 */
const issuesTokens = ({ endpoint, auth, identities }: Settings): boolean =>
  endpoint.kind === 'fleet' &&
  typeof endpoint.server === 'string' &&
  (auth.mode !== 'none' || identities.length > 0);

/** The cache of the balancer, where the settings place one there. */
const gatewayCache = ({ cache }: Settings): CacheSettings | undefined =>
  cache.honour && cache.at === 'gateway' ? cache : undefined;
