/** @module Renders the Envoy bootstrap file for a topology. Source of names and defaults: Envoy's v3 API, 1.35. */
import type { PolicyIn } from '../../../profile/kinds.ts';
import type { UpstreamAddress } from '../../topology.ts';
import { INSTANCE_HEADER } from '../../topology.ts';
import { comment, fileOf, indent } from './lines.ts';
import { type Pool, poolsOf } from './pools.ts';
import type { Rendered } from './rendered.ts';

/** A complete envoy.yaml, for a policy that Envoy supports according to `profile/kinds.ts`. */
export function envoyConfig(rendered: Rendered): string {
  const pools = poolsOf(rendered).filter((pool) => pool !== undefined);
  const choice = CHOICES[rendered.policy as PolicyIn<'envoy'>];
  return fileOf([
    ...rendered.heading,
    'static_resources:',
    '  listeners:',
    '    - name: mcp',
    '      address: { socket_address: { address: 0.0.0.0, port_value: 8080 } }',
    '      filter_chains:',
    ...indent(8, ['- filters:', ...indent(4, manager(rendered, pools, choice)), ...TLS]),
    '  clusters:',
    ...indent(
      4,
      pools.flatMap((pool) => cluster(pool, choice)),
    ),
  ]);
}

interface Choice {
  /** HTTP filters before the router. */
  readonly filters: readonly string[];
  /** In a route's action. */
  readonly route: readonly string[];
  /** In a cluster. */
  readonly cluster: readonly string[];
}

const RING: readonly string[] = ['lb_policy: RING_HASH'];
const TURNS: Choice = {
  filters: [],
  route: [],
  cluster: [...comment('Each instance in turn.'), 'lb_policy: ROUND_ROBIN'],
};

const CHOICES: Readonly<Record<PolicyIn<'envoy'>, Choice>> = {
  'round-robin': TURNS,
  'route-method': TURNS,
  'least-in-flight': {
    filters: [],
    route: [],
    cluster: [
      ...comment(
        'The instance with the fewest requests in flight. LEAST_REQUEST alone compares two drawn at random.',
      ),
      'load_balancing_policy:',
      '  policies:',
      '    - typed_extension_config:',
      '        name: envoy.load_balancing_policies.least_request',
      '        typed_config:',
      '          "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest',
      '          selection_method: FULL_SCAN',
    ],
  },
  'random-two': {
    filters: [],
    route: [],
    cluster: [
      ...comment('Of two instances drawn at random, the one with fewer requests in flight.'),
      'lb_policy: LEAST_REQUEST',
      'least_request_lb_config: { choice_count: 2 }',
    ],
  },
  sticky: {
    filters: [
      ...comment(
        'The owner of a session is learned from the answer that creates its id. Envoy puts the owner’s address and the id into one value, which the client sends back as its Mcp-Session-Id, and extracts the id again for the instance. This needs no table, so any number of Envoys can run in parallel. A ring hash would not work, because initialize carries no id to hash. Requires Envoy 1.35 or later. Clients can see the address, in base64.',
        88,
      ),
      '- name: envoy.filters.http.stateful_session',
      '  typed_config:',
      '    "@type": type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSession',
      '    session_state:',
      '      name: envoy.http.stateful_session.envelope',
      '      typed_config:',
      '        "@type": type.googleapis.com/envoy.extensions.http.stateful_session.envelope.v3.EnvelopeSessionState',
      '        header: { name: mcp-session-id }',
    ],
    route: [],
    cluster: [...comment('For requests without a session, such as initialize.'), 'lb_policy: ROUND_ROBIN'],
  },
  'hash-session': {
    filters: [],
    route: [
      ...comment(
        'A COMMON MISTAKE, included so that its cost can be measured: initialize carries no session id yet, so the instance that creates a session and the one that its id hashes to are unrelated. With N instances, about one session in N works.',
        88,
      ),
      'hash_policy:',
      '  - header: { header_name: mcp-session-id }',
    ],
    cluster: RING,
  },
  'hash-identity': {
    filters: [],
    route: [
      ...comment(
        'A caller stays on one instance, and so do its sessions. The key is its credentials, or its address if it has none. A caller moves when its token is renewed, and a busy caller is not spread over instances.',
        88,
      ),
      'hash_policy:',
      '  - header: { header_name: authorization }',
      '    terminal: true',
      '  - connection_properties: { source_ip: true }',
    ],
    cluster: RING,
  },
  'name-affinity': {
    filters: [],
    route: [
      ...comment(
        'All calls of one tool, prompt or resource go to one instance, so that its caches are reused. Requests without a name go to any instance.',
        88,
      ),
      'hash_policy:',
      '  - header: { header_name: mcp-name }',
    ],
    cluster: RING,
  },
};

