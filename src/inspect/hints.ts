/** @module The hints of an answer, judged as they came. Source: MCP 2026-07-28, Caching. */
import { hintsOf, type ScopeForm, type TtlForm } from '../protocol/caching/hints.ts';
import type { RawHints, ResultAnswer } from './answer.ts';
import { nameOf, type Reading, type Seen } from './seen.ts';

/** What can be said of a `ttlMs`. `absurd`: longer than clients keep anything. */
type HintForm = 'ok' | 'zero' | 'absent' | 'wrong' | 'absurd';

const FORMS: Readonly<Record<TtlForm, HintForm>> = {
  ok: 'ok',
  zero: 'zero',
  absent: 'absent',
  negative: 'wrong',
  fractional: 'wrong',
  malformed: 'wrong',
  clamped: 'absurd',
};

export const ttlForm = (ttlMs: unknown): HintForm => FORMS[hintsOf(ttlMs, undefined).ttl];

export const scopeForm = (scope: unknown): ScopeForm => hintsOf(undefined, scope).scopeForm;

/** A cacheable result, and the name of its subject. */
export interface Hinted {
  readonly where: string;
  readonly reading: Reading;
  /** Its number among the pages of the reading, from 0. */
  readonly place: number;
  readonly page: ResultAnswer;
}

/** Every cacheable result that was seen; none in the sessions era, which has no hints. */
export function hintedIn({ era, readings }: Seen): readonly Hinted[] {
  if (era === 'sessions') return [];
  return readings.flatMap((reading) =>
    reading.pages.map((page, place) => ({ where: nameOf(reading.subject), reading, place, page })),
  );
}

/** The longest text of a value that is quoted. */
const MOST = 40;

/** A hint as it came, for display: `"300"`, `-5`, `absent`. */
export function shownHint(value: unknown): string {
  if (value === undefined) return 'absent';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > MOST ? `${text.slice(0, MOST)}...` : text;
}

/** Both hints, for display. */
export const shownHints = ({ ttlMs, cacheScope }: RawHints): string =>
  `ttlMs ${shownHint(ttlMs)}, cacheScope ${shownHint(cacheScope)}`;
