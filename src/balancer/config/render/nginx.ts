/** @module Renders the nginx configuration for a topology, for the engine and for `balancer render`. */
import type { PolicyIn } from '../../../profile/balancer-kinds.ts';
import {
  hostAndPort,
  INSTANCE_HEADER,
  spellHeader,
  type Topology,
  type UpstreamAddress,
} from '../../topology.ts';
import { comment, fileOf, indent } from './lines.ts';
import { cacheEntrance, cacheLocations, cacheMaps, type NginxCache } from './nginx-cache.ts';
import { type Pool, poolsOf } from './pools.ts';

/** The parts that differ between the engine and the printed file. */
export interface NginxFrame {
  /** At the top of the file. */
  readonly main: readonly string[];
  /** At the top of `http`. */
  readonly http: readonly string[];
  /** At the top of `server`: the address to listen on. */
  readonly listen: readonly string[];
  /** At the end of `http`. */
  readonly servers: readonly string[];
  /** Absent: it keeps nothing. */
  readonly cache?: NginxCache | undefined;
}

/** A complete nginx.conf, for a policy that nginx supports according to `profile/kinds.ts`. */
export function nginxConfig(topology: Topology, frame: NginxFrame): string {
  const choice = CHOICES[topology.policy as PolicyIn<'nginx'>];
  const header = spellHeader(topology.instanceHeader ?? INSTANCE_HEADER);
  const pools = poolsOf(topology).filter((pool) => pool !== undefined);
  return fileOf([
    ...frame.main,
    '',
    'events {',
    ...indent(4, [
      ...comment('Each client connection and each upstream connection counts.'),
      'worker_connections 8192;',
    ]),
    '}',
    '',
    'http {',
    ...indent(4, [
      ...frame.http,
      ...choice.key,
      ...pools.flatMap((pool) => upstreamBlock(pool, choice)),
      ...(pools.length > 1 ? METHOD_MAP : []),
      ...servedBy(topology, header),
      ...(frame.cache === undefined ? [] : cacheMaps(frame.cache, header)),
      'server {',
      ...indent(4, [...frame.listen, '', ...server(pools, header, frame.cache)]),
      '}',
      ...frame.servers,
    ]),
    '}',
  ]);
}

interface Choice {
  /** Maps that compute the key of a hash. */
  readonly key: readonly string[];
  /** The balancing method in `upstream`. */
  readonly method: readonly string[];
  /** The parameter of a draining server. @default `down`, which sends it no requests at all */
  readonly drained?: 'down' | 'drain';
}

const CHOICES: Readonly<Record<PolicyIn<'nginx'>, Choice>> = {
  'round-robin': {
    key: [],
    method: comment('Each instance in turn: the default, which needs no directive.'),
  },
  'least-in-flight': {
    key: [],
    method: [...comment('The instance with the fewest requests in flight.'), 'least_conn;'],
  },
  'random-two': {
    key: [],
    method: [
      ...comment('Of two instances drawn at random, the one with fewer requests in flight.'),
      'random two least_conn;',
    ],
  },
  sticky: {
    key: [],
    method: [
      ...comment(
        'The owner of a session is learned from the head of the answer that creates its id, and every request that carries the id goes there. Requests without a session, such as initialize, go to each instance in turn. One megabyte holds about 8000 sessions; all workers share them. An entry expires 30 minutes after it was last used.',
        92,
      ),
      'sticky learn create=$upstream_http_mcp_session_id lookup=$http_mcp_session_id',
      '       zone=mcp_sessions:32m timeout=30m header;',
    ],
    // Keeps the sessions of the instance.
    drained: 'drain',
  },
  'hash-session': {
    key: [],
    method: [
      ...comment(
        'A COMMON MISTAKE, included so that its cost can be measured: initialize carries no session id yet and goes to each instance in turn (an empty key is not hashed), so the instance that creates a session and the one that its id hashes to are unrelated. With N instances, about one session in N works.',
        92,
      ),
      'hash $http_mcp_session_id consistent;',
    ],
  },
  'hash-identity': {
    key: [
      ...comment('Identifies the caller: its credentials, or its address if it has none.'),
      'map $http_authorization $mcp_caller {',
      '    ""      $remote_addr;',
      '    default $http_authorization;',
      '}',
      '',
    ],
    method: [
      ...comment(
        'A caller stays on one instance, and so do its sessions. It moves when its token is renewed, and a busy caller is not spread over instances.',
        92,
      ),
      'hash $mcp_caller consistent;',
    ],
  },
  'route-method': { key: [], method: comment('Each instance of the pool in turn.') },
  'name-affinity': {
    key: [],
    method: [
      ...comment(
        'All calls of one tool, prompt or resource go to one instance, so that its caches are reused. Requests without a name go to each instance in turn.',
        92,
      ),
      'hash $http_mcp_name consistent;',
    ],
  },
};

