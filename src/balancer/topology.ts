/** @module The upstreams of a balancer: their addresses, and the policy that chooses among them. */
import { lookup } from 'node:dns/promises';
import type { PolicyName } from '../profile/settings.ts';
import { UserError } from '../units/user-error.ts';
import type { BalancerOptions } from './engine/engine.ts';

/** The default response header that names an instance. */
export const INSTANCE_HEADER = 'x-served-by';

export interface UpstreamAddress {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** True when it gets no new work. */
  readonly drained?: boolean;
}

/** The input of a configuration file. */
export interface Topology {
  readonly policy: PolicyName;
  /** At least one. */
  readonly upstreams: readonly UpstreamAddress[];
  /** The response header that names the instance; {@link INSTANCE_HEADER} when absent. */
  readonly instanceHeader?: string;
}

/** `x-served-by` as configurations spell it: `X-Served-By`. */
export function spellHeader(name: string): string {
  return name.replaceAll(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/** Upstreams, and the path that they share. */
export interface Located {
  readonly upstreams: readonly UpstreamAddress[];
  readonly path: string;
}

/** The addresses of the upstreams and the path they share. Throws a {@link UserError} for https, and for different paths. */
export function locate(upstreams: BalancerOptions['upstreams']): Located {
  const urls = upstreams.map((upstream) => new URL(upstream.url));
  const wrong = urls.find((url) => url.protocol !== 'http:');
  if (wrong !== undefined) {
    throw new UserError({
      where: 'balancer',
      what: `"${wrong.href}" is not plain HTTP`,
      expected: 'http:// upstreams',
    });
  }
  const path = urls[0] === undefined ? '/' : urls[0].pathname + urls[0].search;
  const other = urls.find((url) => url.pathname + url.search !== path);
  if (other !== undefined) {
    const what = `"${other.href}" has a different path than "${urls[0]!.href}"`;
    throw new UserError({
      where: 'balancer',
      what,
      expected: 'the same path for all instances behind a balancer',
    });
  }
  const addresses = urls.map((url, index) => ({
    id: upstreams[index]!.id,
    // The brackets of an IPv6 literal belong to the URL, not to the address.
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 80),
  }));
  return { upstreams: addresses, path };
}

/** `host:port`, an IPv6 address in brackets. */
export function hostAndPort({ host, port }: UpstreamAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const PLAIN = /^[\w.:-]+$/;

/** Throws a {@link UserError} for an instance's name or host that would need quoting in a configuration file. */
export function checkSpelling(upstreams: readonly UpstreamAddress[]): void {
  const odd = upstreams.flatMap(({ id, host }) => [id, host]).find((text) => !PLAIN.test(text));
  if (odd === undefined) return;
  throw new UserError({
    where: 'balancer',
    what: `"${odd}" cannot be an instance's name or host in a configuration file`,
    expected: 'letters, digits, ".", "_", ":" and "-"',
  });
}

/**
 * As {@link locate}, for the configuration file of a program: checks the spelling of names and resolves host names. Rejects
 * with a {@link UserError} for a name that would need quoting, and for a host without an address.
 */
export async function locateForProgram(given: BalancerOptions['upstreams']): Promise<Located> {
  const { upstreams, path } = locate(given);
  checkSpelling(upstreams);
  return { upstreams: await resolveHosts(upstreams), path };
}

/** Resolves host names: programs treat a name with two addresses as two instances, and log addresses. */
function resolveHosts(upstreams: readonly UpstreamAddress[]): Promise<readonly UpstreamAddress[]> {
  return Promise.all(
    upstreams.map(async (upstream) => ({ ...upstream, host: await addressOf(upstream.host) })),
  );
}

async function addressOf(host: string): Promise<string> {
  try {
    // IPv4 first: servers on "localhost" always listen on it, but not always on IPv6.
    return (await lookup(host, { order: 'ipv4first' })).address;
  } catch (error) {
    const what = `the host "${host}" has no address`;
    throw new UserError({ where: 'balancer', what, expected: 'a reachable instance' }, { cause: error });
  }
}
