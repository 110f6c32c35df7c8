/** @module Lists in pages, and the cursors that lead from one to the next. Source: MCP, Pagination. */
import type { LIST_METHODS } from '../../protocol/caching/methods.ts';
import type { Listing } from './offer.ts';

/** A method whose results come in pages. */
export type ListMethod = (typeof LIST_METHODS)[number];

export interface Page<Entry> {
  readonly entries: readonly Entry[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/**
 * The page of `listing`, the list of `method`, at `cursor`: the first one without a cursor. `undefined` for a cursor that this list, as it is
 * now, never gave.
 */
export function pageOf<Entry>(
  method: ListMethod,
  { since, entries }: Listing<Entry>,
  pageSize: number | undefined,
  cursor: unknown,
): Page<Entry> | undefined {
  const size = pageSize ?? Infinity;
  const from = cursor === undefined ? 0 : startOf(cursor, `${method} ${since} `);
  const given = from === 0 ? cursor === undefined : from < entries.length && from % size === 0;
  if (!given) return undefined;
  const to = from + size;
  return {
    entries: entries.slice(from, to),
    ...(to < entries.length && { nextCursor: Buffer.from(`${method} ${since} ${to}`).toString('base64url') }),
  };
}

/** Where the page at `cursor` starts; NaN when it does not begin with `prefix`, or is no cursor. */
function startOf(cursor: unknown, prefix: string): number {
  if (typeof cursor !== 'string') return Number.NaN;
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, from] = /^([1-9]\d*)$/.exec(text.slice(prefix.length)) ?? [];
  return text.startsWith(prefix) && Buffer.from(text).toString('base64url') === cursor
    ? Number(from)
    : Number.NaN;
}
