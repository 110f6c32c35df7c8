/** @module The HAProxy configuration for a topology: what is measured and what is printed come from here. HAProxy 2.6 or later. */
import type { PolicyName } from '../../../profile/settings.ts';
import {
  hostAndPort,
  INSTANCE_HEADER,
  spellHeader,
  type Topology,
  type UpstreamAddress,
} from '../../topology.ts';
import { comment, fileOf, indent } from './lines.ts';
import { type Pool, poolsOf } from './pools.ts';

/** What differs between the places in which HAProxy runs. */
export interface HaproxyFrame {
  /** At the top of the file. */
  readonly top: readonly string[];
  /** In `global`. */
  readonly global: readonly string[];
  /** In `defaults`: what is logged. */
  readonly logging: readonly string[];
  /** In `frontend`: where it listens. */
  readonly bind: readonly string[];
}

/** A complete haproxy.cfg. */
export function haproxyConfig(topology: Topology, frame: HaproxyFrame): string {
  const { frontend, backend } = CHOICES[topology.policy];
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
      ...comment('Which instance answered, unless it said so itself.'),
      `http-response set-header ${name} %s unless { res.hdr(${name}) -m found }`,
      ...(pools.length > 1 ? METHOD_RULE : []),
      `default_backend ${pools[0]!.name}`,
    ]),
    ...pools.flatMap((pool) => ['', ...backendBlock(pool, backend)]),
  ]);
}

const DEFAULTS: readonly string[] = [
  'mode http',
  ...comment(
    'Bodies are never buffered whole (no option http-buffer-request), and events are sent on as they come.',
  ),
  'option http-no-delay',
  'timeout connect 2s',
  ...comment(
    'A stream may be silent for long: these count silence, and the usual 30 s or 50 s would cut it.',
  ),
  'timeout client 1h',
  'timeout server 1h',
  'timeout tunnel 1h',
  ...comment('For the request and its headers to arrive, against clients that dawdle.'),
  'timeout http-request 10s',
  'timeout http-keep-alive 75s',
  ...comment(
    'Another instance is tried at once when no connection could be made, even for a session that has an owner. Nothing that was sent is repeated: the tool may have run.',
  ),
  'retries 2',
  'retry-on conn-failure',
  'option redispatch 1',
  ...comment('Idle connections to the instances serve all clients.'),
  'http-reuse safe',
];

const METHOD_RULE: readonly string[] = [
  ...comment(
    'Mcp-Method names the JSON-RPC method, so the body need not be read. Requests of 2025-11-25 carry none.',
  ),
  'use_backend mcp_calls if { req.hdr(Mcp-Method) -m str tools/call }',
];

interface Choice {
  readonly frontend: readonly string[];
  readonly backend: readonly string[];
}

const CHOICES: Readonly<Record<PolicyName, Choice>> = {
  'round-robin': { frontend: [], backend: [...comment('Each instance in turn.'), 'balance roundrobin'] },
  'least-in-flight': {
    frontend: [],
    backend: [...comment('The instance with the fewest requests under way.'), 'balance leastconn'],
  },
  'random-two': {
    frontend: [],
    backend: [...comment('Two drawn at random, the less busy one is taken.'), 'balance random(2)'],
  },
  sticky: {
    frontend: [],
    backend: [
      ...comment('Requests without a session, initialize among them, go to each instance in turn.'),
      'balance roundrobin',
      ...comment(
        'The owner of a session is learned from the answer that mints its id, and every request that carries the id goes there. "stick on" alone would never learn: initialize carries no id. Entries expire 30 minutes after they were last used; with several HAProxy processes, share the table (peers).',
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
        'THE WIDESPREAD MISTAKE, here to be measured: initialize carries no session id yet, so the instance that mints a session has nothing to do with the one its id hashes to. With N instances about one session in N works.',
      ),
      'balance hdr(Mcp-Session-Id)',
      'hash-type consistent',
    ],
  },
  'hash-identity': {
    frontend: [
      ...comment('Who calls: the credentials, and the address of those who have none.'),
      'http-request set-var(txn.caller) src',
      'http-request set-var(txn.caller) req.hdr(Authorization) if { req.hdr(Authorization) -m found }',
    ],
    backend: [
      ...comment(
        'A caller stays on one instance, so its sessions do. It moves when its token is renewed, and busy callers are not spread.',
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
        'Each tool, prompt or resource has a home, so what it caches is used again. Requests without a name go to each instance in turn.',
      ),
      'balance hdr(Mcp-Name)',
      'hash-type consistent',
    ],
  },
};

const HEALTH = 'check inter 1s fall 1 rise 1 observe layer4 error-limit 1 on-error mark-down';
const IDLE = 'pool-purge-delay 1s';

/**
 * Commands of the runtime API (level `admin`) that put one more server into the backends of `topology`: the first ones make it,
 * the others let it serve. With `route-method` it serves `tools/call`. HAProxy 2.6 management guide, section 9.3: `add server`
 * knows nothing of `default-server`.
 */
export function haproxyJoin(topology: Topology, upstream: UpstreamAddress): readonly string[] {
  const pools = poolsOf(topology).filter((pool) => pool !== undefined);
  return [
    ...pools.map(({ name }, index) => {
      const standIn = index < pools.length - 1 ? ' backup' : '';
      return `add server ${name}/${upstream.id} ${hostAndPort(upstream)} ${HEALTH} ${IDLE}${standIn}`;
    }),
    ...pools.flatMap(({ name }) => [
      `enable health ${name}/${upstream.id}`,
      `set server ${name}/${upstream.id} state ready`,
    ]),
  ];
}

/** Commands of the runtime API that give the server `id` no new work: requests that a stick table sends to it go there still. */
export function haproxyDrain(topology: Topology, id: string): readonly string[] {
  const pools = poolsOf(topology).filter((pool) => pool !== undefined);
  return pools.map(({ name }) => `set server ${name}/${id} state drain`);
}

function backendBlock(
  { name, serves, upstreams, standIns }: Pool,
  choice: readonly string[],
): readonly string[] {
  return [
    ...comment(`Serves ${serves}.`),
    `backend ${name}`,
    ...indent(4, [
      ...choice,
      ...comment(
        'An instance is out as soon as a connection to it fails, or a check does; checks bring it back. A check only connects: MCP has no request for health. If your server has one, add: option httpchk GET /health',
      ),
      `default-server ${HEALTH}`,
      ...comment(
        'Node servers close idle connections after 5 s; a request sent just then is lost, and a tools/call may not be repeated: so give up first.',
      ),
      `default-server ${IDLE}`,
      ...upstreams.map((upstream) => `server ${upstream.id} ${hostAndPort(upstream)}`),
      ...(standIns.length === 0
        ? []
        : [...comment('Only while none of the above is up.'), 'option allbackups']),
      ...standIns.map((upstream) => `server ${upstream.id} ${hostAndPort(upstream)} backup`),
    ]),
  ];
}
