/** @module What a balancer stands in front of: addresses, and the policy that chooses among them. */
import { lookup } from 'node:dns/promises';
import type { PolicyName } from '../profile/settings.ts';
import { UserError } from '../units/user-error.ts';
import type { BalancerOptions } from './engine/engine.ts';

/** The response header that names an instance unless another is asked for. */
export const INSTANCE_HEADER = 'x-served-by';

export interface UpstreamAddress {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** Is given no work. */
  readonly drained?: boolean;
}

/** What a configuration is written for. */
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

/** Upstreams, and the path on which all of them answer. */
export interface Located {
  readonly upstreams: readonly UpstreamAddress[];
  readonly path: string;
}

/** Where the upstreams are, and the path they share. Throws a {@link UserError} when that cannot be balanced. */
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
    const what = `"${other.href}" has another path than "${urls[0]!.href}"`;
    throw new UserError({
      where: 'balancer',
      what,
      expected: 'one path for all instances behind a balancer',
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

/** Throws a {@link UserError} for an instance's name or host that a configuration file could not spell as it is. */
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
 * As {@link locate}, for the configuration of a program: every id is one that it can spell, and host names are resolved. Rejects
 * with a {@link UserError} for an id that it cannot spell, or a host that has no address.
 */
export async function locateForProgram(given: BalancerOptions['upstreams']): Promise<Located> {
  const { upstreams, path } = locate(given);
  checkSpelling(upstreams);
  return { upstreams: await resolveHosts(upstreams), path };
}

/** Addresses for host names: programs take a name that has two addresses for two instances, and log addresses. */
function resolveHosts(upstreams: readonly UpstreamAddress[]): Promise<readonly UpstreamAddress[]> {
  return Promise.all(
    upstreams.map(async (upstream) => ({ ...upstream, host: await addressOf(upstream.host) })),
  );
}

async function addressOf(host: string): Promise<string> {
  try {
    // IPv4 first: it is what servers that listen on "localhost" can be relied on to have.
    return (await lookup(host, { order: 'ipv4first' })).address;
  } catch (error) {
    const what = `the host "${host}" has no address`;
    throw new UserError(
      { where: 'balancer', what, expected: 'an instance that can be reached' },
      { cause: error },
    );
  }
}
