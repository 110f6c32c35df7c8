/** @module Whether the replay of a run recommends a lifetime: sentences and charts must not differ in it. */
import type { Millis } from '../../units/time.ts';
import type { Cached } from './cached.ts';

type Recommendation = NonNullable<Cached['cache']['recommendation']>;

/** What a run says of the lifetime to set. */
export type Recommended =
  /** No cache saves anything, or nothing was replayed. */
  | { readonly kind: 'none' }
  /** The saving still rises at the length of the run, which cannot tell more. */
  | { readonly kind: 'beyond-run'; readonly runMs: Millis }
  | { readonly kind: 'ttl'; readonly of: Recommendation };

/** What the replay of the calls of `one` says. */
export function recommendedOf({ cache: { recommendation }, variant }: Cached): Recommended {
  if (recommendation === null || recommendation.best <= 0) return { kind: 'none' };
  const runMs = (variant.settings.effective?.load.durationUs ?? Number.POSITIVE_INFINITY) / 1000;
  return !recommendation.isBounded && recommendation.ttlMs >= runMs
    ? { kind: 'beyond-run', runMs }
    : { kind: 'ttl', of: recommendation };
}
