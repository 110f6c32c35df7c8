/** @module Renders the HAProxy configuration for a topology, for the engine and for `balancer render`. HAProxy 2.6 or later. */
import type { PolicyIn } from '../../../profile/balancer-kinds.ts';
import type { HttpVersion } from '../../../profile/kinds.ts';
import {
  hostAndPort,
  INSTANCE_HEADER,
  spellHeader,
  type Topology,
  type UpstreamAddress,
} from '../../topology.ts';
import { comment, fileOf, indent } from './lines.ts';
import { type Pool, poolsOf } from './pools.ts';

/** The parts that differ between the engine and the printed file. */
export interface HaproxyFrame {
  /** At the top of the file. */
  readonly top: readonly string[];
  /** In `global`. */
  readonly global: readonly string[];
  /** In `defaults`: logging. */
  readonly logging: readonly string[];
  /** In `frontend`: the address to listen on. */
  readonly bind: readonly string[];
}

/** A complete haproxy.cfg, for a policy that HAProxy supports according to `profile/kinds.ts`. */
export function haproxyConfig(topology: Topology, frame: HaproxyFrame): string {
  const { frontend, backend } = CHOICES[topology.policy as PolicyIn<'haproxy'>];
  const name = spellHeader(topology.instanceHeader ?? INSTANCE_HEADER);
  const pools = poolsOf(topology).filter((pool) => pool !== undefined);
  return fileOf([
    ...frame.top,
    'global',
    ...indent(4, frame.global),
    '',
    'defaults',
    ...indent(4, [...frame.logging, ...DEFAULTS]),
    '',
    'frontend mcp_clients',
    ...indent(4, [
      ...frame.bind,
      ...frontend,
      ...comment('The instance that answered, unless it names itself.'),
      `http-response set-header ${name} %s unless { res.hdr(${name}) -m found }`,
      ...(pools.length > 1 ? METHOD_RULE : []),
      `default_backend ${pools[0]!.name}`,
    ]),
    ...pools.flatMap((pool) => ['', ...backendBlock(pool, backend, topology.http)]),
  ]);
}

const DEFAULTS: readonly string[] = [
  'mode http',
  ...comment(
    'Whole bodies are never buffered (no option http-buffer-request), and events are forwarded at once.',
  ),
  'option http-no-delay',
  'timeout connect 2s',
  ...comment(
    'These are idle timeouts. A stream may be idle for a long time; the usual 30 s or 50 s would cut it off.',
  ),
  'timeout client 1h',
  'timeout server 1h',
  'timeout tunnel 1h',
  ...comment('Limit for a request and its headers to arrive, against slow clients.'),
  'timeout http-request 10s',
  'timeout http-keep-alive 75s',
  ...comment(
    'A failed connection is retried at once on another instance, even for a session that has an owner. A request that was sent is never retried: the tool may have run.',
  ),
  'retries 2',
  'retry-on conn-failure',
  'option redispatch 1',
  ...comment('All clients share the idle connections to the instances.'),
  'http-reuse safe',
];

const METHOD_RULE: readonly string[] = [
  ...comment(
    'Mcp-Method is the JSON-RPC method, so the body need not be read. Requests of 2025-11-25 do not carry it.',
  ),
  'use_backend mcp_calls if { req.hdr(Mcp-Method) -m str tools/call }',
];

interface Choice {
  readonly frontend: readonly string[];
  readonly backend: readonly string[];
}

