/** @module How Envoy chooses an instance, by policy. Source of names and defaults: Envoy's v3 API, 1.35. */
import type { PolicyIn } from '../../../profile/balancer-kinds.ts';
import { ENVELOPE_FILTER } from './envoy-envelope.ts';
import { comment } from './lines.ts';

/** The parts of a configuration that a policy decides. */
export interface EnvoyChoice {
  /** HTTP filters before the router. */
  readonly filters: readonly string[];
  /** In a route's action. */
  readonly route: readonly string[];
  /** In a cluster. */
  readonly cluster: readonly string[];
}

const RING: readonly string[] = ['lb_policy: RING_HASH'];
const TURNS: EnvoyChoice = {
  filters: [],
  route: [],
  cluster: [...comment('Each instance in turn.'), 'lb_policy: ROUND_ROBIN'],
};

export const CHOICES: Readonly<Record<PolicyIn<'envoy'>, EnvoyChoice>> = {
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
      ...ENVELOPE_FILTER.map((line, at) => (at === 0 ? `- ${line}` : `  ${line}`)),
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
