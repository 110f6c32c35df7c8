/** @module Renders the configuration of a real balancer for the topology of a profile. */
import { CONFIGS, type ConfigKind, POLICIES, type PolicyName } from '../../../profile/balancer-kinds.ts';
import type { Era, HttpVersion } from '../../../profile/kinds.ts';
import { unsupportedBy, unsupportedPolicyEra, unsupportedTls } from '../../../profile/unsupported.ts';
import { UserError } from '../../../units/user-error.ts';
import { checkSpelling, INSTANCE_HEADER, type UpstreamAddress } from '../../topology.ts';
import { envoyConfig } from './envoy.ts';
import { haproxyConfig } from './haproxy.ts';
import { kubernetesConfig } from './kubernetes.ts';
import { comment } from './lines.ts';
import { nginxConfig } from './nginx.ts';
import type { Rendered } from './rendered.ts';

/** The topology to render a configuration for. */
export interface RenderSettings {
  readonly policy: PolicyName;
  /** Addresses, or the number of instances. Then they get placeholder addresses (RFC 5737), which the user has to replace. */
  readonly upstreams: readonly UpstreamAddress[] | number;
  readonly era: Era;
  /** Where the servers answer MCP: `/mcp`. */
  readonly path: string;
  /** The response header that names the instance; `x-served-by` when absent. */
  readonly instanceHeader?: string;
  /** The version of HTTP that is spoken to instances; 1.1 when absent. */
  readonly http?: HttpVersion;
  /** Whether clients reach it over TLS: the lines for that are in force, not comments. */
  readonly tls?: boolean;
}

/**
 * A complete, commented configuration for production. nginx and HAProxy accept it as it is, and balance with the same lines
 * as the engines of that name. In the stateless era, a policy that uses sessions is rendered as round-robin, because it behaves
 * like it. Throws a {@link UserError} for a policy that `kind` does not support, or that uses headers which the era lacks, and for TLS where it is not rendered.
 */
export function renderConfig(kind: ConfigKind, settings: RenderSettings): string {
  const { era, path } = settings;
  const policy = policyIn(era, settings.policy);
  const upstreams =
    typeof settings.upstreams === 'number' ? placeholders(settings.upstreams) : settings.upstreams;
  checkSpelling(upstreams);
  const problem =
    unsupportedBy(CONFIGS[kind].policies[policy]) ?? unsupportedPolicyEra(policy, era, 'fleet.era');
  if (problem !== undefined) throw new UserError({ where: 'balancer.policy', ...problem });
  const { http = '1.1' } = settings;
  const unspoken = http === '2' ? unsupportedBy(CONFIGS[kind].http2) : undefined;
  if (unspoken !== undefined) throw new UserError({ where: 'balancer.http', ...unspoken });
  const { instanceHeader = INSTANCE_HEADER, tls = false } = settings;
  const untold = tls ? unsupportedTls(kind) : undefined;
  if (untold !== undefined) throw new UserError({ where: 'balancer.tls', ...untold });
  const lines = heading(kind, { ...settings, policy }, settings.policy, upstreams.length);
  return GENERATORS[kind]({ policy, upstreams, path, instanceHeader, http, tls, heading: lines });
}

/** The policy that takes effect in an era: without sessions there is nothing to learn or to hash. */
function policyIn(era: Era, policy: PolicyName): PolicyName {
  const { eras, fallback = policy } = POLICIES[policy];
  return eras.includes(era) ? policy : fallback;
}

const GENERATORS: Readonly<Record<ConfigKind, (rendered: Rendered) => string>> = {
  nginx: (rendered) =>
    nginxConfig(rendered, {
      main: [...rendered.heading, ...NGINX.main],
      http: NGINX.http,
      listen: rendered.tls ? NGINX.secure : NGINX.listen,
      servers: [],
    }),
  haproxy: (rendered) =>
    haproxyConfig(rendered, {
      top: rendered.heading,
      ...HAPROXY,
      bind: rendered.tls ? SECURE_BIND : HAPROXY.bind,
    }),
  envoy: envoyConfig,
  kubernetes: kubernetesConfig,
};

function placeholders(count: number): readonly UpstreamAddress[] {
  return Array.from({ length: count }, (_, index) => ({
    id: String(index + 1),
    host: `192.0.2.${index + 11}`,
    port: 3000,
  }));
}

