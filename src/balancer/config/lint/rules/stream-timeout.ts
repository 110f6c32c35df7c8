/** @module Rule: timeouts that cut off event streams and slow tool calls. */

import type { Millis } from '../../../../units/time.ts';
import { readDuration } from '../duration.ts';
import type { EnvoyConfig } from '../envoy/config.ts';
import type { Spot } from '../finding.ts';
import { distinct, effective as effectiveLines, type HaproxyConfig } from '../haproxy/config.ts';
import { annotation, isNginxIngress, type KubernetesConfig } from '../kubernetes/config.ts';
import { effective, hasUnknownParts, type NginxConfig } from '../nginx/config.ts';
import type { Hit, Rule } from '../rule.ts';
import { entryOf, get, type Tree, text } from '../tree/tree.ts';

/** MCP clients wait this long for a call by default. With a timeout of at most this, the balancer gives up before its clients do. */
const CALL_MS = 60_000;
/** A stream may be idle for this long: the protocol requires no keep-alive, although the official TypeScript servers send one every 15 s. */
const IDLE_MS = 600_000;
/** A stream may last for this long. */
const STREAM_MS = 3_600_000;

export const streamTimeout: Rule = {
  id: 'stream-timeout',
  severity: 'error',
  why:
    'event streams stay open for as long as the client listens, and a tool call may run for minutes; the balancer cuts off both when this ' +
    'timeout expires, and later events and results are lost',
  checks: { nginx, haproxy, envoy, kubernetes },
};

const DEFAULT_WHY = (limit: string): string =>
  `${limit} cuts off an idle stream, and a tool call that answers without events; keep-alive comments from the server prevent that for ` +
  'streams, but the protocol does not require them';

/** How a language notates timeouts. */
interface Notation {
  /** Milliseconds of a number without a unit; a unit is required when absent. */
  readonly bare?: Millis;
  /** True when zero disables a timeout. In nginx it is a timeout of zero. */
  readonly zeroIsNone: boolean;
}

const NGINX: Notation = { bare: 1000, zeroIsNone: false };
const HAPROXY: Notation = { bare: 1, zeroIsNone: true };
const PROTO: Notation = { zeroIsNone: true };

/** A timeout between two events. */
function idle(at: Spot, name: string, value: string, notation: Notation, fix: string): readonly Hit[] {
  const ms = readDuration(value, notation.bare);
  if (ms === undefined || ms >= IDLE_MS || (ms === 0 && notation.zeroIsNone)) return [];
  const severity = ms <= CALL_MS ? 'error' : 'warning';
  return [{ at, severity, what: `${name} is ${value}: an idle stream is cut off after that time`, fix }];
}

/** A timeout of a whole answer; zero disables it. */
function total(at: Spot, name: string, value: string, fix: string): readonly Hit[] {
  const ms = readDuration(value);
  if (ms === undefined || ms >= STREAM_MS || ms === 0) return [];
  const severity = ms < IDLE_MS ? 'error' : 'warning';
  return [{ at, severity, what: `${name} is ${value}: longer streams and calls are cut off`, fix }];
}

function nginx({ routes }: NginxConfig): readonly Hit[] {
  return routes.flatMap((route) => {
    const fix = 'proxy_read_timeout 1h;';
    const set = effective(route, 'proxy_read_timeout').at(-1);
    if (set) return idle(set.at, 'proxy_read_timeout', set.args[0] ?? '', NGINX, fix);
    if (hasUnknownParts(route)) return [];
    const what = 'proxy_read_timeout is not set, and is 60s by default';
    return [{ at: route.pass.at, severity: 'warning', what, why: DEFAULT_WHY('a timeout of a minute'), fix }];
  });
}

/** `timeout client` does not run while an HTTP client waits for its answer (observed with 2.6), and `timeout tunnel` does not apply to HTTP answers. */
function haproxy({ backends, frontends }: HaproxyConfig): readonly Hit[] {
  const lines = [
    ...backends.flatMap((proxy) => {
      const tunnel = proxy.mode === 'tcp' ? effectiveLines(proxy, 'timeout', 'tunnel') : [];
      return (tunnel.length > 0 ? tunnel : effectiveLines(proxy, 'timeout', 'server')).slice(-1);
    }),
    ...frontends
      .filter(({ mode }) => mode === 'tcp')
      .filter((proxy) => effectiveLines(proxy, 'timeout', 'tunnel').length === 0)
      .flatMap((proxy) => effectiveLines(proxy, 'timeout', 'client').slice(-1)),
  ];
  return distinct(lines).flatMap(({ at, words }) =>
    idle(at, `timeout ${words[1]}`, words[2] ?? '', HAPROXY, `timeout ${words[1]} 1h`),
  );
}

