/** @module Entry of the balancer's process. */
import { serveParent } from '../../process/serve.ts';
import type { BalancerStats } from '../stats.ts';
import type { UpstreamAddress } from '../topology.ts';
import { type ProxyOptions, type ReverseProxy, startProxy } from './proxy.ts';

/** What the process reports when it listens. */
export interface ProxyReady {
  readonly port: number;
}

/** What the process may be asked; it answers each with its counts. */
export type ProxyQuestion =
  | { readonly kind: 'stats' }
  | { readonly kind: 'add'; readonly upstream: UpstreamAddress }
  | { readonly kind: 'drain'; readonly id: string };

serveParent<ProxyOptions, ProxyReady>(async (options) => {
  const proxy = await startProxy(options);
  return {
    ready: { port: proxy.port },
    stop: () => proxy.close(),
    ask: async (message) => answer(proxy, message as ProxyQuestion),
  };
});

function answer(proxy: ReverseProxy, question: ProxyQuestion): BalancerStats {
  if (question.kind === 'add') proxy.add(question.upstream);
  if (question.kind === 'drain') proxy.drain(question.id);
  return proxy.stats();
}
