/** @module Rule: affinity by the client's address. */
import { type EnvoyConfig, hashPolicyLists } from '../envoy/config.ts';
import { isFallbackStick, usesClientAddress } from '../haproxy/affinity.ts';
import { distinct, effective, type HaproxyConfig } from '../haproxy/config.ts';
import { namesCaller } from '../identity.ts';
import { annotation, type KubernetesConfig } from '../kubernetes/config.ts';
import { usesClientAddress as usesClientAddressInNginx } from '../nginx/affinity.ts';
import type { NginxConfig } from '../nginx/config.ts';
import type { Hit, Rule } from '../rule.ts';
import { entries, get, type Tree, text } from '../tree/tree.ts';

export const sourceIpAffinity: Rule = {
  id: 'source-ip-affinity',
  severity: 'warning',
  why:
    'all callers behind one NAT, gateway or hosted agent platform share an address and are pinned to one instance, and a caller whose ' +
    'address changes loses its session',
  checks: { nginx, haproxy, envoy, kubernetes },
};

const FIX =
  'balance without affinity for servers of 2026-07-28; for sessions, learn the owner from Mcp-Session-Id, or hash the caller’s identity';

function nginx({ upstreams, variables }: NginxConfig): readonly Hit[] {
  return upstreams.flatMap(({ block }) =>
    block
      .filter(
        ({ name, args }) =>
          name === 'ip_hash' || (name === 'hash' && usesClientAddressInNginx(args[0] ?? '', variables)),
      )
      .map(({ at, name, args }) => ({
        at,
        what: `"${[name, ...args].join(' ')}" pins addresses to instances`,
        fix: FIX,
      })),
  );
}

function haproxy(config: HaproxyConfig): readonly Hit[] {
  const lines = config.backends.flatMap((proxy) => [
    ...effective(proxy, 'balance')
      .slice(-1)
      .filter(({ words }) => words[1] === 'source' || usesClientAddress(words[2] ?? '', config)),
    ...proxy.lines.filter(
      (line) =>
        line.words[0] === 'stick' &&
        usesClientAddress(line.words[2] ?? '', config) &&
        !isFallbackStick(line, proxy, config),
    ),
  ]);
  return distinct(lines).map(({ at, words }) => ({
    at,
    what: `"${words.join(' ')}" pins addresses to instances`,
    fix: FIX,
  }));
}

/** Envoy combines the hash policies of a list, up to a `terminal` one that found its key. */
function envoy(config: EnvoyConfig): readonly Hit[] {
  return hashPolicyLists(config)
    .flatMap((policies) => {
      const end = policies.findIndex(isTerminalCaller);
      return end < 0 ? policies : policies.slice(0, end);
    })
    .flatMap((policy) => get(policy, 'connection_properties', 'source_ip') ?? [])
    .filter((value) => text(value) === 'true')
    .map(({ at }) => ({ at, what: 'the hash policy uses the client’s address', fix: FIX }));
}

function isTerminalCaller(policy: Tree): boolean {
  const header = text(policy, 'header', 'header_name');
  return text(policy, 'terminal') === 'true' && header !== undefined && namesCaller(header);
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
    .map((value) => ({ at: value!.at, what: 'consistentHash uses the client’s address', fix: FIX }));
  const annotated = ingresses.flatMap((ingress) => {
    const by = annotation(ingress, 'upstream-hash-by');
    return by && /\$\{?(binary_)?remote_addr|x_forwarded_for/.test(by.value)
      ? [{ at: by.at, what: `upstream-hash-by is ${by.value}`, fix: FIX }]
      : [];
  });
  return [...affinities, ...hashes, ...annotated];
}
