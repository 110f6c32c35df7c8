/** @module Engine `embedded`: our own reverse proxy, in a process of its own. */
import { startChild } from '../process/child.ts';
import { compiledModule } from '../units/compiled.ts';
import { UserFault } from '../units/fault.ts';
import type { Micros } from '../units/time.ts';
import type { Balancer, BalancerOptions } from './engine.ts';
import type { ProxyReady } from './proxy/main.ts';
import type { ProxyOptions } from './proxy/proxy.ts';
import type { UpstreamAddress } from './proxy/upstream.ts';
import type { BalancerStats } from './stats.ts';

const READY_WITHIN: Micros = 10_000_000;

/** Starts the proxy's process and resolves when it listens. */
export async function startEmbedded(options: BalancerOptions, signal?: AbortSignal): Promise<Balancer> {
  const { settings, seed } = options;
  const { upstreams, path } = locate(options.upstreams);
  const input: ProxyOptions = { policy: settings.policy, upstreams, seed };
  const module = compiledModule(import.meta.url, './proxy/main');
  const child = await startChild<ProxyReady>(
    { name: 'balancer', module, input, readyWithinUs: READY_WITHIN },
    signal,
  );
  return {
    url: `http://127.0.0.1:${child.ready.port}${path}`,
    pid: child.pid,
    stats: async () => (await child.ask('stats')) as BalancerStats,
    onExit: (listener) => void child.exited.then(listener),
    stop: () => child.stop(),
  };
}

/** Where the upstreams are, and the path they share. */
function locate(upstreams: BalancerOptions['upstreams']): {
  readonly upstreams: readonly UpstreamAddress[];
  readonly path: string;
} {
  const urls = upstreams.map((upstream) => new URL(upstream.url));
  const wrong = urls.find((url) => url.protocol !== 'http:');
  if (wrong !== undefined) {
    throw new UserFault({
      where: 'balancer',
      what: `"${wrong.href}" is not plain HTTP`,
      expected: 'http:// upstreams',
    });
  }
  const path = urls[0] === undefined ? '/' : urls[0].pathname + urls[0].search;
  const other = urls.find((url) => url.pathname + url.search !== path);
  if (other !== undefined) {
    const what = `"${other.href}" has another path than "${urls[0]!.href}"`;
    throw new UserFault({
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
