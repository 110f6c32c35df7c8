/** @module Reads a list of a server, page by page. */
import { type AuditRequest, type Exchange, succeeded } from './exchange.ts';

/** Pages that are read at most. */
const MOST_PAGES = 20;

/**
 * The exchanges of `method`, one a page, in their order. The last one has no result when its page could not be read. Stops at the first page that
 * is not `wanted`.
 */
export async function readPages(
  ask: (request: AuditRequest) => Promise<Exchange>,
  method: string,
  wanted: (page: Exchange) => boolean = succeeded,
): Promise<readonly Exchange[]> {
  const pages: Exchange[] = [];
  let cursor: unknown;
  do {
    const page = await ask({ method, params: cursor === undefined ? {} : { cursor } });
    pages.push(page);
    cursor = wanted(page) ? page.answer.result?.['nextCursor'] : undefined;
  } while (typeof cursor === 'string' && pages.length < MOST_PAGES);
  return pages;
}