const METHOD_MAP: readonly string[] = [
  ...comment(
    'Mcp-Method is the JSON-RPC method, so the body need not be read. Requests of 2025-11-25 do not carry it.',
  ),
  'map $http_mcp_method $mcp_pool {',
  '    default    mcp_lists;',
  '    tools/call mcp_calls;',
  '}',
  '',
];

function upstreamBlock(
  { name, serves, upstreams, backups }: Pool,
  { method, drained = 'down' }: Choice,
): readonly string[] {
  const server = 'max_fails=1 fail_timeout=1s';
  const line = (upstream: UpstreamAddress, rest: string): string =>
    `server ${hostAndPort(upstream)} ${rest}${upstream.drained === true ? ` ${drained}` : ''};`;
  return [
    ...comment(`Serves ${serves}.`),
    `upstream ${name} {`,
    ...indent(4, [
      ...method,
      ...comment(
        'One failed connection takes an instance out for a second; then one request tries it again.',
        92,
      ),
      ...upstreams.map((upstream) => line(upstream, server)),
      ...(backups.length === 0 ? [] : comment('Backups: used only while all of the above are down.', 92)),
      ...backups.map((upstream) => line(upstream, `${server} backup`)),
      ...comment(
        'Idle connections to keep open. Node servers close them after 5 s. A request sent at that moment is lost, and a tools/call must not be retried. So nginx closes them first.',
        92,
      ),
      'keepalive 256;',
      'keepalive_requests 1000000;',
      'keepalive_timeout 4s;',
    ]),
    '}',
    '',
  ];
}

/** A map to the name of the instance that answered: empty if it names itself, or if nginx answered itself. */
function servedBy({ upstreams }: Topology, header: string): readonly string[] {
  const quoted = (text: string): string => text.replaceAll(/[.[\]]/g, '\\$&');
  // nginx lists several attempts with commas (colons between groups); the last one answered.
  const lines = upstreams.map(
    (upstream) => `"~^\\|(.*[,:] )?[0-9.]+\\|(.*[,:] )?${quoted(hostAndPort(upstream))}$" "${upstream.id}";`,
  );
  return [
    ...comment(
      `The name of the instance that answered, for ${header}, or its address if it is not listed. Empty if the instance names itself, or if none answered.`,
    ),
    `map "$upstream_http_${header.toLowerCase().replaceAll('-', '_')}|$upstream_header_time|$upstream_addr" $mcp_served_by {`,
    ...indent(4, [
      'default "";',
      ...lines,
      // nginx reports addresses, even where the configuration has host names.
      '"~^\\|(.*[,:] )?[0-9.]+\\|(.*[,:] )?(?<mcp_peer>[^ ]+)$" $mcp_peer;',
    ]),
    '}',
    '',
  ];
}

function server(pools: readonly Pool[], header: string, cache: NginxCache | undefined): readonly string[] {
  const forwarding = forwardingTo(pools);
  return [
    ...comment('The default of 1 MB rejects larger arguments with a 413.'),
    'client_max_body_size 64m;',
    ...comment('Bearer tokens can be long.'),
    'large_client_header_buffers 4 32k;',
    ...comment('Keeps client connections open; the default closes them after 1000 requests.'),
    'keepalive_requests 1000000;',
    '',
    ...comment('This host serves only MCP, and its authorization metadata below /.well-known/.'),
    'location / {',
    ...indent(4, [
      ...(cache === undefined ? [] : cacheEntrance(cache)),
      ...forwarding,
      `add_header ${header} $mcp_served_by always;`,
      '',
      ...comment(
        'Events are forwarded at once. With buffering they would wait for 8 KB or the end of the stream.',
      ),
      'proxy_buffering off;',
      'proxy_cache off;',
      'gzip off;',
      'proxy_request_buffering off;',
      '',
      ...PATIENCE,
    ]),
    '}',
    ...(cache === undefined ? [] : cacheLocations(cache, [...forwarding, '', ...PATIENCE], header)),
  ];
}

/** How a request is forwarded, in any location. */
function forwardingTo(pools: readonly Pool[]): readonly string[] {
  return [
    `proxy_pass http://${pools.length > 1 ? '$mcp_pool' : pools[0]!.name};`,
    '',
    ...comment('Upstream connections are kept open only with HTTP/1.1 and without "Connection: close".'),
    'proxy_http_version 1.1;',
    'proxy_set_header Connection "";',
    ...comment(
      'Servers check Host against DNS rebinding. All other headers, including Mcp-*, are unchanged.',
    ),
    'proxy_set_header Host $http_host;',
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
  ];
}

const PATIENCE: readonly string[] = [
  ...comment(
    'A stream may be idle for a long time. The default of 60 s would cut it off, and the call with it.',
  ),
  'proxy_read_timeout 1h;',
  'proxy_send_timeout 1h;',
  'send_timeout 1h;',
  'proxy_connect_timeout 2s;',
  '',
  ...comment(
    'A failed connection is retried on another instance. A POST that was sent is never retried: the tool may have run. Do not add non_idempotent.',
  ),
  'proxy_next_upstream error timeout;',
];
