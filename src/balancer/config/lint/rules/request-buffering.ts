/** @module Rule: a balancer configured to buffer each request before it forwards it. */
import type { EnvoyConfig } from '../envoy/config.ts';
import { distinct, type HaproxyConfig, optionOf, rulesOf } from '../haproxy/config.ts';
import { annotation, type KubernetesConfig } from '../kubernetes/config.ts';
import { effective, type NginxConfig } from '../nginx/config.ts';
import type { Hit, Rule } from '../rule.ts';
import { get, maps, text } from '../tree/tree.ts';

export const requestBuffering: Rule = {
  id: 'request-buffering',
  severity: 'warning',
  why:
    'the whole body must arrive before the call is forwarded, which adds to the latency of large calls and rejects bodies that exceed the ' +
    'buffer; MCP is routed by its headers (Mcp-Method, Mcp-Name), so the balancer does not need the body',
  checks: { nginx, haproxy, envoy, kubernetes },
};

/** Only explicit settings: nginx buffers requests by default, which does not delay small ones. */
function nginx({ routes }: NginxConfig): readonly Hit[] {
  return routes
    .flatMap((route) => effective(route, 'proxy_request_buffering').slice(-1))
    .filter(({ args }) => args[0] === 'on')
    .map(({ at }) => ({ at, what: 'proxy_request_buffering is on', fix: 'proxy_request_buffering off;' }));
}

function haproxy({ frontends, backends }: HaproxyConfig): readonly Hit[] {
  const proxies = [...frontends, ...backends];
  const options = proxies.flatMap((proxy) => optionOf(proxy, 'http-buffer-request') ?? []);
  const waits = proxies
    .flatMap((proxy) => rulesOf(proxy, 'http-request'))
    .filter(({ words }) => words[1] === 'wait-for-body');
  const fix = 'remove it where MCP is balanced; route on req.hdr(Mcp-Method) instead of the body';
  return distinct([...options, ...waits]).map(({ at, words }) => ({
    at,
    what: `"${words.join(' ')}" is set`,
    fix,
  }));
}

function envoy({ filters, routes }: EnvoyConfig): readonly Hit[] {
  const disabled =
    routes.length > 0 &&
    routes.every(
      ({ tree }) => text(tree, 'typed_per_filter_config', 'envoy.filters.http.buffer', 'disabled') === 'true',
    );
  if (disabled) return [];
  return filters
    .flatMap((tree) => [...maps(tree)])
    .filter((tree) => /http\.buffer\.v\d\w*\.Buffer$/.test(text(tree, '@type') ?? ''))
    .map((tree) => ({
      at: get(tree, '@type')!.at,
      what: 'the buffer filter buffers each request',
      fix: 'remove the filter, or disable it for the route with BufferPerRoute { disabled: true }',
    }));
}

function kubernetes({ ingresses }: KubernetesConfig): readonly Hit[] {
  return ingresses.flatMap((ingress) => {
    const buffering = annotation(ingress, 'proxy-request-buffering');
    return buffering?.value === 'on'
      ? [{ at: buffering.at, what: 'proxy-request-buffering is on', fix: 'proxy-request-buffering: "off"' }]
      : [];
  });
}
