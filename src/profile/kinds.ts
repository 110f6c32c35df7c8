/**
 * @module The table of kinds: each driver, policy, configuration language, balancer engine and server by its name, with what it
 * is and what it can do. Schema, preflight, lint, render, help and docs read it; each implementation of a row takes its type from it.
 */
import type { CacheableMethod } from '../protocol/caching/methods.ts';

export const ERAS = ['stateless', 'sessions'] as const;
/** `stateless` is MCP 2026-07-28, `sessions` is MCP 2025-11-25. */
export type Era = (typeof ERAS)[number];

const HTTP_VERSIONS = ['1.1', '2'] as const;
/** A version of HTTP. */
export type HttpVersion = (typeof HTTP_VERSIONS)[number];
export const HTTP_CHOICES = ['auto', ...HTTP_VERSIONS] as const;
/** `auto`: over TLS what the server prefers (ALPN), otherwise 1.1. */
export type HttpChoice = (typeof HTTP_CHOICES)[number];

/** Open: calls fall due independently of the answers. Closed: a call is made when a previous one has ended. */
type Loop = 'open' | 'closed';

export interface DriverKind {
  readonly means: string;
  readonly loops: readonly Loop[];
  readonly eras: readonly Era[];
  /** Can connect through a forward proxy. */
  readonly proxy: boolean;
  /** Speaks HTTP/2: over `https` with servers that prefer it, over `http` when it is told to. */
  readonly http2: boolean;
  /** Can resume sessions of TLS. */
  readonly resumes: boolean;
  /** Can replace a connection after a number of calls (`load.perConnection`). */
  readonly replacesConnections: boolean;
  readonly checksCertificates: boolean;
}

const drivers = {
  wire: {
    means: 'Paceline’s own HTTP client, the fastest',
    loops: ['open', 'closed'],
    eras: ['stateless', 'sessions'],
    proxy: false,
    http2: true,
    resumes: true,
    replacesConnections: true,
    checksCertificates: true,
  },
  undici: {
    means: 'the HTTP client of Node.js',
    loops: ['open', 'closed'],
    eras: ['stateless', 'sessions'],
    proxy: true,
    http2: true,
    resumes: true,
    replacesConnections: true,
    checksCertificates: true,
  },
  autocannon: {
    means: 'the HTTP client of autocannon, to compare the others with',
    loops: ['closed'],
    eras: ['stateless'],
    proxy: false,
    http2: false,
    resumes: false,
    replacesConnections: false,
    checksCertificates: false,
  },
} satisfies Readonly<Record<string, DriverKind>>;

export type DriverName = keyof typeof drivers;
/** The drivers, which send the calls; the default first. */
export const DRIVERS: Readonly<Record<DriverName, DriverKind>> = drivers;
export const DRIVER_NAMES = namesOf(DRIVERS);

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

export interface ServerKind {
  readonly means: string;
  readonly eras: readonly Era[];
  /** Built into Paceline: it offers the tools configured in `fleet.tools`, and can delay its answers on request. */
  readonly ours: boolean;
  /** Whether streams of `subscriptions/listen` tell how tasks go on; of a command, nobody knows beforehand. */
  readonly tellsOfTasks: 'yes' | 'no' | 'unknown';
}

const servers = {
  // @modelcontextprotocol/server 2.4: `honoredSubset` of its router of streams knows four kinds of changes, and `taskIds` is none of them.
  sdk: {
    means: 'servers of the official SDK',
    eras: ['stateless', 'sessions'],
    ours: true,
    tellsOfTasks: 'no',
  },
  lean: {
    means: 'Paceline’s own minimal, fast server',
    eras: ['stateless', 'sessions'],
    ours: true,
    tellsOfTasks: 'yes',
  },
  command: {
    means: 'your own server, by its command',
    eras: ['stateless', 'sessions'],
    ours: false,
    tellsOfTasks: 'unknown',
  },
} satisfies Readonly<Record<string, ServerKind>>;

export type ServerName = keyof typeof servers;
/** The servers that an instance of a fleet can run; the default first. */
export const SERVERS: Readonly<Record<ServerName, ServerKind>> = servers;
/** Servers that a profile selects by name; the other kind is a mapping with a `command`. */
export type OwnServerName = Exclude<ServerName, 'command'>;
export const OWN_SERVERS = namesOf(SERVERS).filter((name): name is OwnServerName => SERVERS[name].ours);

/** The kind of server that a value of `fleet.server` selects; `undefined` for an unknown value. */
export function serverOf(value: unknown): ServerName | undefined {
  if (typeof value === 'object' && value !== null) return 'command';
  return value === undefined ? OWN_SERVERS[0] : OWN_SERVERS.find((name) => name === value);
}

/** The eras that a built-in server speaks. */
export type EraOf<Server extends OwnServerName> = (typeof servers)[Server]['eras'][number];

/** The names in a table, in the order of the table. */
export function namesOf<Table extends object>(table: Table): readonly (keyof Table & string)[] {
  return Object.keys(table) as (keyof Table & string)[];
}
