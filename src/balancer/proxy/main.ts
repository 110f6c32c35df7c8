/** @module Entry of the balancer's process. */
import type { Guard, GuardInput, GuardQuestion } from '../../guard/guard.ts';
import { serveParent } from '../../process/serve.ts';
import type { CacheSettings } from '../../profile/settings.ts';
import type { UpstreamAddress } from '../topology.ts';
import { GatewayCache } from './cache/gateway-cache.ts';
import { gateway } from './gateway.ts';
import { type ProxyOptions, type ReverseProxy, startProxy } from './proxy.ts';

/** What the process is started with; structured-cloned. */
export interface ProxyInput extends ProxyOptions {
  /** Path of the endpoint. */
  readonly path: string;
  /** The check of a gateway; absent: the proxy checks nothing. */
  readonly guard?: GuardInput | undefined;
  /** Absent: it keeps nothing. */
  readonly cache?: CacheSettings | undefined;
}

/** What the process reports when it listens. */
export interface ProxyReady {
  readonly port: number;
}

/** What the process may be asked. It answers each with its counts, and those of its guard as {@link Guard.ask} does. */
export type ProxyQuestion =
  | { readonly kind: 'stats' }
  | { readonly kind: 'add'; readonly upstream: UpstreamAddress }
  | { readonly kind: 'drain'; readonly id: string }
  | { readonly kind: 'guard'; readonly question: GuardQuestion };

serveParent<ProxyInput, ProxyReady>(async (input) => {
  const guard = await guardOf(input);
  const { path, cache: settings, seed, pemFile } = input;
  const gate = guard && gateway(guard, path);
  const cache = settings && new GatewayCache(settings, path, seed);
  const proxy = await startProxy(input, { gate, cache });
  await guard?.ask({
    kind: 'resource',
    url: `${pemFile === undefined ? 'http' : 'https'}://127.0.0.1:${proxy.port}${path}`,
  });
  return {
    ready: { port: proxy.port },
    async stop() {
      await proxy.close();
      await guard?.stop();
    },
    ask: async (message) => answer(proxy, guard, message as ProxyQuestion),
  };
});

/** The guard of a gateway. Its code is loaded only where there is one. */
async function guardOf({ guard }: ProxyInput): Promise<Guard | undefined> {
  if (guard === undefined) return undefined;
  const { createGuard } = await import('../../guard/create-guard.ts');
  return createGuard(guard);
}

async function answer(
  proxy: ReverseProxy,
  guard: Guard | undefined,
  question: ProxyQuestion,
): Promise<unknown> {
  if (question.kind === 'guard') {
    if (guard === undefined) throw new Error('this balancer has no guard to ask');
    return guard.ask(question.question);
  }
  if (question.kind === 'add') proxy.add(question.upstream);
  if (question.kind === 'drain') proxy.drain(question.id);
  return proxy.stats();
}
