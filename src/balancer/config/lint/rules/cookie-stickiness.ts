/** @module Rule: stickiness by a cookie, which many MCP clients never send back. */
import { type EnvoyConfig, hashPolicies } from '../envoy/config.ts';
import { effective, type HaproxyConfig } from '../haproxy/config.ts';
import { learnsSessions, sessionVariables } from '../haproxy/stickiness.ts';
import { annotation, type KubernetesConfig } from '../kubernetes/config.ts';
import type { NginxConfig } from '../nginx/config.ts';
import type { Directive } from '../nginx/parse.ts';
import type { Hit, Rule } from '../rule.ts';
import { entries, get, type Tree, text } from '../tree/tree.ts';

export const cookieStickiness: Rule = {
  id: 'cookie-stickiness',
  severity: 'error',
  why:
    'MCP requires clients to send Mcp-Session-Id back, not cookies; many clients keep no cookies (the official TypeScript client has no ' +
    'cookie jar), and each of their requests is balanced as a new one',
  checks: { nginx, haproxy, envoy, kubernetes },
};

const FIX =
  'learn the owner from the Mcp-Session-Id of the answer, or use servers of 2026-07-28, which need no stickiness';

function nginx({ upstreams, variables }: NginxConfig): readonly Hit[] {
  const byCookie = (expression: string): boolean =>
    variables.derivesFrom(expression, (name) => /^(upstream_)?cookie_|^http_cookie$/.test(name));
  const isCookie = ({ name, args }: Directive): boolean => {
    if (name === 'hash') return byCookie(args[0] ?? '');
    if (name !== 'sticky') return false;
    // `sticky;` and `sticky name=route;` belong to the third-party module, which also uses cookies.
    return args[0] === 'learn' || args[0] === 'route' ? args.some(byCookie) : true;
  };
  return upstreams.flatMap(({ block }) =>
    block.filter(isCookie).map(({ at, name, args }) => ({
      at,
      what: `"${[name, ...args].join(' ')}" uses a cookie for stickiness`,
      fix: FIX,
    })),
  );
}

function haproxy(config: HaproxyConfig): readonly Hit[] {
  const variables = sessionVariables(config);
  return config.backends
    .filter((proxy) => !learnsSessions(proxy, variables))
    .flatMap((proxy) => [
      ...effective(proxy, 'cookie')
        .slice(-1)
        .filter(({ words }) => words.some((word) => /^(insert|prefix|rewrite)$/.test(word))),
      ...proxy.lines.filter(
        ({ words: [keyword, , expression] }) =>
          keyword === 'stick' && /^((req|res)\.)?(s?cook(ie)?)\w*\(/.test(expression ?? ''),
      ),
    ])
    .map(({ at, words }) => ({ at, what: `"${words.join(' ')}" uses a cookie for stickiness`, fix: FIX }));
}

function envoy(config: EnvoyConfig): readonly Hit[] {
  if (config.learnsSessions) return [];
  const policies = hashPolicies(config);
  const cookies = policies.flatMap((policy) => get(policy, 'cookie', 'name') ?? []);
  const states = config.filters
    .flatMap((tree) => entries(tree, 'session_state'))
    .filter(({ value }) => isCookieState(value))
    .map(({ keyAt }) => ({ at: keyAt, what: 'the stateful session is stored in a cookie', fix: FIX }));
  return [...cookies.map(({ at }) => ({ at, what: 'the hash policy uses a cookie', fix: FIX })), ...states];
}

const isCookieState = (state: Tree): boolean =>
  (text(state, 'name') ?? '').endsWith('stateful_session.cookie') ||
  /CookieBasedSessionState/.test(text(state, 'typed_config', '@type') ?? '');

function kubernetes({ services, policies, ingresses, routes, patches }: KubernetesConfig): readonly Hit[] {
  if (patches.learnsSessions) return [];
  const hashes = [...services, ...policies]
    .flatMap(({ tree }) => entries(get(tree, 'spec'), 'consistentHash'))
    .flatMap(({ value }) => [get(value, 'httpCookie'), get(value, 'cookie')])
    .filter((cookie) => cookie !== undefined)
    .map(({ at }) => ({ at, what: 'consistentHash uses a cookie', fix: FIX }));
  const affinities = ingresses.flatMap((ingress) => {
    const affinity = annotation(ingress, 'affinity');
    return affinity?.value === 'cookie'
      ? [{ at: affinity.at, what: 'affinity uses a cookie', fix: FIX }]
      : [];
  });
  const persistence = [...routes.map(({ tree }) => tree), ...policies.map(({ tree }) => get(tree, 'spec'))]
    .flatMap((tree) => get(tree, 'sessionPersistence') ?? [])
    .filter((value) => (text(value, 'type') ?? 'Cookie') === 'Cookie')
    .map((value) => ({
      at: get(value, 'type')?.at ?? value.at,
      what: `sessionPersistence uses a cookie${text(value, 'type') === undefined ? ', the default type' : ''}`,
      fix: FIX,
    }));
  return [...hashes, ...affinities, ...persistence];
}
