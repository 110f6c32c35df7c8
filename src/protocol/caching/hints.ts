/** @module What a result says about keeping it. Source: MCP 2026-07-28, Caching (`CacheableResult`). */
import type { Millis } from '../../units/time.ts';
import { membersAt, parsed, type Span } from '../json-members.ts';

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

/**
 * What a cache needs of the JSON text of an answer, which is known to be valid JSON; undefined when it has no result. It reads the
 * members that it needs and skips the others, because lists of tools are long.
 */
export function readCacheable(body: string): CacheableResult | undefined {
  const result = membersAt(body, 0, RESULT)?.result;
  const members = result && membersAt(body, result.from, MEMBERS);
  if (members === undefined) return undefined;
  const scalarAt = (span: Span | undefined): unknown =>
    span && (isScalar(body, span) ? parsed(body.slice(span.from, span.to)) : NOT_SCALAR);
  const resultType = scalarAt(members.resultType);
  const cursor = scalarAt(members.nextCursor);
  const version =
    members._meta && scalarAt(membersAt(body, members._meta.from, META)?.[CATALOGUE_VERSION_KEY]);
  return {
    isComplete: resultType === undefined || resultType === 'complete',
    hints: hintsOf(scalarAt(members.ttlMs), scalarAt(members.cacheScope)),
    nextCursor: typeof cursor === 'string' ? cursor : undefined,
    version: Number.isSafeInteger(version) && Number(version) >= 0 ? Number(version) : undefined,
  };
}

const RESULT = ['result'] as const;
const MEMBERS = ['resultType', 'ttlMs', 'cacheScope', 'nextCursor', '_meta'] as const;
const META = [CATALOGUE_VERSION_KEY] as const;
/** Stands for an object or an array. */
const NOT_SCALAR = Symbol('not scalar');

function isScalar(body: string, { from }: Span): boolean {
  return body[from] !== '{' && body[from] !== '[';
}

/** The hints in the values of `ttlMs` and `cacheScope`; undefined: absent. */
export function hintsOf(ttlMs: unknown, cacheScope: unknown): CacheHints {
  const scopeForm =
    cacheScope === undefined
      ? 'absent'
      : cacheScope === 'public' || cacheScope === 'private'
        ? cacheScope
        : 'malformed';
  const scope = scopeForm === 'public' ? 'public' : 'private';
  if (typeof ttlMs !== 'number' || Number.isNaN(ttlMs)) {
    return { ttlMs: 0, scope, ttl: ttlMs === undefined ? 'absent' : 'malformed', scopeForm };
  }
  const ttl = ttlFormOf(ttlMs);
  return { ttlMs: Math.floor(Math.min(Math.max(0, ttlMs), LONGEST_TTL)), scope, ttl, scopeForm };
}

function ttlFormOf(ttlMs: number): TtlForm {
  if (ttlMs < 0) return 'negative';
  if (ttlMs === 0) return 'zero';
  if (ttlMs > LONGEST_TTL) return 'clamped';
  return Number.isInteger(ttlMs) ? 'ok' : 'fractional';
}
