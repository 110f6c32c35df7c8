/** @module The nginx configuration for a topology: what is measured and what is printed come from here. */
import type { PolicyName } from '../../../profile/settings.ts';
import { UserError } from '../../../units/user-error.ts';
import {
  hostAndPort,
  INSTANCE_HEADER,
  spellHeader,
  type Topology,
  type UpstreamAddress,
} from '../../topology.ts';
import { comment, fileOf, indent } from './lines.ts';
import { type Pool, poolsOf } from './pools.ts';

/** What differs between the places in which nginx runs. */
export interface NginxFrame {
  /** At the top of the file. */
  readonly main: readonly string[];
  /** At the top of `http`. */
  readonly http: readonly string[];
  /** At the top of `server`: where it listens. */
  readonly listen: readonly string[];
  /** At the end of `http`. */
  readonly servers: readonly string[];
}

/** A complete nginx.conf. Throws a {@link UserError} for a policy that nginx cannot express. */
export function nginxConfig(topology: Topology, frame: NginxFrame): string {
  const { key, method } = choice(topology.policy);
  const header = spellHeader(topology.instanceHeader ?? INSTANCE_HEADER);
  const pools = poolsOf(topology).filter((pool) => pool !== undefined);
  return fileOf([
    ...frame.main,
    '',
    'events {',
    ...indent(4, [
      ...comment('Each client and each upstream connection takes one.'),
      'worker_connections 8192;',
    ]),
    '}',
    '',
    'http {',
    ...indent(4, [
      ...frame.http,
      ...key,
      ...pools.flatMap((pool) => upstreamBlock(pool, method)),
      ...(pools.length > 1 ? METHOD_MAP : []),
      ...servedBy(topology, header),
      'server {',
      ...indent(4, [...frame.listen, '', ...server(pools, header)]),
      '}',
      ...frame.servers,
    ]),
    '}',
  ]);
}

interface Choice {
  /** Maps that give the key of a hash. */
  readonly key: readonly string[];
  /** The balancing method in `upstream`. */
  readonly method: readonly string[];
}

function choice(policy: PolicyName): Choice {
  if (policy !== 'sticky') return CHOICES[policy];
  throw new UserError({
    where: 'balancer.policy',
    what: 'open-source nginx cannot learn which instance owns a session (sticky learn belongs to NGINX Plus)',
    todo: 'use engine haproxy or embedded; on nginx, hash-identity keeps a caller on one instance',
  });
}

const CHOICES: Readonly<Record<Exclude<PolicyName, 'sticky'>, Choice>> = {
  'round-robin': { key: [], method: comment('Each instance in turn: the default, so no line says it.') },
  'least-in-flight': {
    key: [],
    method: [...comment('The instance with the fewest requests under way.'), 'least_conn;'],
  },
  'random-two': {
    key: [],
    method: [...comment('Two drawn at random, the less busy one is taken.'), 'random two least_conn;'],
  },
  'hash-session': {
    key: [],
    method: [
      ...comment(
        'THE WIDESPREAD MISTAKE, here to be measured: initialize carries no session id yet, goes to each instance in turn (an empty key is not hashed), and the instance that mints a session has nothing to do with the one its id hashes to. With N instances about one session in N works.',
        92,
      ),
      'hash $http_mcp_session_id consistent;',
    ],
  },
  'hash-identity': {
    key: [
      ...comment('Who calls: the credentials, and the address of those who have none.'),
      'map $http_authorization $mcp_caller {',
      '    ""      $remote_addr;',
      '    default $http_authorization;',
      '}',
      '',
    ],
    method: [
      ...comment(
        'A caller stays on one instance, so its sessions do. It moves when its token is renewed, and busy callers are not spread.',
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
        'Each tool, prompt or resource has a home, so what it caches is used again. Requests without a name go to each instance in turn.',
        92,
      ),
      'hash $http_mcp_name consistent;',
    ],
  },
};

const METHOD_MAP: readonly string[] = [
  ...comment(
    'Mcp-Method names the JSON-RPC method, so the body need not be read. Requests of 2025-11-25 carry none.',
  ),
  'map $http_mcp_method $mcp_pool {',
  '    default    mcp_lists;',
  '    tools/call mcp_calls;',
  '}',
  '',
];

