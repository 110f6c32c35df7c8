/** @module Detects the language of a configuration from its content. */
import { CONFIG_KINDS, type ConfigKind } from '../../../profile/balancer-kinds.ts';
import { UserError } from '../../../units/user-error.ts';

// No two adjacent parts of these patterns match the same characters, so every pattern runs in linear time.
const KUBERNETES = [/(^|[{,])[ \t"-]*apiVersion"?[ \t]*:/m, /(^|[{,])[ \t"-]*kind"?[ \t]*:/m];
const ENVOY =
  /(^|[{,])[ \t"-]*(static_?[rR]esources|dynamic_?[rR]esources|virtual_?[hH]osts|route_?[cC]onfig|http_?[fF]ilters|lb_?[pP]olicy)"?[ \t]*:|type\.googleapis\.com\/envoy\./m;
const NGINX =
  /^[ \t]*(((http|events|stream|server)[ \t]*|(upstream|location|map|split_clients)[ \t][^;{\n]*)(\n[ \t]*)?\{|proxy_pass[ \t][^;\n]*;)/m;
const HAPROXY = /^(global|defaults|frontend|backend|listen|peers)(?![\w-])[^{};:\n]*$/m;

/** The kind of `text`. Throws a {@link UserError} when it matches none of the four. */
export function detectKind(text: string, file: string): ConfigKind {
  const plain = text.replace(/^[ \t]*#.*$/gm, '');
  if (KUBERNETES.every((sign) => sign.test(plain))) return 'kubernetes';
  if (ENVOY.test(plain)) return 'envoy';
  if (NGINX.test(plain)) return 'nginx';
  if (HAPROXY.test(plain)) return 'haproxy';
  throw new UserError({
    where: file,
    what: 'unknown configuration language',
    expected:
      'nginx (http, server, upstream), HAProxy (frontend, backend), Envoy (static_resources, virtual_hosts) or Kubernetes YAML (apiVersion, kind)',
    todo: `set it with --kind ${CONFIG_KINDS.join('|')}`,
  });
}