const TARGETS: Readonly<Record<ConfigKind, { readonly file: string; readonly check: string }>> = {
  nginx: { file: 'nginx.conf', check: 'nginx -t -c FILE' },
  haproxy: { file: 'haproxy.cfg', check: 'haproxy -c -f FILE' },
  envoy: { file: 'envoy.yaml', check: 'envoy --mode validate -c FILE' },
  kubernetes: { file: 'Manifests', check: 'kubectl apply --dry-run=server -f FILE' },
};

/** The version that a policy needs, where it needs one. */
function versionNote(kind: ConfigKind, policy: PolicyName): readonly string[] {
  const { title, policies } = CONFIGS[kind];
  const support = policies[policy];
  if (support.kind !== 'since') return [];
  return comment(`Needs ${title} ${support.version} or later: ${support.feature}.`);
}

function heading(
  kind: ConfigKind,
  { policy, era, upstreams }: RenderSettings,
  wanted: PolicyName,
  count: number,
): readonly string[] {
  const { file, check } = TARGETS[kind];
  const what = era === 'sessions' ? 'sessions (MCP 2025-11-25)' : 'no sessions (MCP 2026-07-28)';
  const instead =
    policy === wanted
      ? []
      : comment(
          `The profile asks for ${wanted}. This era has no sessions, so ${wanted} behaves like ${policy}, which is configured here.`,
        );
  const replace =
    typeof upstreams === 'number' && kind !== 'kubernetes'
      ? comment('Replace the placeholder addresses 192.0.2.x with those of your instances.')
      : [];
  return [
    ...comment(
      `${file} for ${count} MCP server instance${count === 1 ? '' : 's'} with ${what}, policy ${policy}.`,
    ),
    `# Printed by "paceline balancer render ${kind}". Check it with:`,
    `#     ${check}`,
    ...versionNote(kind, policy),
    ...replace,
    ...instead,
  ];
}

const NGINX = {
  main: ['worker_processes auto;'],
  http: [
    ...comment(
      'Logs which instance served which call, and how long it took. Contains no session ids or credentials.',
    ),
    'log_format mcp \'$remote_addr "$request" $status $http_mcp_method $http_mcp_name \'',
    "               '-> $upstream_addr in $upstream_response_time s';",
    'access_log /var/log/nginx/mcp.log mcp;',
    '',
  ],
  listen: [
    'listen 8080 backlog=4096;',
    ...comment('Clients send credentials: serve TLS here, or terminate it in front. Fill in and uncomment:'),
    '# listen 443 ssl;',
    '# ssl_certificate     /etc/ssl/certs/mcp.pem;',
    '# ssl_certificate_key /etc/ssl/private/mcp.key;',
  ],
  secure: [
    ...comment('nginx 1.25.1 and later: listen 443 ssl backlog=4096; and http2 on;', 92),
    'listen 443 ssl http2 backlog=4096;',
    ...comment('Replace these with your certificate and its key.'),
    'ssl_certificate     /etc/ssl/certs/mcp.pem;',
    'ssl_certificate_key /etc/ssl/private/mcp.key;',
    'ssl_protocols TLSv1.2 TLSv1.3;',
    'ssl_session_cache shared:clients:10m;',
  ],
} as const;

const HAPROXY = {
  global: [
    'log stdout format raw local0',
    ...comment('maxconn is derived from the limit of open files (ulimit -n) unless it is set here.'),
  ],
  logging: [
    'log global',
    ...comment('Logs which instance served which call, and how long it took.'),
    'option httplog',
    ...comment('Connections without a request, such as health checks, are not logged.'),
    'option dontlognull',
  ],
  bind: [
    'bind :8080',
    ...comment('Clients send credentials: serve TLS here, or terminate it in front. Fill in and uncomment:'),
    '# bind :443 ssl crt /etc/haproxy/mcp.pem alpn h2,http/1.1',
  ],
} as const;

const SECURE_BIND: readonly string[] = [
  ...comment('Replace this with a file of your certificate and its key.'),
  'bind :443 ssl crt /etc/haproxy/mcp.pem alpn h2,http/1.1',
];
