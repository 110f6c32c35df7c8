/** @module Rule: affinity by the address of the client. */
import { type EnvoyConfig, hashPolicies } from '../envoy/config.ts';
import { distinct, effective, type HaproxyConfig } from '../haproxy/config.ts';
import { annotation, type KubernetesConfig } from '../kubernetes/config.ts';
import type { NginxConfig } from '../nginx/config.ts';
import type { Hit, Rule } from '../rule.ts';
import { entries, get, text } from '../tree/tree.ts';

export const sourceIpAffinity: Rule = {
  id: 'source-ip-affinity',
  severity: 'warning',
  why:
    'all callers behind one NAT, gateway or hosted agent platform share an address and pin to one instance, while a caller whose address ' +
    'changes loses its session',
  checks: { nginx, haproxy, envoy, kubernetes },
};

const FIX =
  'balance without affinity for servers of 2026-07-28; for sessions, learn the owner from Mcp-Session-Id, or hash the caller’s identity';

const ADDRESS_VARIABLE =
  /^(binary_remote_addr|remote_addr|realip_remote_addr|proxy_add_x_forwarded_for|http_x_forwarded_for|http_x_real_ip)$/;

function nginx({ upstreams, variables }: NginxConfig): readonly Hit[] {
  return upstreams.flatMap(({ block }) =>
    block
      .filter(
        ({ name, args }) =>
          name === 'ip_hash' ||
          (name === 'hash' &&
            variables.derivesFrom(args[0] ?? '', (variable) => ADDRESS_VARIABLE.test(variable))),
      )
      .map(({ at, name, args }) => ({
        at,
        what: `"${[name, ...args].join(' ')}" pins addresses to instances`,
        fix: FIX,
      })),
  );
}

function haproxy({ backends }: HaproxyConfig): readonly Hit[] {
  const lines = backends.flatMap((proxy) => [
    ...effective(proxy, 'balance')
      .slice(-1)
      .filter(({ words }) => words[1] === 'source' || isAddress(words[2] ?? '')),
    ...proxy.lines.filter(({ words }) => words[0] === 'stick' && isAddress(words[2] ?? '')),
  ]);
  return distinct(lines).map(({ at, words }) => ({
    at,
    what: `"${words.join(' ')}" pins addresses to instances`,
    fix: FIX,
  }));
}

const isAddress = (expression: string): boolean =>
  /^src([,(]|$)/.test(expression) || /hdr(_ip)?\(\s*x-(forwarded-for|real-ip)/i.test(expression);

function envoy(config: EnvoyConfig): readonly Hit[] {
  const policies = hashPolicies(config);
  return policies
    .flatMap((policy) => get(policy, 'connection_properties', 'source_ip') ?? [])
    .filter((value) => text(value) === 'true')
    .map(({ at }) => ({ at, what: 'the hash policy takes the client’s address', fix: FIX }));
}

function kubernetes({ services, policies, ingresses }: KubernetesConfig): readonly Hit[] {
  const affinities = services
    .flatMap(({ kind, tree }) => (kind === 'Service' ? (get(tree, 'spec', 'sessionAffinity') ?? []) : []))
    .filter((value) => text(value) === 'ClientIP')
    .map(({ at }) => ({ at, what: 'sessionAffinity is ClientIP', fix: FIX }));
  const hashes = [...services, ...policies]
    .flatMap(({ tree }) => entries(get(tree, 'spec'), 'consistentHash'))
    .flatMap(({ value }) => [get(value, 'useSourceIp'), get(value, 'type')])
    .filter((value) => value !== undefined && (text(value) === 'true' || text(value) === 'SourceIP'))
    .map((value) => ({ at: value!.at, what: 'consistentHash takes the client’s address', fix: FIX }));
  const annotated = ingresses.flatMap((ingress) => {
    const by = annotation(ingress, 'upstream-hash-by');
    return by && /\$\{?(binary_)?remote_addr|x_forwarded_for/.test(by.value)
      ? [{ at: by.at, what: `upstream-hash-by is ${by.value}`, fix: FIX }]
      : [];
  });
  return [...affinities, ...hashes, ...annotated];
}