function manager(
  { path, instanceHeader = INSTANCE_HEADER }: Rendered,
  pools: readonly Pool[],
  choice: Choice,
): readonly string[] {
  const [first, calls] = pools;
  return [
    '- name: envoy.filters.network.http_connection_manager',
    '  typed_config:',
    ...indent(4, [
      '"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
      'stat_prefix: mcp',
      ...comment('The client address, for hashes and X-Forwarded-For, is that of the connection.', 92),
      'use_remote_address: true',
      ...comment(
        'A stream may be idle for a long time. The default of 5 minutes would cut it off, and the call with it.',
        92,
      ),
      'stream_idle_timeout: 3600s',
      'http_filters:',
      ...indent(2, [
        ...choice.filters,
        ...comment('No filter here buffers: no buffer filter, no compressor, no body transformation.', 88),
        '- name: envoy.filters.http.router',
        '  typed_config:',
        '    "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router',
      ]),
      'route_config:',
      '  virtual_hosts:',
      '    - name: mcp',
      '      domains: ["*"]',
      '      response_headers_to_add:',
      ...indent(8, [
        ...comment('The instance that answered, unless it names itself.', 84),
        `- header: { key: ${instanceHeader}, value: "%UPSTREAM_HOST%" }`,
        '  append_action: ADD_IF_ABSENT',
      ]),
      '      routes:',
      ...indent(8, [
        ...(calls === undefined ? [] : callsRoute(path, calls, choice)),
        ...route(`{ prefix: ${path} }`, first!, choice),
      ]),
    ]),
  ];
}

function callsRoute(path: string, pool: Pool, choice: Choice): readonly string[] {
  return [
    ...comment(
      'Mcp-Method is the JSON-RPC method, so the body need not be read. Requests of 2025-11-25 do not carry it.',
      84,
    ),
    ...route(
      `{ prefix: ${path}, headers: [{ name: mcp-method, string_match: { exact: tools/call } }] }`,
      pool,
      choice,
    ),
  ];
}

function route(match: string, { name }: Pool, choice: Choice): readonly string[] {
  return [
    `- match: ${match}`,
    '  route:',
    ...indent(4, [
      `cluster: ${name}`,
      ...comment(
        'The default of 15 s for a whole answer would cut off every stream and every long call.',
        80,
      ),
      'timeout: 0s',
      'idle_timeout: 3600s',
      ...comment(
        'A failed connection is retried on another instance. A request that was sent is never retried: the tool may have run.',
        80,
      ),
      'retry_policy:',
      '  retry_on: connect-failure',
      '  num_retries: 2',
      '  retry_host_predicate:',
      '    - name: envoy.retry_host_predicates.previous_hosts',
      '      typed_config:',
      '        "@type": type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
      ...choice.route,
    ]),
  ];
}

const TLS: readonly string[] = [
  ...indent(2, [
    ...comment(
      'Clients send credentials: serve TLS here, or terminate it in front. Fill in and uncomment:',
      90,
    ),
    '# transport_socket:',
    '#   name: envoy.transport_sockets.tls',
    '#   typed_config:',
    '#     "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
    '#     common_tls_context:',
    '#       tls_certificates:',
    '#         - certificate_chain: { filename: /etc/envoy/tls/mcp.crt }',
    '#           private_key: { filename: /etc/envoy/tls/mcp.key }',
  ]),
];

function cluster({ name, serves, upstreams, backups }: Pool, choice: Choice): readonly string[] {
  return [
    ...comment(`Serves ${serves}.`),
    `- name: ${name}`,
    ...indent(2, [
      'type: STATIC',
      'connect_timeout: 2s',
      ...choice.cluster,
      'typed_extension_protocol_options:',
      '  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:',
      '    "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
      ...indent(4, [
        ...comment(
          'Node servers close idle connections after 5 s. A request sent at that moment is lost, and a tools/call must not be retried. So Envoy closes them first.',
          88,
        ),
        'common_http_protocol_options: { idle_timeout: 4s }',
        'explicit_http_config: { http_protocol_options: {} }',
      ]),
      ...comment(
        'This check only connects, because MCP has no health request. If your server has a health endpoint, use http_health_check with its path.',
        92,
      ),
      'health_checks:',
      '  - tcp_health_check: {}',
      '    interval: 1s',
      '    no_traffic_interval: 1s',
      '    timeout: 1s',
      '    unhealthy_threshold: 1',
      '    healthy_threshold: 1',
      ...comment(
        'One failed connection ejects an instance for a second. A 5xx answer does not eject it.',
        92,
      ),
      'outlier_detection:',
      '  split_external_local_origin_errors: true',
      '  consecutive_local_origin_failure: 1',
      '  enforcing_consecutive_local_origin_failure: 100',
      '  enforcing_consecutive_5xx: 0',
      '  enforcing_consecutive_gateway_failure: 0',
      '  enforcing_success_rate: 0',
      '  interval: 1s',
      '  base_ejection_time: 1s',
      '  max_ejection_percent: 100',
      ...comment('No panic mode: even if most instances are down, only the others get requests.', 92),
      'common_lb_config: { healthy_panic_threshold: { value: 0 } }',
      'load_assignment:',
      `  cluster_name: ${name}`,
      '  endpoints:',
      '    - lb_endpoints:',
      ...indent(8, upstreams.map(endpoint)),
      ...(backups.length === 0
        ? []
        : indent(4, [
            ...comment('Backups: used only while all of the above are down.', 88),
            '- priority: 1',
            '  lb_endpoints:',
            ...indent(4, backups.map(endpoint)),
          ])),
    ]),
  ];
}

function endpoint({ host, port }: UpstreamAddress): string {
  return `- endpoint: { address: { socket_address: { address: ${JSON.stringify(host)}, port_value: ${port} } } }`;
}
