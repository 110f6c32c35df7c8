/** @module Rule: MCP headers that the balancer removes, or replaces with a value that lacks what MCP needs. */
import { narrowedAccept } from '../accept.ts';
import type { EnvoyConfig } from '../envoy/config.ts';
import type { Spot } from '../finding.ts';
import { distinct, type HaproxyConfig, rulesOf } from '../haproxy/config.ts';
import type { HaproxyLine } from '../haproxy/parse.ts';
import {
  isMcpRequestHeader,
  isMcpResponseHeader,
  requestHeaderThat,
  responseHeaderThat,
} from '../header-names.ts';
import type { KubernetesConfig } from '../kubernetes/config.ts';
import { effective, type NginxConfig, type NginxRoute } from '../nginx/config.ts';
import type { Hit, Rule } from '../rule.ts';
import { entries, get, list, type Tree, text } from '../tree/tree.ts';

export const mcpHeadersLost: Rule = {
  id: 'mcp-headers-lost',
  severity: 'error',
  why:
    'servers of 2026-07-28 reject a call whose Mcp-Method, Mcp-Name or MCP-Protocol-Version is missing or differs from the body (400, -32020); ' +
    'in 2025-11-25 a call without its Mcp-Session-Id has lost its session',
  checks: { nginx: ({ routes }: NginxConfig) => routes.flatMap(inRoute), haproxy, envoy, kubernetes },
};

type Direction = 'request' | 'response';

/** The finding for one header that is removed; empty when MCP does not need the header. */
function removedHeader(at: Spot, name: string, direction: Direction): readonly Hit[] {
  if (direction === 'request' && /^authorization$/i.test(name)) {
    const what = 'the Authorization header does not reach the servers';
    const why =
      'MCP servers check the token of every call; without it they reject the call, or accept calls from anyone';
    return [
      {
        at,
        severity: 'warning',
        what,
        why,
        fix: 'pass Authorization on, unless the servers learn the caller in another way',
      },
    ];
  }
  const needed = direction === 'request' ? isMcpRequestHeader(name) : isMcpResponseHeader(name);
  if (!needed) return [];
  const whom = direction === 'request' ? 'the servers' : 'the clients';
  return [{ at, what: `the header ${name} does not reach ${whom}`, fix: `pass ${name} on unchanged` }];
}

function inRoute(route: NginxRoute): readonly Hit[] {
  const off = effective(route, 'proxy_pass_request_headers').filter(({ args }) => args[0] === 'off');
  const set = effective(route, 'proxy_set_header');
  const kept = new Set(set.filter(({ args }) => args[1] !== '').map(({ args }) => args[0]!.toLowerCase()));
  const hidden = [...effective(route, 'proxy_hide_header'), ...effective(route, 'more_clear_headers')];
  return [
    ...off.map(({ at }) => ({
      at,
      what: 'proxy_pass_request_headers off: no header of the client reaches the servers',
      fix: 'remove it',
    })),
    ...set
      .filter(({ args: [name = '', value] }) => value === '' && !kept.has(name.toLowerCase()))
      .flatMap(({ at, args: [name = ''] }) => removedHeader(at, name, 'request')),
    ...effective(route, 'more_clear_input_headers').flatMap(({ at, args }) =>
      args.flatMap((name) => removedHeader(at, name, 'request')),
    ),
    ...set.flatMap(({ at, args: [name = '', ...value] }) => narrowedAccept(at, name, value.join(' '))),
    ...effective(route, 'more_set_input_headers')
      .filter(({ args }) => !args.includes('-t'))
      .flatMap(({ at, args }) => args.flatMap((arg) => narrowedAccept(at, ...headerAndValue(arg)))),
    ...hidden.flatMap(({ at, args }) => args.flatMap((name) => removedHeader(at, name, 'response'))),
  ];
}

function headerAndValue(text: string): [string, string] {
  const [, name = '', value = ''] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/.exec(text) ?? [];
  return [name, value];
}

function haproxy({ frontends, backends }: HaproxyConfig): readonly Hit[] {
  const proxies = [...frontends, ...backends];
  return [
    ...distinct(proxies.flatMap((proxy) => deletions(rulesOf(proxy, 'http-request')))).flatMap((line) =>
      deleted(line, 'request'),
    ),
    ...distinct(proxies.flatMap((proxy) => deletions(rulesOf(proxy, 'http-response')))).flatMap((line) =>
      deleted(line, 'response'),
    ),
    ...distinct(proxies.flatMap((proxy) => rulesOf(proxy, 'http-request')))
      .filter(({ words }) => words[1] === 'set-header' && words.length === 4)
      .flatMap(({ at, words }) => narrowedAccept(at, words[2]!, words[3]!)),
  ];
}

/** Unconditional deletions of a header that is not set again later. Conditional deletions may be correct. */
const deletions = (lines: readonly HaproxyLine[]): readonly HaproxyLine[] =>
  lines.filter(
    ({ words }, index) =>
      words[1] === 'del-header' &&
      !words.some((word) => word === 'if' || word === 'unless') &&
      !lines
        .slice(index)
        .some(
          (later) =>
            /^(set|add)-header$/.test(later.words[1] ?? '') &&
            later.words[2]?.toLowerCase() === words[2]?.toLowerCase(),
        ),
  );

