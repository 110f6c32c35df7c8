/** @module The clusters of an Envoy configuration. Source of names and defaults: Envoy's v3 API, 1.35. */
import type { HttpVersion } from '../../../profile/kinds.ts';
import type { UpstreamAddress } from '../../topology.ts';
import type { EnvoyChoice } from './envoy-choices.ts';
import { comment, indent } from './lines.ts';
import type { Pool } from './pools.ts';

/** By the version of HTTP. `2` begins without negotiation (prior knowledge). */
const OPTIONS: Readonly<Record<HttpVersion, string>> = {
  '1.1': 'http_protocol_options',
  '2': 'http2_protocol_options',
};

/** The instances of a pool, with their health checks. `http`: the version that is spoken to them. */
export function cluster(
  { name, serves, upstreams, backups }: Pool,
  choice: EnvoyChoice,
  http: HttpVersion,
): readonly string[] {
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
        `explicit_http_config: { ${OPTIONS[http]}: {} }`,
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
