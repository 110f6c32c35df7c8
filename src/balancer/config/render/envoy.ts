/** @module The Envoy bootstrap file for a topology. Source of names and defaults: Envoy's v3 API, 1.35. */
import type { PolicyName } from '../../../profile/settings.ts';
import type { UpstreamAddress } from '../../topology.ts';
import { INSTANCE_HEADER } from '../../topology.ts';
import { comment, fileOf, indent } from './lines.ts';
import { type Pool, poolsOf } from './pools.ts';
import type { Rendered } from './rendered.ts';

/** A complete envoy.yaml. */
export function envoyConfig(rendered: Rendered): string {
  const pools = poolsOf(rendered).filter((pool) => pool !== undefined);
  const choice = CHOICES[rendered.policy];
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

const CHOICES: Readonly<Record<PolicyName, Choice>> = {
  'round-robin': TURNS,
  'route-method': TURNS,
  'least-in-flight': {
    filters: [],
    route: [],
    cluster: [
      ...comment(
        'The instance with the fewest requests under way. LEAST_REQUEST alone compares two drawn at random.',
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
      ...comment('Two drawn at random, the less busy one is taken.'),
      'lb_policy: LEAST_REQUEST',
      'least_request_lb_config: { choice_count: 2 }',
    ],
  },
  sticky: {
    filters: [
      ...comment(
        'The owner of a session is learned from the answer that mints its id: Envoy wraps its address and the id in one value, which the client sends back as its Mcp-Session-Id, and unwraps it for the instance. Needs no table, so any number of Envoys can stand side by side. Not ring hash: initialize carries no id to hash. Envoy 1.35 or later. Clients see the address, in base64.',
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
    cluster: [...comment('For requests without a session, initialize among them.'), 'lb_policy: ROUND_ROBIN'],
  },
  'hash-session': {
    filters: [],
    route: [
      ...comment(
        'THE WIDESPREAD MISTAKE, here to be measured: initialize carries no session id yet, so the instance that mints a session has nothing to do with the one its id hashes to. With N instances about one session in N works.',
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
        'A caller stays on one instance, so its sessions do: by its credentials, or by its address when it has none. It moves when its token is renewed, and busy callers are not spread.',
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
        'Each tool, prompt or resource has a home, so what it caches is used again. Requests without a name go anywhere.',
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
      ...comment('The address of the client, for hashes and X-Forwarded-For, is that of the connection.', 92),
      'use_remote_address: true',
      ...comment(
        'A stream may be silent for long: the default of 5 minutes would cut it, and the call with it.',
        92,
      ),
      'stream_idle_timeout: 3600s',
      'http_filters:',
      ...indent(2, [
        ...choice.filters,
        ...comment('Nothing here buffers: no buffer filter, no compressor, no body transformation.', 88),
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
        ...comment('Which instance answered, unless it said so itself.', 84),
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
      'Mcp-Method names the JSON-RPC method, so the body need not be read. Requests of 2025-11-25 carry none.',
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
      ...comment('The default of 15 s for a whole answer would cut every stream and every long call.', 80),
      'timeout: 0s',
      'idle_timeout: 3600s',
      ...comment(
        'Another instance is tried when no connection could be made. Nothing that was sent is repeated: the tool may have run.',
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
    ...comment('Clients send credentials: serve TLS here, or end it before. Fill in and uncomment:', 90),
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

function cluster({ name, serves, upstreams, standIns }: Pool, choice: Choice): readonly string[] {
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
          'Node servers close idle connections after 5 s; a request sent just then is lost, and a tools/call may not be repeated: so give up first.',
          88,
        ),
        'common_http_protocol_options: { idle_timeout: 4s }',
        'explicit_http_config: { http_protocol_options: {} }',
      ]),
      ...comment(
        'Checks only connect: MCP has no request for health. If your server has one, use http_health_check with its path.',
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
        'Out for a second as soon as a connection fails; a 5xx answer is no sign of a dead instance.',
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
      ...comment('With most instances down, do not go back to using all of them.', 92),
      'common_lb_config: { healthy_panic_threshold: { value: 0 } }',
      'load_assignment:',
      `  cluster_name: ${name}`,
      '  endpoints:',
      '    - lb_endpoints:',
      ...indent(8, upstreams.map(endpoint)),
      ...(standIns.length === 0
        ? []
        : indent(4, [
            ...comment('Only while none of the above is up.', 88),
            '- priority: 1',
            '  lb_endpoints:',
            ...indent(4, standIns.map(endpoint)),
          ])),
    ]),
  ];
}

function endpoint({ host, port }: UpstreamAddress): string {
  return `- endpoint: { address: { socket_address: { address: ${JSON.stringify(host)}, port_value: ${port} } } }`;
}