function deleted({ at, words }: HaproxyLine, direction: Direction): readonly Hit[] {
  const pattern = words[2] ?? '';
  const by = words.indexOf('-m');
  const matches = matcher(by < 0 ? 'str' : (words[by + 1] ?? 'str'), pattern);
  if (direction === 'request' && matches('authorization'))
    return removedHeader(at, 'Authorization', direction);
  const name = direction === 'request' ? requestHeaderThat(matches) : responseHeaderThat(matches);
  return name === undefined ? [] : removedHeader(at, by < 0 ? pattern : name, direction);
}

function matcher(method: string, pattern: string): (name: string) => boolean {
  const text = pattern.toLowerCase();
  if (method === 'beg') return (name) => name.startsWith(text);
  if (method === 'end') return (name) => name.endsWith(text);
  if (method === 'sub') return (name) => name.includes(text);
  if (method !== 'reg')
    return (name) =>
      name === text ||
      (isMcpRequestHeader(text) && name === 'mcp-param-region' && text.startsWith('mcp-param-'));
  return patternOf(pattern);
}

/** Matches a regular expression that cannot take long: few repetitions, none of them of a group. Others match no name. */
function patternOf(pattern: string): (name: string) => boolean {
  const repeated = pattern.match(/[*+{]/g)?.length ?? 0;
  if (repeated > 3 || /\)[*+{]/.test(pattern)) return () => false;
  try {
    const expression = new RegExp(pattern, 'i');
    return (name) => expression.test(name);
  } catch {
    // JavaScript does not support this dialect.
    return () => false;
  }
}

function envoy({ routes, filters, fragment }: EnvoyConfig): readonly Hit[] {
  const holders = fragment
    ? filters
    : routes.flatMap(({ tree, action, virtualHost, table }) => [
        tree,
        virtualHost,
        table,
        ...list(action, 'weighted_clusters', 'clusters'),
      ]);
  const removed = (key: string, direction: Direction): readonly Hit[] =>
    [...new Set(holders)]
      .flatMap((holder) =>
        fragment ? entries(holder, key).flatMap(({ value }) => list(value)) : list(holder, key),
      )
      .flatMap((name) => removedHeader(name.at, text(name) ?? '', direction));
  const mutated = (key: string, direction: Direction): readonly Hit[] =>
    filters
      .flatMap((tree) => entries(tree, key))
      .flatMap(({ value }) => list(value))
      .flatMap((mutation) => get(mutation, 'remove') ?? [])
      .flatMap((name) => removedHeader(name.at, text(name) ?? '', direction));
  return [
    ...removed('request_headers_to_remove', 'request'),
    ...removed('response_headers_to_remove', 'response'),
    ...mutated('request_mutations', 'request'),
    ...mutated('response_mutations', 'response'),
    ...overwritten(holders, filters, fragment),
  ];
}

/** Findings for request headers that replace the value of the client. By default Envoy appends instead. */
function overwritten(
  holders: readonly (Tree | undefined)[],
  filters: readonly Tree[],
  fragment: boolean,
): readonly Hit[] {
  const key = 'request_headers_to_add';
  const added = [...new Set(holders)].flatMap((holder) =>
    fragment ? entries(holder, key).flatMap(({ value }) => list(value)) : list(holder, key),
  );
  const mutations = filters
    .flatMap((tree) => entries(tree, 'request_mutations'))
    .flatMap(({ value }) => list(value))
    .flatMap((mutation) => get(mutation, 'append') ?? []);
  return [...added, ...mutations]
    .filter(
      (option) =>
        /^(OVERWRITE_IF_EXISTS(_OR_ADD)?|2|3)$/.test(text(option, 'append_action') ?? '') ||
        text(option, 'append') === 'false',
    )
    .flatMap((option) => {
      const value = get(option, 'header', 'value');
      return value ? narrowedAccept(value.at, text(option, 'header', 'key') ?? '', text(value) ?? '') : [];
    });
}

function kubernetes({ routes }: KubernetesConfig): readonly Hit[] {
  return routes.flatMap(({ tree }) => [
    ...[tree, ...list(tree, 'route')].flatMap((part) => [
      ...removedHeaders(get(part, 'headers', 'request', 'remove'), 'request'),
      ...removedHeaders(get(part, 'headers', 'response', 'remove'), 'response'),
      ...pairsOf(get(part, 'headers', 'request', 'set')).flatMap(([name, value]) =>
        narrowedAccept(value.at, name, text(value) ?? ''),
      ),
    ]),
    ...[tree, ...list(tree, 'backendRefs')]
      .flatMap((part) => list(part, 'filters'))
      .flatMap((filter) => [
        ...removedHeaders(get(filter, 'requestHeaderModifier', 'remove'), 'request'),
        ...removedHeaders(get(filter, 'responseHeaderModifier', 'remove'), 'response'),
        ...list(filter, 'requestHeaderModifier', 'set').flatMap((header) =>
          narrowedAccept(
            get(header, 'value')?.at ?? header.at,
            text(header, 'name') ?? '',
            text(header, 'value') ?? '',
          ),
        ),
      ]),
  ]);
}

const pairsOf = (tree: Tree | undefined): readonly (readonly [string, Tree])[] =>
  tree?.kind === 'map' ? [...tree.entries].map(([key, { value }]) => [key, value]) : [];

const removedHeaders = (names: Tree | undefined, direction: Direction): readonly Hit[] =>
  list(names).flatMap((name) => removedHeader(name.at, text(name) ?? '', direction));
