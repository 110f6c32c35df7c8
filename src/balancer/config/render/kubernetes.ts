/** @module Renders Kubernetes resources for a topology: Services, a Gateway API route, and the Istio resources for what Gateway API lacks. */
import type { PolicyIn } from '../../../profile/balancer-kinds.ts';
import type { HttpVersion } from '../../../profile/kinds.ts';
import { ENVELOPE_FILTER } from './envoy-envelope.ts';
import { comment, fileOf, indent } from './lines.ts';
import { type Pool, poolsOf } from './pools.ts';
import type { Rendered } from './rendered.ts';

/** Manifests for `kubectl apply -f`, for a policy that Kubernetes supports according to `profile/kinds.ts`. */
export function kubernetesConfig(rendered: Rendered): string {
  const pools = poolsOf(rendered).filter((pool) => pool !== undefined);
  const documents = [
    ...pools.map((pool) => service(pool, pools.length > 1, rendered.http)),
    GATEWAY,
    httpRoute(rendered.path, pools),
    ...pools.map((pool) => destinationRule(pool, BALANCING[rendered.policy as PolicyIn<'kubernetes'>])),
    ...(rendered.policy === 'sticky' ? [ENVELOPE] : []),
  ];
  return fileOf([...rendered.heading, ...documents.flatMap((lines) => ['---', ...lines])]);
}

const TURNS: readonly string[] = [
  ...comment('Each instance in turn. The default of Istio compares two drawn at random (LEAST_REQUEST).'),
  'simple: ROUND_ROBIN',
];

/** `trafficPolicy.loadBalancer` of a DestinationRule. */
const BALANCING: Readonly<Record<PolicyIn<'kubernetes'>, readonly string[]>> = {
  'round-robin': TURNS,
  'route-method': TURNS,
  'random-two': [
    ...comment('Of two instances drawn at random, the one with fewer requests in flight.'),
    'simple: LEAST_REQUEST',
  ],
  sticky: [
    ...comment(
      'For requests without a session, such as initialize. The EnvoyFilter below routes all others.',
    ),
    'simple: ROUND_ROBIN',
  ],
  'hash-session': [
    ...comment(
      'A COMMON MISTAKE, included so that its cost can be measured: initialize carries no session id yet, so the instance that creates a session and the one that its id hashes to are unrelated. With N instances, about one session in N works.',
    ),
    'consistentHash: { httpHeaderName: Mcp-Session-Id }',
  ],
  'hash-identity': [
    ...comment(
      'A caller stays on one instance, and so do its sessions. It moves when its token is renewed, and a busy caller is not spread over instances. Requests without credentials go to any instance.',
    ),
    'consistentHash: { httpHeaderName: Authorization }',
  ],
  'name-affinity': [
    ...comment(
      'All calls of one tool, prompt or resource go to one instance, so that its caches are reused. Requests without a name go to any instance.',
    ),
    'consistentHash: { httpHeaderName: Mcp-Name }',
  ],
};

/** The name of a pool in the form that Kubernetes accepts. */
const label = ({ name }: Pool): string => name.replaceAll('_', '-');

/** The protocol of a port, by the version of HTTP. Source: Kubernetes, application protocols of Services (KEP-3726). */
const APP_PROTOCOL: Readonly<Record<HttpVersion, string>> = { '1.1': 'http', '2': 'kubernetes.io/h2c' };

function service(pool: Pool, several: boolean, http: HttpVersion = '1.1'): readonly string[] {
  return [
    ...comment(`Serves ${pool.serves}; pods with these labels: ${pool.upstreams.length}.`),
    ...comment(
      'sessionAffinity is None, because ClientIP is not session affinity: it pins an address, and behind a gateway every request comes from the address of the gateway. Without a gateway, kube-proxy balances connections, not requests.',
    ),
    'apiVersion: v1',
    'kind: Service',
    `metadata: { name: ${label(pool)} }`,
    'spec:',
    ...indent(2, [
      `selector: { app: mcp${several ? `, pool: ${label(pool)}` : ''} }`,
      'sessionAffinity: None',
      'ports:',
      `  - { name: http, port: 3000, targetPort: 3000, appProtocol: ${APP_PROTOCOL[http]} }`,
    ]),
  ];
}

