/**
 * @module The table of kinds: each driver and server by its name, with what it is and what it can do. Schema, preflight, help and docs
 * read it; each implementation of a row takes its type from it.
 */

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
  /** Versions of HTTP whose connections it can replace after a number of calls (`load.perConnection`). */
  readonly replacesConnections: readonly HttpVersion[];
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
    replacesConnections: ['1.1', '2'],
    checksCertificates: true,
  },
  undici: {
    means: 'the HTTP client of Node.js',
    loops: ['open', 'closed'],
    eras: ['stateless', 'sessions'],
    proxy: true,
    http2: true,
    resumes: true,
    replacesConnections: ['1.1'],
    checksCertificates: true,
  },
  autocannon: {
    means: 'the HTTP client of autocannon, to compare the others with',
    loops: ['closed'],
    eras: ['stateless'],
    proxy: false,
    http2: false,
    resumes: false,
    replacesConnections: [],
    checksCertificates: false,
  },
} satisfies Readonly<Record<string, DriverKind>>;

export type DriverName = keyof typeof drivers;
/** The drivers, which send the calls; the default first. */
export const DRIVERS: Readonly<Record<DriverName, DriverKind>> = drivers;
export const DRIVER_NAMES = namesOf(DRIVERS);

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