function upstreamBlock(
  { name, serves, upstreams, standIns }: Pool,
  method: readonly string[],
): readonly string[] {
  // A failed connection takes an instance out for a second; one request then tries it again.
  const server = 'max_fails=1 fail_timeout=1s';
  const line = (upstream: UpstreamAddress, rest: string): string =>
    `server ${hostAndPort(upstream)} ${rest}${upstream.drained === true ? ' down' : ''};`;
  return [
    ...comment(`Serves ${serves}.`),
    `upstream ${name} {`,
    ...indent(4, [
      ...method,
      ...comment(
        'An instance that fails once is left out for a second, then one request tries it again.',
        92,
      ),
      ...upstreams.map((upstream) => line(upstream, server)),
      ...(standIns.length === 0 ? [] : comment('Only while none of the above is up.', 92)),
      ...standIns.map((upstream) => line(upstream, `${server} backup`)),
      ...comment(
        'Connections kept open to the instances. Node servers close theirs after 5 s of idleness; a request sent just then is lost, and a tools/call may not be repeated: so give up first.',
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

/** Which instance answered, unless it said so itself; nothing when nginx answered in its own name. */
function servedBy({ upstreams }: Topology, header: string): readonly string[] {
  const quoted = (text: string): string => text.replaceAll(/[.[\]]/g, '\\$&');
  // Several attempts are listed with commas (colons between groups); the last one answered.
  const lines = upstreams.map(
    (upstream) => `"~^\\|(.*[,:] )?[0-9.]+\\|(.*[,:] )?${quoted(hostAndPort(upstream))}$" "${upstream.id}";`,
  );
  return [
    ...comment(
      `The name of the instance that answered, for ${header} (its address, if it is not listed): empty when it named itself, or when none answered.`,
    ),
    `map "$upstream_http_${header.toLowerCase().replaceAll('-', '_')}|$upstream_header_time|$upstream_addr" $mcp_served_by {`,
    ...indent(4, [
      'default "";',
      ...lines,
      // Host names in the configuration are not what nginx reports.
      '"~^\\|(.*[,:] )?[0-9.]+\\|(.*[,:] )?(?<mcp_peer>[^ ]+)$" $mcp_peer;',
    ]),
    '}',
    '',
  ];
}

function server(pools: readonly Pool[], header: string): readonly string[] {
  return [
    ...comment('The default of 1 MB refuses larger arguments with a 413.'),
    'client_max_body_size 64m;',
    ...comment('Bearer tokens can be long.'),
    'large_client_header_buffers 4 32k;',
    ...comment('Clients keep their connections; the default closes them after 1000 requests.'),
    'keepalive_requests 1000000;',
    '',
    ...comment('Everything on this host is MCP (and the metadata of its authorization below /.well-known/).'),
    'location / {',
    ...indent(4, [
      `proxy_pass http://${pools.length > 1 ? '$mcp_pool' : pools[0]!.name};`,
      '',
      ...comment('Upstream connections are kept open only in HTTP/1.1 and without "Connection: close".'),
      'proxy_http_version 1.1;',
      'proxy_set_header Connection "";',
      ...comment('Servers check Host against DNS rebinding. All other headers pass as they are, Mcp-* too.'),
      'proxy_set_header Host $http_host;',
      'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
      'proxy_set_header X-Forwarded-Proto $scheme;',
      `add_header ${header} $mcp_served_by always;`,
      '',
      ...comment('Events pass at once; buffered, they would wait for 8 KB or the end of the stream.'),
      'proxy_buffering off;',
      'proxy_cache off;',
      'gzip off;',
      'proxy_request_buffering off;',
      '',
      ...comment('A stream may be silent for long: the default of 60 s would cut it, and the call with it.'),
      'proxy_read_timeout 1h;',
      'proxy_send_timeout 1h;',
      'send_timeout 1h;',
      'proxy_connect_timeout 2s;',
      '',
      ...comment(
        'Another instance is tried when no connection could be made. A POST that was sent is not repeated: the tool may have run. Never add non_idempotent.',
      ),
      'proxy_next_upstream error timeout;',
    ]),
    '}',
  ];
}
