/** @module The interface of a balancer, the same for every engine. */
import type { GuardInput, GuardQuestion } from '../../guard/guard.ts';
import type { Exit } from '../../process/exit.ts';
import type { BalancerSettings, CacheSettings, OfferSettings } from '../../profile/settings.ts';
import type { Certificate } from '../certificate.ts';
import type { BalancerStats } from '../stats.ts';

/** How certificates are checked. */
interface UpstreamTls {
  /** Not at all. */
  readonly insecure: boolean;
  /** A PEM file of the authorities that are trusted; those of Node when absent. */
  readonly caFile?: string;
}

export interface BalancerOptions {
  readonly settings: BalancerSettings;
  /** At least one, all with the same path. */
  readonly upstreams: readonly { readonly id: string; readonly url: string }[];
  /** How the certificates of upstreams with `https` URLs are checked; absent: against those that Node trusts. */
  readonly upstreamTls?: UpstreamTls | undefined;
  /** With the same seed and the same requests in the same order, the embedded balancer makes the same choices. nginx and HAProxy ignore it. */
  readonly seed: number;
  /** Response header, in lower case, that names the instance. The balancer adds it if the instance does not send it. `x-served-by` when absent. */
  readonly instanceHeader?: string;
  /** The check of the mode `gateway`, which only the embedded balancer can be. */
  readonly guard?: GuardInput | undefined;
  /** The cache for all agents; absent: it has none. */
  readonly cache?: CacheSettings | undefined;
  /** What the instances say of their results: for an engine with a cache that cannot read it in their answers. */
  readonly hints?: OfferSettings['hints'] | undefined;
  /** Its certificate, where clients reach it over TLS. Absent: they reach it over plain TCP. */
  readonly tls?: Certificate | undefined;
  /** An existing folder in which to keep its configuration and output. Without it, neither is kept. */
  readonly keep?: string | undefined;
}

/** A balancer that accepts connections, in its own process. */
export interface Balancer {
  /** The URL for clients: loopback, with the path of the upstreams. */
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process has ended, for any reason including `stop`. Never rejects. */
  readonly exited: Promise<Exit>;
  /** The current counts; undefined for an engine without counts (nginx). Rejects when the process has ended. */
  stats(): Promise<BalancerStats | undefined>;
  /** Adds an instance. Rejects when the engine rejects it. */
  addUpstream(upstream: { readonly id: string; readonly url: string }): Promise<void>;
  /** Stops giving new work to an instance; with `sticky` its sessions stay. Rejects for an unknown id. */
  drain(id: string): Promise<void>;
  /** Asks its guard; present when it has one. Rejects when the process has ended. */
  ask?(question: GuardQuestion): Promise<unknown>;
  /** Ends the process and its connections. Resolves when the process has ended. */
  stop(): Promise<void>;
}

/** One line in the table of engines. */
export type StartEngine = (options: BalancerOptions, signal?: AbortSignal) => Promise<Balancer>;
