/** @module Rule: buffering that delays the events of a stream. */
import type { EnvoyConfig } from '../envoy/config.ts';
import { distinct, type HaproxyConfig, rulesOf } from '../haproxy/config.ts';
import { annotation, type KubernetesConfig } from '../kubernetes/config.ts';
import { effective, hasUnknownParts, type NginxConfig, type NginxRoute } from '../nginx/config.ts';
import type { Hit, Rule } from '../rule.ts';
import { entries, get, list, maps, type Tree, text } from '../tree/tree.ts';

export const eventStreamBuffering: Rule = {
  id: 'event-stream-buffering',
  severity: 'error',
  why: 'events of a text/event-stream answer wait in the balancer until a buffer is full or the stream ends, so progress and notifications arrive late or never',
  checks: { nginx: ({ routes }: NginxConfig) => routes.flatMap(inRoute), haproxy, envoy, kubernetes },
};

function inRoute(route: NginxRoute): readonly Hit[] {
  const buffering = effective(route, 'proxy_buffering').at(-1);
  if (buffering?.args[0] === 'off') return compression(route);
  const fix = 'proxy_buffering off;';
  const ignored = effective(route, 'proxy_ignore_headers').find(({ args }) =>
    args.some((name) => /^x-accel-buffering$/i.test(name)),
  );
  if (ignored) {
    const what = 'proxy_buffering is on, and the server’s X-Accel-Buffering: no is ignored';
    return [{ at: ignored.at, what, fix }];
  }
  if (buffering) return [{ at: buffering.at, what: 'proxy_buffering is on', fix }];
  if (hasUnknownParts(route)) return [];
  const what = 'proxy_buffering is not set, and is on by default';
  const why =
    'events wait in nginx until a buffer is full, unless the server answers X-Accel-Buffering: no; servers should do that, but need not';
  return [{ at: route.pass.at, severity: 'warning', what, why, fix }];
}

/** nginx flushes every event through gzip when it does not buffer, so this costs CPU and memory without breaking anything. */
function compression(route: NginxRoute): readonly Hit[] {
  const types = effective(route, 'gzip_types').find(
    ({ args }) => args.includes('text/event-stream') || args.includes('*'),
  );
  if (!types || effective(route, 'gzip').at(-1)?.args[0] !== 'on') return [];
  const why =
    'every event is compressed and flushed separately, which needs a compressor for each open stream and saves almost nothing';
  return [
    {
      at: types.at,
      severity: 'warning',
      what: 'gzip compresses event streams',
      why,
      fix: 'gzip off; where MCP is proxied',
    },
  ];
}

function haproxy({ frontends, backends }: HaproxyConfig): readonly Hit[] {
  return distinct([...frontends, ...backends].flatMap((proxy) => rulesOf(proxy, 'http-response')))
    .filter(({ words }) => words[1] === 'wait-for-body')
    .map(({ at }) => ({
      at,
      what: 'http-response wait-for-body buffers the whole answer before it is forwarded',
      fix: 'remove it where MCP is balanced',
    }));
}

function envoy({ filters }: EnvoyConfig): readonly Hit[] {
  const bodies = filters
    .flatMap((tree) => entries(tree, 'response_body_mode'))
    .filter(({ value }) => /^BUFFERED/.test(text(value) ?? ''))
    .map(({ keyAt, value }) => ({
      at: keyAt,
      what: `the external processor buffers answers (response_body_mode: ${text(value)})`,
      fix: 'response_body_mode: NONE or FULL_DUPLEX_STREAMED',
    }));
  return [
    ...bodies,
    ...filters
      .flatMap((tree) => [...maps(tree)])
      .flatMap((tree) => [...fileBuffer(tree), ...compressor(tree)]),
  ];
}

function fileBuffer(tree: Tree): readonly Hit[] {
  if (!/file_system_buffer/.test(text(tree, '@type') ?? '')) return [];
  const behaviour = get(tree, 'response', 'behavior');
  const holds = [
    'fully_buffer',
    'fully_buffer_and_always_inject_content_length',
    'inject_content_length_if_necessary',
  ];
  if (!behaviour || !holds.some((name) => get(behaviour, name) !== undefined)) return [];
  return [
    {
      at: behaviour.at,
      what: 'the file system buffer buffers whole answers',
      fix: 'behavior: { bypass: {} } for answers',
    },
  ];
}

function compressor(tree: Tree): readonly Hit[] {
  if (!/Compressor$/.test(text(tree, '@type') ?? '')) return [];
  return [
    ...list(tree, 'content_type'),
    ...list(tree, 'response_direction_config', 'common_config', 'content_type'),
  ]
    .filter((type) => text(type) === 'text/event-stream')
    .map(({ at }) => ({
      at,
      what: 'the compressor compresses event streams',
      fix: 'remove text/event-stream from content_type',
    }));
}

function kubernetes({ ingresses }: KubernetesConfig): readonly Hit[] {
  return ingresses.flatMap((ingress) => {
    const buffering = annotation(ingress, 'proxy-buffering');
    return buffering?.value === 'on'
      ? [{ at: buffering.at, what: 'proxy-buffering is on', fix: 'proxy-buffering: "off"' }]
      : [];
  });
}