const GATEWAY: readonly string[] = [
  'apiVersion: gateway.networking.k8s.io/v1',
  'kind: Gateway',
  'metadata: { name: mcp }',
  'spec:',
  ...indent(2, [
    'gatewayClassName: istio',
    'listeners:',
    ...indent(2, [
      ...comment('Clients send credentials. For TLS, use port 443, protocol HTTPS and'),
      '#   tls: { certificateRefs: [{ name: mcp-tls }] }',
      '- { name: http, port: 80, protocol: HTTP }',
    ]),
  ]),
];

function httpRoute(path: string, [first, calls]: readonly Pool[]): readonly string[] {
  const at = `path: { type: PathPrefix, value: ${path} }`;
  return [
    'apiVersion: gateway.networking.k8s.io/v1',
    'kind: HTTPRoute',
    'metadata: { name: mcp }',
    'spec:',
    '  parentRefs: [{ name: mcp }]',
    '  rules:',
    ...(calls === undefined
      ? []
      : indent(4, [
          ...comment(
            'Mcp-Method is the JSON-RPC method, so the body need not be read. Requests of 2025-11-25 do not carry it.',
            92,
          ),
          ...rule(`{ ${at}, headers: [{ name: Mcp-Method, value: tools/call }] }`, calls),
        ])),
    ...indent(4, rule(`{ ${at} }`, first!)),
  ];
}

function rule(match: string, pool: Pool): readonly string[] {
  return [
    `- matches: [${match}]`,
    ...indent(2, [
      ...comment('No timeouts: a stream stays open for as long as the client needs it.', 92),
      'timeouts: { request: 0s, backendRequest: 0s }',
      `backendRefs: [{ name: ${label(pool)}, port: 3000 }]`,
    ]),
  ];
}

function destinationRule(pool: Pool, balancing: readonly string[]): readonly string[] {
  return [
    ...comment(
      'How the gateway chooses a pod. Gateway API has no field for this, so this resource is Istio’s.',
    ),
    'apiVersion: networking.istio.io/v1',
    'kind: DestinationRule',
    `metadata: { name: ${label(pool)} }`,
    'spec:',
    ...indent(2, [
      `host: ${label(pool)}`,
      'trafficPolicy:',
      '  loadBalancer:',
      ...indent(4, balancing),
      '  connectionPool:',
      '    tcp: { connectTimeout: 2s }',
      ...indent(4, [
        ...comment(
          'Node servers close idle connections after 5 s. A request sent at that moment is lost, and a tools/call must not be retried. So the gateway closes them first. Retry only failed connections: the tool may have run (see meshConfig.defaultHttpRetryPolicy).',
          92,
        ),
        'http: { idleTimeout: 4s }',
      ]),
      '  outlierDetection:',
      ...indent(4, [
        ...comment('One failed connection ejects a pod for a second. A 5xx answer does not eject it.', 92),
        'splitExternalLocalOriginErrors: true',
        'consecutiveLocalOriginFailures: 1',
        'consecutive5xxErrors: 0',
        'consecutiveGatewayErrors: 0',
        'interval: 1s',
        'baseEjectionTime: 1s',
        'maxEjectionPercent: 100',
      ]),
    ]),
  ];
}

const ENVELOPE: readonly string[] = [
  ...comment(
    'Session affinity. sessionPersistence of Gateway API (experimental) gives the client a cookie or header of the gateway to send back. MCP clients send back only Mcp-Session-Id, and many keep no cookies. Envoy’s envelope learns the owner from the answer that creates the id: it puts the pod’s address and the id into one value. Requires Envoy 1.35 or later.',
  ),
  'apiVersion: networking.istio.io/v1alpha3',
  'kind: EnvoyFilter',
  'metadata: { name: mcp-sessions }',
  'spec:',
  ...indent(2, [
    ...comment('The pods of the Gateway above.'),
    'workloadSelector:',
    '  labels: { gateway.networking.k8s.io/gateway-name: mcp }',
    'configPatches:',
    '  - applyTo: HTTP_FILTER',
    '    match:',
    '      context: GATEWAY',
    '      listener:',
    '        filterChain:',
    '          filter:',
    '            name: envoy.filters.network.http_connection_manager',
    '            subFilter: { name: envoy.filters.http.router }',
    '    patch:',
    '      operation: INSERT_BEFORE',
    '      value:',
    ...indent(8, ENVELOPE_FILTER),
  ]),
];
