/** @module Which language a configuration is written in, by its content. */
import { UserFault } from '../units/fault.ts';
import type { ConfigKind } from './finding.ts';

/** The kind of `text`. Throws a {@link UserFault} when it looks like none of the four. */
export function detectKind(text: string, file: string): ConfigKind {
  const plain = text.replace(/^\s*#.*$/gm, '');
  if (/^\s*"?apiVersion"?\s*:/m.test(plain) && /^\s*(?:-\s+)?"?kind"?\s*:/m.test(plain)) return 'kubernetes';
  if (
    /^\s*(?:-\s+)?"?(static_resources|staticResources|virtual_hosts|virtualHosts|route_config|http_filters|httpFilters|dynamic_resources|lb_policy)"?\s*:/m.test(
      plain,
    ) ||
    /type\.googleapis\.com\/envoy\./.test(plain)
  ) {
    return 'envoy';
  }
  if (
    /^\s*(http|server|upstream|location|events|stream|map)\b[^;{}\n]*\{/m.test(plain) ||
    /^\s*proxy_pass\s+[^;]+;/m.test(plain)
  ) {
    return 'nginx';
  }
  if (/^(global|defaults|frontend|backend|listen|peers)\b[^{};:]*$/m.test(plain)) return 'haproxy';
  throw new UserFault({
    where: file,
    what: 'is no balancer configuration that can be recognised',
    expected:
      'nginx (http, server, upstream), HAProxy (frontend, backend), Envoy (static_resources, virtual_hosts) or Kubernetes YAML (apiVersion, kind)',
    todo: 'name it with --kind nginx|haproxy|envoy|kubernetes',
  });
}
