/** @module Rule: an nginx upstream with a keep-alive pool that stays unused. */
import { effective, hasUnknownParts, type NginxConfig, type NginxRoute } from '../nginx/config.ts';
import type { Hit, Rule } from '../rule.ts';

export const upstreamKeepalive: Rule = {
  id: 'upstream-keepalive',
  severity: 'warning',
  why:
    'before 1.29.7, nginx uses HTTP/1.0 with Connection: close for its upstreams, so the pool stays empty and every call pays for a ' +
    'new connection and, with TLS, a handshake',
  checks: { nginx },
};

function nginx({ routes, upstreams }: NginxConfig): readonly Hit[] {
  const pooled = new Set(
    upstreams
      .filter(({ block }) => block.some(({ name, args }) => name === 'keepalive' && args[0] !== '0'))
      .map(({ name }) => name),
  );
  return routes
    .filter((route) => route.targets.some((name) => pooled.has(name)) && !hasUnknownParts(route))
    .flatMap((route) => {
      const missing = missingFor(route);
      const what = `the upstream has keepalive, but ${missing.map(([what]) => what).join(' and ')}`;
      return missing.length > 0
        ? [{ at: route.pass.at, what, fix: missing.map(([, fix]) => fix).join(' ') }]
        : [];
    });
}

function missingFor(route: NginxRoute): readonly (readonly [what: string, fix: string])[] {
  const version = effective(route, 'proxy_http_version').at(-1)?.args[0];
  const connection = effective(route, 'proxy_set_header').findLast(({ args }) =>
    /^connection$/i.test(args[0] ?? ''),
  );
  return [
    ...(version === undefined || version === '1.0'
      ? ([['proxy_http_version is not 1.1', 'proxy_http_version 1.1;']] as const)
      : []),
    ...(connection === undefined || /^close$/i.test(connection.args[1] ?? '')
      ? ([['the Connection header is not cleared', 'proxy_set_header Connection "";']] as const)
      : []),
  ];
}
