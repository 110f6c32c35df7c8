/** @module Rule: a balancer that retries a call although an instance may have executed it. */
import type { EnvoyConfig, EnvoyRoute } from '../envoy/config.ts';
import {
  distinct,
  effective as effectiveLines,
  type HaproxyConfig,
  type HaproxyProxy,
  rulesOf,
} from '../haproxy/config.ts';
import { annotation, type KubernetesConfig, type KubernetesRoute } from '../kubernetes/config.ts';
import { effective, type NginxConfig } from '../nginx/config.ts';
import type { Hit, Rule } from '../rule.ts';
import { entries, get, list, type Tree, text } from '../tree/tree.ts';

export const toolCallRetry: Rule = {
  id: 'tool-call-retry',
  severity: 'error',
  why:
    'every MCP call is a POST, and a tools/call need not be idempotent: when the connection breaks or the answer is an error, the tool may ' +
    'already have run; a retry then books, pays or deletes twice',
  checks: { nginx, haproxy, envoy, kubernetes },
};

/** Status codes after which the call may have been executed. After 401, 404, 425, 429 and 501 it was not. */
const UNSAFE_CODES = new Set(['408', '500', '502', '503', '504']);

/** Conditions of Envoy's `retry_on` after which the call may have been executed. The conditions for gRPC never apply to an MCP answer. */
const UNSAFE_CONDITIONS = new Set(['5xx', 'gateway-error', 'reset', 'http3-post-connect-failure']);

function nginx({ routes }: NginxConfig): readonly Hit[] {
  return routes
    .flatMap((route) => effective(route, 'proxy_next_upstream').slice(-1))
    .filter(({ args }) => args.includes('non_idempotent') && !args.includes('off'))
    .map(({ at }) => ({
      at,
      what: 'proxy_next_upstream with non_idempotent retries POST',
      fix: 'proxy_next_upstream error timeout; (never retries a POST that was sent)',
    }));
}

const UNSAFE_EVENTS = new Set([
  'all-retryable-errors',
  'empty-response',
  'junk-response',
  'response-timeout',
]);

function haproxy({ backends, frontends }: HaproxyConfig): readonly Hit[] {
  const guarded = frontends.length > 0 && frontends.every(disablesPostRetries);
  const lines = backends
    .filter(
      (proxy) =>
        !guarded && !disablesPostRetries(proxy) && effectiveLines(proxy, 'retries').at(-1)?.words[1] !== '0',
    )
    .flatMap((proxy) => effectiveLines(proxy, 'retry-on').slice(-1));
  return distinct(lines).flatMap(({ at, words }) => {
    const unsafe = words.slice(1).filter((word) => UNSAFE_EVENTS.has(word) || UNSAFE_CODES.has(word));
    const fix = 'retry-on conn-failure, or add http-request disable-l7-retry if METH_POST';
    return unsafe.length > 0 ? [{ at, what: `calls are retried on ${unsafe.join(', ')}`, fix }] : [];
  });
}

/** True with `http-request disable-l7-retry`, unconditional or at least for POST. */
const disablesPostRetries = (proxy: HaproxyProxy): boolean =>
  rulesOf(proxy, 'http-request').some(({ words: [, action, ...condition] }) => {
    const text = condition.join(' ');
    return (
      action === 'disable-l7-retry' &&
      (text === '' ||
        /^if (METH_POST|\{ *method +POST *\}|!METH_GET|!\{ *method +GET *\})$/i.test(text) ||
        /^unless (METH_GET|\{ *method +GET *\})$/i.test(text) ||
        /mcp-method/i.test(text))
    );
  });

function envoy({ routes, filters, fragment }: EnvoyConfig): readonly Hit[] {
  const policies = routes
    .filter((route) => !matchesSafeOnly(list(route.tree, 'match', 'headers')))
    .flatMap((route) => policyOf(route) ?? []);
  const patched = fragment
    ? filters.flatMap((tree) => entries(tree, 'retry_policy').map(({ value }) => value))
    : [];
  return [...new Set([...policies, ...patched])].flatMap((policy) => {
    const on = get(policy, 'retry_on');
    if (!on || text(policy, 'num_retries') === '0') return [];
    if (matchesSafeOnly(list(policy, 'retriable_request_headers'))) return [];
    const codes = list(policy, 'retriable_status_codes').map((code) => text(code) ?? '');
    const unsafe = unsafeConditions((text(on) ?? '').split(','), codes);
    const fix = 'retry_on: connect-failure,refused-stream (neither reached the instance)';
    return unsafe.length > 0 ? [{ at: on.at, what: `calls are retried on ${unsafe.join(', ')}`, fix }] : [];
  });
}

