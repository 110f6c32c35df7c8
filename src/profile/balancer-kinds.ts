/**
 * @module The table of kinds of balancers: each policy, configuration language and engine by its name, with what it is and what it can
 * do. Schema, preflight, lint, render, help and docs read it; each implementation of a row takes its type from it.
 */
import type { CacheableMethod } from '../protocol/caching/methods.ts';
import { type Era, namesOf } from './kinds.ts';

export interface PolicyKind {
  readonly means: string;
  /** The request header on which the choice is based; absent: the choice does not depend on the request. */
  readonly reads?: string;
  /** Eras whose requests carry the data that it reads. */
  readonly eras: readonly Era[];
  /** The policy that it is equivalent to in the other eras; absent: it is rejected there. */
  readonly fallback?: 'round-robin';
}

const policies = {
  'round-robin': { means: 'each instance in turn', eras: ['stateless', 'sessions'] },
  'least-in-flight': {
    means: 'the instance with the fewest requests in flight',
    eras: ['stateless', 'sessions'],
  },
  'random-two': { means: 'the less busy of two drawn at random', eras: ['stateless', 'sessions'] },
  sticky: {
    means: 'the instance that created the session, learned from its answer',
    reads: 'Mcp-Session-Id',
    eras: ['sessions'],
    fallback: 'round-robin',
  },
  'hash-session': {
    means: 'a hash of the session id: a widespread mistake, as `initialize` carries none yet',
    reads: 'Mcp-Session-Id',
    eras: ['sessions'],
    fallback: 'round-robin',
  },
  'hash-identity': {
    means: 'a hash of the credentials, or of the address of callers without any',
    reads: 'Authorization',
    eras: ['stateless', 'sessions'],
  },
  'route-method': {
    means: 'one pool for `tools/call`, the first quarter of the instances (rounded up) for everything else',
    reads: 'Mcp-Method',
    eras: ['stateless'],
  },
  'name-affinity': {
    means: 'a hash of the name of the tool, prompt or resource',
    reads: 'Mcp-Name',
    eras: ['stateless'],
  },
} satisfies Readonly<Record<string, PolicyKind>>;

export type PolicyName = keyof typeof policies;
/** How a balancer chooses an instance; the default first. */
export const POLICIES: Readonly<Record<PolicyName, PolicyKind>> = policies;
export const POLICY_NAMES = namesOf(POLICIES);

/** Whether a configuration language can express a policy. */
export type Support =
  | { readonly kind: 'full' }
  /** Only from this version of the program on, which introduced the feature. */
  | { readonly kind: 'since'; readonly version: string; readonly feature: string }
  | { readonly kind: 'none'; readonly reason: string; readonly instead: string };

export interface ConfigLanguage {
  readonly title: string;
  readonly policies: Readonly<Record<PolicyName, Support>>;
  /** Whether a configuration in which clients reach the balancer over TLS can be rendered. */
  readonly tls: boolean;
  /** Whether the program speaks HTTP/2 to instances. */
  readonly http2: Support;
}

const FULL = { kind: 'full' } as const;
const ALL = {
  'round-robin': FULL,
  'least-in-flight': FULL,
  'random-two': FULL,
  sticky: FULL,
  'hash-session': FULL,
  'hash-identity': FULL,
  'route-method': FULL,
  'name-affinity': FULL,
} satisfies Readonly<Record<PolicyName, Support>>;

