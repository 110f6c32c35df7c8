/** @module Renders the Envoy bootstrap file for a topology. Source of names and defaults: Envoy's v3 API, 1.35. */
import type { PolicyIn } from '../../../profile/balancer-kinds.ts';
import { INSTANCE_HEADER } from '../../topology.ts';
import { CHOICES, type EnvoyChoice } from './envoy-choices.ts';
import { cluster } from './envoy-cluster.ts';
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
      pools.flatMap((pool) => cluster(pool, choice, rendered.http ?? '1.1')),
    ),
  ]);
}

function manager(
  { path, instanceHeader = INSTANCE_HEADER }: Rendered,
  pools: readonly Pool[],
  choice: EnvoyChoice,
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

function callsRoute(path: string, pool: Pool, choice: EnvoyChoice): readonly string[] {
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

function route(match: string, { name }: Pool, choice: EnvoyChoice): readonly string[] {
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