const policyOf = ({ action, virtualHost, table }: EnvoyRoute): Tree | undefined =>
  get(action, 'retry_policy') ?? get(virtualHost, 'retry_policy') ?? get(table, 'retry_policy');

/** True when header matchers allow only requests that may be retried: GET, or MCP methods other than `tools/call`. */
function matchesSafeOnly(matchers: readonly Tree[]): boolean {
  return matchers.some((matcher) => {
    const name = text(matcher, 'name')?.toLowerCase();
    const exact = text(matcher, 'string_match', 'exact') ?? text(matcher, 'exact_match');
    if (exact === undefined || text(matcher, 'invert_match') === 'true') return false;
    return (name === ':method' && exact !== 'POST') || (name === 'mcp-method' && exact !== 'tools/call');
  });
}

function unsafeConditions(conditions: readonly string[], codes: readonly string[]): readonly string[] {
  return conditions
    .map((condition) => condition.trim())
    .flatMap((condition) => {
      if (UNSAFE_CONDITIONS.has(condition) || UNSAFE_CODES.has(condition)) return [condition];
      return condition === 'retriable-status-codes' ? codes.filter((code) => UNSAFE_CODES.has(code)) : [];
    });
}

function kubernetes({ routes, policies, ingresses }: KubernetesConfig): readonly Hit[] {
  const open = routes.filter((route) => !onlySafeMethods(route));
  const ofPolicies = policies.flatMap(({ tree }) => {
    const retry = get(tree, 'spec', 'retry');
    const on = get(retry, 'retryOn');
    const codes = list(on, 'httpStatusCodes').map((code) => text(code) ?? '');
    const triggers = list(on, 'triggers').map((trigger) => text(trigger) ?? '');
    const unsafe = text(retry, 'numRetries') === '0' ? [] : unsafeConditions([...triggers, ...codes], codes);
    const fix = 'triggers: [connect-failure, refused-stream], and no httpStatusCodes';
    return on && unsafe.length > 0
      ? [{ at: on.at, what: `calls are retried on ${[...new Set(unsafe)].join(', ')}`, fix }]
      : [];
  });
  const ofIngresses = ingresses.flatMap((ingress) => {
    const next = annotation(ingress, 'proxy-next-upstream');
    return next && /\bnon_idempotent\b/.test(next.value)
      ? [
          {
            at: next.at,
            what: 'proxy-next-upstream retries POST',
            fix: 'proxy-next-upstream: "error timeout"',
          },
        ]
      : [];
  });
  return [...open.flatMap(inVirtualService), ...open.flatMap(inHttpRoute), ...ofPolicies, ...ofIngresses];
}

function inVirtualService({ tree }: KubernetesRoute): readonly Hit[] {
  const retries = get(tree, 'retries');
  const attempts = text(retries, 'attempts');
  if (!retries || attempts === undefined || attempts === '0') return [];
  const on = get(retries, 'retryOn');
  const fix = 'retries: { attempts: 0 }, or retryOn: connect-failure,refused-stream';
  if (on) {
    const unsafe = unsafeConditions((text(on) ?? '').split(','), []);
    return unsafe.length > 0 ? [{ at: on.at, what: `calls are retried on ${unsafe.join(', ')}`, fix }] : [];
  }
  const what = 'calls are retried with the default retryOn of Istio';
  const why =
    'by default, Istio before 1.24 retries calls that were answered with 503, and an instance may have executed these calls';
  return [{ at: get(retries, 'attempts')!.at, severity: 'warning', what, why, fix }];
}

function inHttpRoute({ tree }: KubernetesRoute): readonly Hit[] {
  const codes = get(tree, 'retry', 'codes');
  const unsafe = list(codes)
    .map((code) => text(code) ?? '')
    .filter((code) => UNSAFE_CODES.has(code));
  if (!codes || unsafe.length === 0 || text(tree, 'retry', 'attempts') === '0') return [];
  return [
    {
      at: codes.at,
      what: `calls are retried on ${unsafe.join(', ')}`,
      fix: 'remove retry.codes, or retry only rules that match method GET',
    },
  ];
}

/** True for a route that accepts no POST, or only MCP methods that may be retried. */
function onlySafeMethods({ tree }: KubernetesRoute): boolean {
  const matches = [...list(tree, 'match'), ...list(tree, 'matches')];
  return (
    matches.length > 0 &&
    matches.every((match) => {
      const method = text(match, 'method', 'exact') ?? text(match, 'method');
      const mcp =
        text(get(match, 'headers'), 'mcp-method', 'exact') ??
        text(
          list(match, 'headers').find((header) => /^mcp-method$/i.test(text(header, 'name') ?? '')),
          'value',
        );
      return (method !== undefined && method !== 'POST') || (mcp !== undefined && mcp !== 'tools/call');
    })
  );
}
