/** @module Rule: an MCP header written with underscores, which is a different header. */
import { type EnvoyConfig, hashPolicies } from '../envoy/config.ts';
import type { Spot } from '../finding.ts';
import { distinct, type HaproxyConfig } from '../haproxy/config.ts';
import { meantHeader } from '../header-names.ts';
import type { KubernetesConfig } from '../kubernetes/config.ts';
import { effective, type NginxConfig } from '../nginx/config.ts';
import type { Hit, Rule } from '../rule.ts';
import { entries, get, list, type Tree, text } from '../tree/tree.ts';

export const mcpHeaderUnderscore: Rule = {
  id: 'mcp-header-underscore',
  severity: 'error',
  why: 'only nginx variables use underscores; MCP clients and servers neither send nor read a header name with underscores',
  checks: { nginx, haproxy, envoy, kubernetes },
};

function hit(at: Spot, name: string): readonly Hit[] {
  const meant = meantHeader(name);
  return meant === undefined ? [] : [{ at, what: `${name} is not an MCP header`, fix: `write ${meant}` }];
}

const NAMING = ['proxy_set_header', 'add_header', 'proxy_hide_header', 'proxy_pass_header'];

function nginx({ routes }: NginxConfig): readonly Hit[] {
  return routes.flatMap((route) =>
    NAMING.flatMap((name) => effective(route, name)).flatMap(({ at, args }) => hit(at, args[0] ?? '')),
  );
}

function haproxy({ frontends, backends }: HaproxyConfig): readonly Hit[] {
  const lines = distinct(
    [...frontends, ...backends].flatMap(({ inherited, lines }) => [...inherited, ...lines]),
  );
  return lines.flatMap(({ at, words }) => {
    const fetched = words.flatMap((word) =>
      [...word.matchAll(/hdr(?:_\w+)?\(\s*([\w-]+)/g)].map((match) => match[1]!),
    );
    const set = /^(set|add|del|replace)-header$/.test(words[1] ?? '') ? [words[2] ?? ''] : [];
    return [...new Set([...fetched, ...set])].flatMap((name) => hit(at, name));
  });
}

function envoy(config: EnvoyConfig): readonly Hit[] {
  const policies = hashPolicies(config);
  const matched = config.routes.flatMap(({ tree }) => list(tree, 'match', 'headers'));
  const states = config.filters.flatMap((tree) => entries(tree, 'session_state'));
  return named([
    ...policies.map((policy) => get(policy, 'header', 'header_name')),
    ...matched.map((matcher) => get(matcher, 'name')),
    ...states.map(({ value }) => get(value, 'typed_config', 'header', 'name')),
  ]);
}

function kubernetes({ services, policies, routes }: KubernetesConfig): readonly Hit[] {
  const hashes = [...services, ...policies].flatMap(({ tree }) =>
    entries(get(tree, 'spec'), 'consistentHash'),
  );
  const matches = routes.flatMap(({ tree }) => [...list(tree, 'match'), ...list(tree, 'matches')]);
  const keys = matches.flatMap((match) => {
    const headers = get(match, 'headers');
    return headers?.kind === 'map' ? [...headers.entries] : [];
  });
  return [
    ...named([
      ...hashes.flatMap(({ value }) => [get(value, 'httpHeaderName'), get(value, 'header', 'name')]),
      ...matches.flatMap((match) => list(match, 'headers')).map((header) => get(header, 'name')),
    ]),
    ...keys.flatMap(([name, { keyAt }]) => hit(keyAt, name)),
  ];
}

const named = (names: readonly (Tree | undefined)[]): readonly Hit[] =>
  names.flatMap((name) => (name ? hit(name.at, text(name) ?? '') : []));
