/** @module The embedded reverse proxy: HTTP/1.1 in, HTTP/1.1 or HTTP/2 out, bytes passed on as they come. */
import type { AddressInfo } from 'node:net';
import type { HttpChoice } from '../../profile/kinds.ts';
import type { PolicyName } from '../../profile/settings.ts';
import { policies } from '../policy/table.ts';
import type { BalancerStats } from '../stats.ts';
import type { UpstreamAddress } from '../topology.ts';
import type { Deciders } from './admission.ts';
import { ClientConnection } from './client-connection.ts';
import { listenerOf } from './listener.ts';
import type { Tap } from './tap.ts';
import { Upstream } from './upstream.ts';
import type { UpstreamTrust } from './upstream-socket.ts';

export interface ProxyOptions {
  readonly policy: PolicyName;
  readonly upstreams: readonly UpstreamAddress[];
  readonly seed: number;
  /** How the certificates of upstreams with TLS are checked. */
  readonly upstreamTls?: UpstreamTrust;
  /** The version of HTTP that is spoken to upstreams; `auto` when absent. */
  readonly upstreamHttp?: HttpChoice | undefined;
  /** Response header, lower case, that names the instance; empty to name none. */
  readonly instanceHeader?: string;
  /** File of its certificate and key; absent: clients reach it without TLS. */
  readonly pemFile?: string | undefined;
  /** Where it listens; a port that the system chooses when absent. */
  readonly port?: number | undefined;
}

/** A proxy that listens. */
export interface ReverseProxy {
  /** On 127.0.0.1. */
  readonly port: number;
  stats(): BalancerStats;
  /** Chooses it, too, from now on. */
  add(upstream: UpstreamAddress): void;
  /** Gives it no new work from now on; with `sticky`, sessions that it owns stay. Throws when there is none of that name. */
  drain(id: string): void;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** Enough for the connections of any fleet to arrive at the same moment. */
const BACKLOG = 4096;

/** Starts a proxy. Rejects with the system's error when it cannot listen. */
export async function startProxy(
  options: ProxyOptions,
  deciders: Deciders = {},
  tap?: Tap,
): Promise<ReverseProxy> {
  const upstreamAt = (address: UpstreamAddress): Upstream => new Upstream(address, options);
  const upstreams = options.upstreams.map(upstreamAt);
  const policy = policies[options.policy](upstreams, options.seed);
  const counts = { ownAnswers: 0, cancelled: 0 };
  const clients = new Set<ClientConnection>();
  let connections = 0;
  const { server, end } = listenerOf(options.pemFile, (intake) => {
    const client = new ClientConnection(intake, { policy, upstreams, counts, ...deciders, tap }, connections);
    connections += 1;
    clients.add(client);
    intake.socket.on('close', () => clients.delete(client));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: options.port ?? 0, backlog: BACKLOG }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stats: () => ({
      upstreams: upstreams.map((upstream) => upstream.stats()),
      ...counts,
      ...(deciders.cache && { cache: deciders.cache.stats() }),
    }),
    add: (address) => {
      upstreams.push(upstreamAt(address));
    },
    drain: (id) => {
      const found = upstreams.find((upstream) => upstream.id === id);
      if (found === undefined) throw new Error(`there is no upstream ${id}`);
      found.drain();
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of clients) client.destroy();
      end();
      for (const upstream of upstreams) upstream.close();
      await closed;
    },
  };
}
