/** @module What a result says about keeping it. Source: MCP 2026-07-28, Caching (`CacheableResult`). */
import type { Millis } from '../../units/time.ts';

export type CacheScope = 'public' | 'private';

/** A `ttlMs` as it came: `ok` is a whole number above 0, within {@link LONGEST_TTL}. */
export type TtlForm = 'ok' | 'zero' | 'absent' | 'negative' | 'fractional' | 'malformed' | 'clamped';
export type ScopeForm = 'public' | 'private' | 'absent' | 'malformed';

/** Longer ones count as this one, as in the official TypeScript client. */
export const LONGEST_TTL: Millis = 86_400_000;

/** The hints of a result. */
export interface CacheHints {
  /** For how long the result is fresh: 0 unless {@link ttl} is `ok`, `clamped` or `fractional` (rounded down). */
  readonly ttlMs: Millis;
  /** `private` where the result does not say. */
  readonly scope: CacheScope;
  readonly ttl: TtlForm;
  readonly scopeForm: ScopeForm;
}

/** The key of `_meta` in which the built-in servers say how often their catalogue has changed: 0, 1, 2 ... */
export const CATALOGUE_VERSION_KEY = 'paceline/catalogueVersion';

/** What a cache and whoever reads pages need of a result. */
export interface CacheableResult {
  /** `resultType` is `complete`, or absent as in older revisions: only then may it be kept. */
  readonly isComplete: boolean;
  readonly hints: CacheHints;
  /** Absent on the last page. */
  readonly nextCursor: string | undefined;
  /** {@link CATALOGUE_VERSION_KEY}; absent of servers that do not say it. */
  readonly version: number | undefined;
}