function envoy({ routes, managers, fragment }: EnvoyConfig): readonly Hit[] {
  const ofRoutes = routes.flatMap(({ tree, action }) => {
    const key = entryOf(tree, 'route')!.keyAt;
    const limit = text(action, 'timeout');
    const rest = text(action, 'idle_timeout');
    const longest = get(action, 'max_stream_duration', 'max_stream_duration');
    return [
      ...(limit === undefined ? (fragment ? [] : [ROUTE_DEFAULT(key)]) : []),
      ...(limit === undefined
        ? []
        : total(get(action, 'timeout')!.at, 'the route’s timeout', limit, 'timeout: 0s')),
      ...(rest === undefined
        ? []
        : idle(
            get(action, 'idle_timeout')!.at,
            'the route’s idle_timeout',
            rest,
            PROTO,
            'idle_timeout: 3600s',
          )),
      ...(longest
        ? total(longest.at, 'max_stream_duration', text(longest) ?? '', 'max_stream_duration: 0s')
        : []),
    ];
  });
  return [...ofRoutes, ...managers.flatMap((manager) => inManager(manager, { routes, fragment }))];
}

const ROUTE_DEFAULT = (at: Spot): Hit => ({
  at,
  what: 'the route has no timeout, and Envoy’s default is 15s for the whole answer',
  fix: 'timeout: 0s on the route',
});

function inManager(
  manager: Tree,
  { routes, fragment }: Pick<EnvoyConfig, 'routes' | 'fragment'>,
): readonly Hit[] {
  const fix = 'stream_idle_timeout: 3600s (or idle_timeout on the route)';
  const longest = get(manager, 'common_http_protocol_options', 'max_stream_duration');
  const ofStreams = longest
    ? total(longest.at, 'max_stream_duration', text(longest) ?? '', 'max_stream_duration: 0s')
    : [];
  const own = routes.filter((route) => route.manager === manager);
  if (own.length > 0 && own.every(({ action }) => get(action, 'idle_timeout') !== undefined))
    return ofStreams;
  const rest = get(manager, 'stream_idle_timeout');
  if (rest) return [...ofStreams, ...idle(rest.at, 'stream_idle_timeout', text(rest) ?? '', PROTO, fix)];
  if (fragment || own.length === 0) return ofStreams;
  const what = 'stream_idle_timeout is not set, and is 5m by default';
  const at = entryOf(manager, 'route_config')?.keyAt ?? manager.at;
  return [
    ...ofStreams,
    { at, severity: 'warning', what, why: DEFAULT_WHY('a timeout of five minutes'), fix },
  ];
}

function kubernetes({ routes, policies, ingresses }: KubernetesConfig): readonly Hit[] {
  const ofRoutes = routes.flatMap(({ tree }) =>
    [['timeout'], ['timeouts', 'request'], ['timeouts', 'backendRequest']].flatMap((path) => {
      const limit = get(tree, ...path);
      return limit?.kind === 'scalar'
        ? total(limit.at, path.join('.'), text(limit) ?? '', `${path.at(-1)}: 0s`)
        : [];
    }),
  );
  const ofPolicies = policies.flatMap(({ tree }) => {
    const http = get(tree, 'spec', 'timeout', 'http');
    const request = get(http, 'requestTimeout');
    const longest = get(http, 'maxStreamDuration');
    const rest = get(http, 'streamIdleTimeout');
    return [
      ...(request ? total(request.at, 'requestTimeout', text(request) ?? '', 'requestTimeout: 0s') : []),
      ...(longest
        ? total(longest.at, 'maxStreamDuration', text(longest) ?? '', 'maxStreamDuration: 0s')
        : []),
      ...(rest ? idle(rest.at, 'streamIdleTimeout', text(rest) ?? '', PROTO, 'streamIdleTimeout: 1h') : []),
    ];
  });
  const ofIngresses = ingresses.filter(isNginxIngress).flatMap((ingress): readonly Hit[] => {
    const fix = 'nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"';
    const set = annotation(ingress, 'proxy-read-timeout');
    if (set) return idle(set.at, 'proxy-read-timeout', set.value, NGINX, fix);
    const what = 'proxy-read-timeout is not set, and is 60s by default';
    const at = entryOf(ingress.tree, 'metadata')?.keyAt ?? ingress.tree.at;
    return [{ at, severity: 'warning', what, why: DEFAULT_WHY('a timeout of a minute'), fix }];
  });
  return [...ofRoutes, ...ofPolicies, ...ofIngresses];
}