const configs = {
  nginx: {
    title: 'nginx',
    // nginx CHANGES, 1.29.6: the "sticky" directive; before, it was part of the commercial NGINX Plus only.
    policies: { ...ALL, sticky: { kind: 'since', version: '1.29.6', feature: 'sticky learn' } },
    tls: true,
    // nginx CHANGES, 1.29.4: the proxy module supports HTTP/2.
    http2: {
      kind: 'none',
      reason:
        'nginx before 1.29.4 speaks only HTTP/1.1 to instances, and its configuration is written for these versions, too',
      instead: 'set balancer.http 1.1, or use embedded, haproxy or envoy',
    },
  },
  haproxy: { title: 'HAProxy', policies: ALL, tls: true, http2: FULL },
  envoy: {
    title: 'Envoy',
    // Envoy 1.35: envoy.http.stateful_session.envelope forwards the server's session id, wrapped together with the server's address.
    policies: { ...ALL, sticky: { kind: 'since', version: '1.35.0', feature: 'stateful session envelopes' } },
    tls: false,
    http2: FULL,
  },
  kubernetes: {
    title: 'Kubernetes',
    policies: {
      ...ALL,
      'least-in-flight': {
        kind: 'none',
        reason:
          'Kubernetes gateways based on Envoy compare two instances drawn at random (LEAST_REQUEST), not all of them',
        instead: 'use random-two, which is the same as LEAST_REQUEST; or render for nginx, haproxy or envoy',
      },
    },
    tls: false,
    http2: FULL,
  },
} satisfies Readonly<Record<string, ConfigLanguage>>;

export type ConfigKind = keyof typeof configs;
/** Configuration languages that can be linted and rendered. `kubernetes`: resources of Kubernetes, Istio and Gateway API, possibly several in one file. */
export const CONFIGS: Readonly<Record<ConfigKind, ConfigLanguage>> = configs;
export const CONFIG_KINDS = namesOf(CONFIGS);

/** The policies that a configuration language can express in at least one version of its program. */
export type PolicyIn<Kind extends ConfigKind> = {
  [Policy in PolicyName]: (typeof configs)[Kind]['policies'][Policy] extends { kind: 'none' }
    ? never
    : Policy;
}[PolicyName];

export interface EngineKind {
  readonly means: string;
  /** The installed program that it runs: the name of its binary and of its Debian package; absent: built into Paceline. */
  readonly program?: string;
  /** The language in which the program is configured; absent: none, and the engine implements every policy. */
  readonly config?: ConfigKind;
  /** Speaks HTTP/2 with clients, over TLS. */
  readonly http2: boolean;
  readonly cache: CacheSupport;
}

/** What an engine can keep for all agents (`cache.at: gateway`). */
export type CacheSupport =
  | { readonly kind: 'full' }
  /** It reads no results: only `public` ones of these methods, for times that the profile sets. */
  | { readonly kind: 'by-method'; readonly methods: readonly CacheableMethod[] }
  | { readonly kind: 'none'; readonly reason: string; readonly instead: string };

const engines = {
  embedded: { means: 'Paceline’s own proxy', http2: false, cache: FULL },
  nginx: {
    means: 'the installed nginx',
    program: 'nginx',
    config: 'nginx',
    http2: true,
    cache: {
      kind: 'by-method',
      methods: [
        'server/discover',
        'tools/list',
        'prompts/list',
        'resources/list',
        'resources/templates/list',
      ],
    },
  },
  haproxy: {
    means: 'the installed HAProxy',
    program: 'haproxy',
    config: 'haproxy',
    http2: true,
    // HAProxy Configuration Manual 2.4 to 3.2, chapter "Cache", limitations: only answers to GET.
    cache: {
      kind: 'none',
      reason: 'HAProxy keeps answers to GET requests only, and MCP asks with POST',
      instead: 'use balancer.engine embedded or nginx, or cache.at agent',
    },
  },
} satisfies Readonly<Record<string, EngineKind>>;

export type EngineName = keyof typeof engines;
/** The balancer engines; the default first. */
export const ENGINES: Readonly<Record<EngineName, EngineKind>> = engines;
export const ENGINE_NAMES = namesOf(ENGINES);

/** Whether an engine can run a policy. */
export function supportOf(engine: EngineName, policy: PolicyName): Support {
  const { config } = ENGINES[engine];
  return config === undefined ? FULL : CONFIGS[config].policies[policy];
}

/** Whether an engine speaks HTTP/2 to instances. */
export function http2SupportOf(engine: EngineName): Support {
  const { config } = ENGINES[engine];
  return config === undefined ? FULL : CONFIGS[config].http2;
}
