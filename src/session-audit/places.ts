/** @module The places of a target, in the orders in which they are asked. */
import { drawDistinct, randomAt } from '../units/random.ts';
import type { Place } from './exchange.ts';

/** Where things are made, and where they are then used. */
export interface Order {
  readonly home: Place;
  /** Every other instance; of a target whose instances cannot be addressed, further connections. */
  readonly others: readonly Place[];
}

/** Connections that stand for instances which cannot be addressed: enough to meet each of a few behind a balancer that takes turns, or draws. */
const CONNECTIONS = 8;

export interface Places {
  /** Whether instances are asked at addresses of their own. */
  readonly pinned: boolean;
  /** Each instance, or connections that stand for them. */
  readonly all: readonly Place[];
  /** Two orders, the second the first one reversed. */
  readonly orders: readonly Order[];
  /** Connection number `index` through the endpoint; a new number is a new connection. */
  spread(index: number): Place;
}

/** The places of the endpoint `url` with `instances`; `seed` decides which comes first. */
export function placesOf(
  url: string,
  instances: readonly { readonly name: string; readonly url: string }[],
  seed: number,
): Places {
  const spread = (index: number): Place => ({ kind: 'connection', name: `connection ${index + 1}`, url });
  const pinned = instances.length > 1;
  const all: readonly Place[] = pinned
    ? drawDistinct(
        instances.map((instance) => ({ kind: 'instance' as const, ...instance })),
        instances.length,
        randomAt(seed, 'order'),
      )
    : Array.from({ length: CONNECTIONS }, (_, index) => spread(index));
  return { pinned, all, orders: [orderOf(all), orderOf(all.toReversed())], spread };
}

const orderOf = ([home, ...others]: readonly Place[]): Order => ({ home: home!, others });
