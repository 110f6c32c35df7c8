/** @module The part `balancer`: a balancer in front of the instances that earlier parts offer. Its endpoint replaces theirs. */
import { type Balancer, type BalancerOptions, startBalancer } from '../../balancer/balancer.ts';
import { type Certificate, makeCertificate } from '../../balancer/certificate.ts';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import type { BalancerSettings, CacheSettings } from '../../profile/settings.ts';
import { cpuMeter } from '../cpu-meter.ts';
import type { AuthControls, Part } from '../part.ts';
import { UnexpectedExits } from '../unexpected-exits.ts';

export interface BalancerPartOptions {
  readonly settings: BalancerSettings;
  readonly seed: number;
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
  /** Whether it checks calls, and instances trust it. */
  readonly isGateway?: boolean;
  /** The cache that it has for all agents; absent: none. */
  readonly cache?: CacheSettings | undefined;
  /** As in {@link BalancerOptions}. */
  readonly upstreamTls?: BalancerOptions['upstreamTls'];
  /** As in {@link BalancerOptions}. */
  readonly hints?: BalancerOptions['hints'];
}

/** The balancer that `options` describe. */
export function balancerPart(options: BalancerPartOptions): Part {
  return {
    async start({ offered, signal, keep }) {
      const { endpoint, instances, standby } = offered;
      if (endpoint === undefined) throw new Error('No earlier part offers instances to balance');
      const guard = options.isGateway === true ? offered.guardOf?.({ kind: 'balancer' }) : undefined;
      const front = options.settings.tls === true ? await makeFront() : undefined;
      const given = { ...options, guard, upstreams: instances, tls: front?.certificate, keep };
      const balancer = await startBalancer(given, signal).catch((error: unknown) => {
        front?.remove();
        throw error;
      });
      const exits = new UnexpectedExits();
      exits.watch({ part: 'balancer' }, balancer.exited);
      const waiting = standby.values();
      return {
        offers: {
          endpoint: { ...endpoint, url: balancer.url, ...(front && { caFile: front.certificate.caFile }) },
          controls: {
            drain: (id) => balancer.drain(id),
            async join() {
              const { value: next } = waiting.next();
              if (next === undefined) throw new Error('no standby instance is left to join');
              await balancer.addUpstream(next);
              return next.id;
            },
          },
          authControls: withGateway(offered.authControls, balancer),
          // The others are several processes.
          ...(options.settings.engine === 'embedded' && {
            meters: [cpuMeter('balancerCpu', balancer)],
            sampled: [() => [{ part: 'balancer', name: 'balancer', pid: balancer.pid }] as const],
          }),
        },
        notes: () => exits.notes(),
        stop() {
          exits.expect(balancer.exited);
          return balancer.stop().finally(() => front?.remove());
        },
      };
    },
  };
}

/** A certificate in a folder of its own. */
async function makeFront(): Promise<{ readonly certificate: Certificate; remove(): void }> {
  const folder = await temporaryFolder('tls');
  return { certificate: await makeCertificate(folder.path), remove: () => folder.remove() };
}

/** The controls of the instances that concern the gateway as well. */
function withGateway(
  { publish, flushAudit }: Partial<AuthControls>,
  { ask }: Balancer,
): Partial<AuthControls> {
  if (ask === undefined) return {};
  return {
    async publish(url) {
      await Promise.all([publish?.(url), ask({ kind: 'resource', url })]);
    },
    async flushAudit() {
      await Promise.all([flushAudit?.(), ask({ kind: 'flush' })]);
    },
  };
}
