import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Page, pageOf } from './pages.ts';

const METHOD = 'tools/list';
const listing = (length: number, since = 0) => ({
  since,
  entries: Array.from({ length }, (_, index) => index),
});

/** All pages, one after the other. */
function walk(length: number, pageSize: number | undefined): readonly Page<number>[] {
  const pages: Page<number>[] = [];
  let cursor: string | undefined;
  do {
    const page = pageOf(METHOD, listing(length), pageSize, cursor);
    if (page === undefined) throw new Error(`no page at ${cursor}`);
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return pages;
}

describe('pages of a list', () => {
  it('have every entry once, in order, and are full but for the last', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 60 }), (length, pageSize) => {
        const pages = walk(length, pageSize);
        expect(pages.flatMap(({ entries }) => entries)).toEqual(listing(length).entries);
        for (const { entries } of pages.slice(0, -1)) expect(entries).toHaveLength(pageSize);
        expect(pages).toHaveLength(Math.max(1, Math.ceil(length / pageSize)));
      }),
    );
  });

  it('are one without a size', () => {
    expect(walk(1000, undefined)).toEqual([{ entries: listing(1000).entries }]);
  });

  it('are at no cursor but those that were given, for this list as it is now', () => {
    const { nextCursor } = walk(10, 3)[0]!;
    expect(pageOf(METHOD, listing(10), 3, nextCursor)?.entries).toEqual([3, 4, 5]);
    expect(pageOf(METHOD, listing(10, 1), 3, nextCursor)).toBeUndefined();
    expect(pageOf('prompts/list', listing(10), 3, nextCursor)).toBeUndefined();
    expect(pageOf(METHOD, listing(10), 4, nextCursor)).toBeUndefined();
    expect(pageOf(METHOD, listing(3), 3, nextCursor)).toBeUndefined();
    expect(pageOf(METHOD, listing(10), undefined, nextCursor)).toBeUndefined();
    const first = Buffer.from(`${METHOD} 0 0`).toString('base64url');
    for (const cursor of [first, '', null, 3, [nextCursor], `${nextCursor} `, `${nextCursor}=`]) {
      expect(pageOf(METHOD, listing(10), 3, cursor)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string(), (cursor) => {
        expect(pageOf(METHOD, listing(10), 3, cursor)).toBeUndefined();
      }),
    );
  });
});
