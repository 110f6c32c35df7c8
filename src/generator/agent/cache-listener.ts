/** @module What an agent's cache does about the notifications that it is sent: it makes entries stale. Source: MCP 2026-07-28, Caching and Subscriptions. */
import { type CacheKey, keyOf } from '../../cache/key.ts';
import type { ResponseCache } from '../../cache/response-cache.ts';
import { CACHEABLE_METHODS, type CacheableMethod, INVALIDATED_BY } from '../../protocol/caching/methods.ts';
import type { SubscriptionFilter } from '../../protocol/caching/subscriptions.ts';
import type { CacheTally } from '../../recording/measure/cache-tally.ts';
import type { Micros } from '../../units/time.ts';
import type { SubscriptionListener } from './subscription.ts';

/** Makes entries stale, if there are any. */
export type MakeStale = (make: (cache: ResponseCache<unknown>) => void, atUs: Micros) => void;

type Flag = Exclude<keyof SubscriptionFilter, 'resourceSubscriptions'>;

const FLAGS: Readonly<Record<string, Flag>> = {
  'notifications/tools/list_changed': 'toolsListChanged',
  'notifications/prompts/list_changed': 'promptsListChanged',
  'notifications/resources/list_changed': 'resourcesListChanged',
};
const UPDATED = 'notifications/resources/updated';

/** Listens to the stream of one agent. Only what the server has acknowledged counts. */
export class CacheListener implements SubscriptionListener {
  readonly #makeStale: MakeStale;
  readonly #tally: CacheTally;
  readonly #now: () => Micros;
  #honoured: SubscriptionFilter = {};

  constructor(makeStale: MakeStale, tally: CacheTally, now: () => Micros) {
    this.#makeStale = makeStale;
    this.#tally = tally;
    this.#now = now;
  }

  acknowledged(honoured: SubscriptionFilter): void {
    this.#honoured = honoured;
  }

  /** Nothing is told of what has changed since the stream was lost. */
  reopened(honoured: SubscriptionFilter): void {
    this.#honoured = honoured;
    this.#forget();
  }

  refused(): void {}

  lost(): void {
    this.#honoured = {};
    this.#forget();
  }

  notification(name: string, uri: string | undefined, atUs: Micros): void {
    if (name === UPDATED) this.#updated(uri, atUs);
    else this.#listChanged(name, atUs);
  }

  #updated(uri: string | undefined, atUs: Micros): void {
    if (uri === undefined || this.#honoured.resourceSubscriptions?.includes(uri) !== true) return;
    const key: CacheKey = keyOf('resources/read', uri);
    this.#makeStale((cache) => cache.invalidateKey(key, atUs), atUs);
    this.#tally.changes.notified('resources/read', uri, atUs);
  }

  #listChanged(name: string, atUs: Micros): void {
    const flag = FLAGS[name];
    const methods: readonly CacheableMethod[] = INVALIDATED_BY[name] ?? [];
    const [first] = methods;
    if (flag === undefined || first === undefined || this.#honoured[flag] !== true) return;
    this.#makeStale((cache) => cache.invalidate(methods, atUs), atUs);
    this.#tally.changes.notified(first, undefined, atUs);
  }

  #forget(): void {
    const atUs = this.#now();
    this.#makeStale((cache) => cache.invalidate(CACHEABLE_METHODS, atUs), atUs);
  }
}
