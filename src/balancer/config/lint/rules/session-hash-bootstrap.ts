/** @module Rule: a hash of `Mcp-Session-Id`, which the request that opens the session cannot carry. */
import { hashPolicies } from '../envoy/config.ts';
import type { Spot } from '../finding.ts';
import { effective, type HaproxyConfig } from '../haproxy/config.ts';
import { learnsSessions, sessionFetch, sessionVariables } from '../haproxy/stickiness.ts';
import { SESSION_HEADER } from '../header-names.ts';
import { annotation, type KubernetesConfig } from '../kubernetes/config.ts';
import type { NginxConfig } from '../nginx/config.ts';
import type { Hit, Rule } from '../rule.ts';
import { entries, get, list, text } from '../tree/tree.ts';

const SESSION_VARIABLE = 'http_mcp_session_id';
const isSession = (name: string | undefined): boolean => name?.toLowerCase() === SESSION_HEADER;

export const sessionHashBootstrap: Rule = {
  id: 'session-hash-bootstrap',
  severity: 'error',
  why:
    'initialize carries no Mcp-Session-Id, so it can reach any instance, and that instance creates the id; the hash of the id then selects ' +
    'another instance, which answers 404. With N instances, about one session in N works',
  checks: {
    nginx: inNginx,
    haproxy: inHaproxy,
    envoy: (config) => inEnvoy(config),
    kubernetes: inKubernetes,
  },
};

function inNginx({ everyUpstream, routes, variables }: NginxConfig): readonly Hit[] {
  const carries = (expression: string): boolean =>
    variables.derivesFrom(expression, (name) => name.toLowerCase() === SESSION_VARIABLE);
  const fix =
    'hash what every request of a caller carries, such as $http_authorization; or learn the owner: HAProxy with stick store-response and ' +
    'stick match, nginx 1.29.6 with "sticky learn create=$upstream_http_mcp_session_id lookup=$http_mcp_session_id"; servers of 2026-07-28 ' +
    'need no stickiness';
  const hashes = everyUpstream.flatMap(({ block }) =>
    block.filter(({ name, args: [key] }) => name === 'hash' && key !== undefined && carries(key)),
  );
  const splits = variables.splits.filter(
    ({ variable, source }) =>
      carries(source) &&
      routes.some(({ pass }) => variables.derivesFrom(pass.args[0] ?? '', (name) => name === variable)),
  );
  return [
    ...hashes.map(({ at, args: [key] }) => ({ at, what: `instances are chosen by a hash of ${key}`, fix })),
    ...splits.map(({ at, source }) => ({ at, what: `pools are chosen by a hash of ${source}`, fix })),
  ];
}

function inHaproxy(config: HaproxyConfig): readonly Hit[] {
  const variables = sessionVariables(config);
  return config.backends
    .filter((proxy) => !learnsSessions(proxy, variables))
    .flatMap((proxy) => effective(proxy, 'balance').slice(-1))
    .filter(({ words: [, first, second] }) =>
      [first, second].some((word) => word !== undefined && sessionFetch(word, variables) !== undefined),
    )
    .map(({ at, words }) => ({
      at,
      what: `instances are chosen by "${words.join(' ')}"`,
      fix:
        'use balance roundrobin, and learn the owner: stick-table type string len 128 size 1m expire 30m, ' +
        'stick store-response res.hdr(Mcp-Session-Id), stick match req.hdr(Mcp-Session-Id)',
    }));
}

function inEnvoy(config: Parameters<typeof hashPolicies>[0]): readonly Hit[] {
  if (config.learnsSessions) return [];
  const policies = hashPolicies(config);
  return policies.flatMap((policy) => {
    const name = get(policy, 'header', 'header_name');
    return name && isSession(text(name))
      ? hit(name.at, 'the hash policy uses the header Mcp-Session-Id', ENVELOPE)
      : [];
  });
}

const ENVELOPE =
  'add the HTTP filter envoy.filters.http.stateful_session with session_state envoy.http.stateful_session.envelope on header mcp-session-id, ' +
  'over a cluster with any balancing policy; or hash the Authorization header';

function inKubernetes({ services, policies, ingresses, patches }: KubernetesConfig): readonly Hit[] {
  if (patches.learnsSessions) return [];
  const hashes = [...services, ...policies]
    .flatMap(({ tree }) => entries(get(tree, 'spec'), 'consistentHash'))
    .flatMap(({ value }) => [
      get(value, 'httpHeaderName'),
      get(value, 'header', 'name'),
      ...list(value, 'headers').map((header) => get(header, 'name')),
    ])
    .filter((name) => isSession(text(name)));
  const annotated = ingresses.flatMap((ingress) => {
    const by = annotation(ingress, 'upstream-hash-by');
    return by && /\$\{?http_mcp_session_id/i.test(by.value) ? [by] : [];
  });
  return [
    ...hashes.flatMap((name) =>
      name ? hit(name.at, 'consistentHash uses the header Mcp-Session-Id', KUBERNETES_FIX) : [],
    ),
    ...annotated.flatMap(({ at, value }) =>
      hit(at, `upstream-hash-by is ${value}`, 'upstream-hash-by: "$http_authorization", or no affinity'),
    ),
  ];
}

const KUBERNETES_FIX =
  'remove the hash and let an EnvoyFilter (or EnvoyExtensionPolicy) insert envoy.filters.http.stateful_session with the envelope on ' +
  'mcp-session-id; or hash the Authorization header; servers of 2026-07-28 need neither';

const hit = (at: Spot, what: string, fix: string): readonly Hit[] => [{ at, what, fix }];
