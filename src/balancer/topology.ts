/** @module The upstreams of a balancer: their addresses, and the policy that chooses among them. */
import { lookup } from 'node:dns/promises';
import type { EngineName } from '../profile/balancer-kinds.ts';
import type { HttpVersion } from '../profile/kinds.ts';
import type { PolicyName } from '../profile/settings.ts';
import { type Problem, UserError } from '../units/user-error.ts';
import type { BalancerOptions } from './engine/engine.ts';

/** The default response header that names an instance. */
export const INSTANCE_HEADER = 'x-served-by';

export interface UpstreamAddress {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** Present when connections to it use TLS. */
  readonly tls?: { readonly name: string };
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
  /** The version of HTTP that is spoken to upstreams, which are reached without TLS; 1.1 when absent. */
  readonly http?: HttpVersion;
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

/** The addresses of the upstreams and the path they share. Throws a {@link UserError} for different paths. */
export function locate(upstreams: BalancerOptions['upstreams']): Located {
  const urls = upstreams.map((upstream) => new URL(upstream.url));
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
  return { upstreams: urls.map((url, index) => addressAt(url, upstreams[index]!.id)), path };
}

function addressAt(url: URL, id: string): UpstreamAddress {
  // The brackets of an IPv6 literal belong to the URL, not to the address.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (url.protocol !== 'https:') return { id, host, port: Number(url.port || 80) };
  return { id, host, port: Number(url.port || 443), tls: { name: host } };
}

/** The problem of the engine `name` with an upstream at `url`, when it cannot reach it: only the embedded balancer speaks TLS to instances. */
export function unreachable(name: EngineName, url: string): Problem | undefined {
  if (name === 'embedded' || new URL(url).protocol !== 'https:') return undefined;
  return {
    where: 'balancer.engine',
    what: `"${name}" is started for instances that speak plain HTTP, and "${url}" uses TLS`,
    expected: 'http:// instances, or "embedded", which connects to them with TLS',
  };
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
 * with a {@link UserError} for TLS, for a name that would need quoting, and for a host without an address.
 */
export async function locateForProgram(
  name: EngineName,
  given: BalancerOptions['upstreams'],
): Promise<Located> {
  const problem = given.map(({ url }) => unreachable(name, url)).find((each) => each !== undefined);
  if (problem !== undefined) throw new UserError(problem);
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
