/** @module Entry of the balancer's process. */
import { serveParent } from '../../process/parent.ts';
import { type ProxyOptions, startProxy } from './proxy.ts';

/** What the process reports when it listens. */
export interface ProxyReady {
  readonly port: number;
}

serveParent<ProxyOptions, ProxyReady>(async (options) => {
  const proxy = await startProxy(options);
  return { ready: { port: proxy.port }, stop: () => proxy.close(), ask: async () => proxy.stats() };
});