const CHOICES: Readonly<Record<PolicyIn<'haproxy'>, Choice>> = {
  'round-robin': { frontend: [], backend: [...comment('Each instance in turn.'), 'balance roundrobin'] },
  'least-in-flight': {
    frontend: [],
    backend: [...comment('The instance with the fewest requests in flight.'), 'balance leastconn'],
  },
  'random-two': {
    frontend: [],
    backend: [
      ...comment('Of two instances drawn at random, the one with fewer requests in flight.'),
      'balance random(2)',
    ],
  },
  sticky: {
    frontend: [],
    backend: [
      ...comment('Requests without a session, such as initialize, go to each instance in turn.'),
      'balance roundrobin',
      ...comment(
        'The owner of a session is learned from the answer that creates its id, and every request that carries the id goes there. "stick on" alone would not learn it, because initialize carries no id. Entries expire 30 minutes after they were last used. Several HAProxy processes must share the table (peers).',
      ),
      'stick-table type string len 128 size 1m expire 30m',
      'stick store-response res.hdr(Mcp-Session-Id)',
      'stick match req.hdr(Mcp-Session-Id)',
    ],
  },
  'hash-session': {
    frontend: [],
    backend: [
      ...comment(
        'A COMMON MISTAKE, included so that its cost can be measured: initialize carries no session id yet, so the instance that creates a session and the one that its id hashes to are unrelated. With N instances, about one session in N works.',
      ),
      'balance hdr(Mcp-Session-Id)',
      'hash-type consistent',
    ],
  },
  'hash-identity': {
    frontend: [
      ...comment('Identifies the caller: its credentials, or its address if it has none.'),
      'http-request set-var(txn.caller) src',
      'http-request set-var(txn.caller) req.hdr(Authorization) if { req.hdr(Authorization) -m found }',
    ],
    backend: [
      ...comment(
        'A caller stays on one instance, and so do its sessions. It moves when its token is renewed, and a busy caller is not spread over instances.',
      ),
      'balance hash var(txn.caller)',
      'hash-type consistent',
    ],
  },
  'route-method': {
    frontend: [],
    backend: [...comment('Each instance of the pool in turn.'), 'balance roundrobin'],
  },
  'name-affinity': {
    frontend: [],
    backend: [
      ...comment(
        'All calls of one tool, prompt or resource go to one instance, so that its caches are reused. Requests without a name go to each instance in turn.',
      ),
      'balance hdr(Mcp-Name)',
      'hash-type consistent',
    ],
  },
};

const HEALTH = 'check inter 1s fall 1 rise 1 observe layer4 error-limit 1 on-error mark-down';
const IDLE = 'pool-purge-delay 1s';
/** Of a server, by the version of HTTP that it is spoken to. `2` begins without negotiation (prior knowledge). */
const SPOKEN: Readonly<Record<HttpVersion, string>> = { '1.1': '', '2': ' proto h2' };

/**
 * Commands of the runtime API (level `admin`) that add a server to the backends of `topology`: the first ones create it, the others
 * enable it. With `route-method` it serves `tools/call`. `add server` ignores `default-server`. Source: HAProxy 2.6 management guide,
 * section 9.3.
 */
export function haproxyJoin(topology: Topology, upstream: UpstreamAddress): readonly string[] {
  const pools = poolsOf(topology).filter((pool) => pool !== undefined);
  return [
    ...pools.map(({ name }, index) => {
      const backup = index < pools.length - 1 ? ' backup' : '';
      return `add server ${name}/${upstream.id} ${hostAndPort(upstream)}${SPOKEN[topology.http ?? '1.1']} ${HEALTH} ${IDLE}${backup}`;
    }),
    ...pools.flatMap(({ name }) => [
      `enable health ${name}/${upstream.id}`,
      `set server ${name}/${upstream.id} state ready`,
    ]),
  ];
}

/** Commands of the runtime API that give the server `id` no new work. Requests that a stick table sends to it still reach it. */
export function haproxyDrain(topology: Topology, id: string): readonly string[] {
  const pools = poolsOf(topology).filter((pool) => pool !== undefined);
  return pools.map(({ name }) => `set server ${name}/${id} state drain`);
}

function backendBlock(
  { name, serves, upstreams, backups }: Pool,
  choice: readonly string[],
  http: HttpVersion = '1.1',
): readonly string[] {
  const spoken = SPOKEN[http];
  return [
    ...comment(`Serves ${serves}.`),
    `backend ${name}`,
    ...indent(4, [
      ...choice,
      ...comment(
        'One failed connection or health check takes an instance out; the next successful check brings it back. A check only connects, because MCP has no health request. If your server has a health endpoint, add: option httpchk GET /health',
      ),
      `default-server ${HEALTH}`,
      ...comment(
        'Node servers close idle connections after 5 s. A request sent at that moment is lost, and a tools/call must not be retried. So HAProxy closes them first.',
      ),
      `default-server ${IDLE}`,
      ...upstreams.map((upstream) => `server ${upstream.id} ${hostAndPort(upstream)}${spoken}`),
      ...(backups.length === 0
        ? []
        : [...comment('Backups: used only while all of the above are down.'), 'option allbackups']),
      ...backups.map((upstream) => `server ${upstream.id} ${hostAndPort(upstream)}${spoken} backup`),
    ]),
  ];
}
