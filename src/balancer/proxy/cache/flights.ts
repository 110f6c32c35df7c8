/** @module Fetches that are under way, and the requests that wait for them (single flight). */
import type { Context } from '../../../cache/context.ts';
import type { CacheKey } from '../../../cache/key.ts';
import type { CacheScope } from '../../../protocol/caching/hints.ts';
import type { Asked } from './asked.ts';
import type { KeptAnswer } from './kept-answer.ts';

/** How a fetch ended. */
export type Landing =
  | { readonly kind: 'kept'; readonly answer: KeptAnswer; readonly scope: CacheScope }
  /** There is an answer, and it may not be kept. */
  | { readonly kind: 'not-kept' }
  /** The upstream gave none, or a server error. */
  | { readonly kind: 'failed' }
  /** Its client has gone. */
  | { readonly kind: 'dropped' };

/** A fetch, as those see it who wait for it. */
export interface Flight {
  /** Of the request that is fetched. */
  readonly context: Context;
  /** Never rejects. */
  readonly landed: Promise<Landing>;
}

/** Most keys that are remembered as {@link Flights.#unshared}. */
const MOST_UNSHARED = 1024;

/**
 * Whether a result is for all is known only when it has come. So a request waits for a fetch with another token, too, unless the latest
 * answer for its key was not for all; then it waits for a fetch with its own token only.
 */
export class Flights {
  readonly #under = new Map<string, Flight>();
  readonly #unshared = new Set<CacheKey>();

  /** The fetch that the request can wait for. */
  for(asked: Asked): Flight | undefined {
    return this.#under.get(this.#placeOf(asked));
  }

  /** Begins one, which {@link for} finds until the function that is given back is called. */
  begin(asked: Asked): (landing: Landing) => void {
    const place = this.#placeOf(asked);
    const { promise, resolve } = withResolvers<Landing>();
    const flight = { context: asked.context, landed: promise };
    this.#under.set(place, flight);
    return (landing) => {
      if (this.#under.get(place) === flight) this.#under.delete(place);
      resolve(landing);
    };
  }

  /** The latest answer for `key` was for all, or was not. */
  learn(key: CacheKey, isForAll: boolean): void {
    this.#unshared.delete(key);
    if (isForAll) return;
    this.#unshared.add(key);
    if (this.#unshared.size > MOST_UNSHARED) this.#unshared.delete(this.#unshared.values().next().value!);
  }

  /** A key begins with a method, which no context does. */
  #placeOf({ key, context }: Asked): string {
    return this.#unshared.has(key) ? `${context}\n${key}` : key;
  }
}

function withResolvers<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}
