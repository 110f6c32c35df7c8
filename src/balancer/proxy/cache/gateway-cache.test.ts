import { describe, expect, it } from 'vitest';
import { bed, numbered, type Sent } from './messages.case.ts';

const PUBLIC = { ttlMs: 1000, cacheScope: 'public' };

describe('the cache of a gateway', () => {
  it('answers the same question from its cache until the end of ttlMs', async () => {
    const { get, clock, seen, proxy } = await bed(numbered(PUBLIC));
    const first = await get({ id: 'a' });
    expect(first).toMatchObject({ status: 200, mark: 'miss', ageMs: undefined, id: 'a', n: 1 });
    expect(first.head).toContain('x-served-by: i0');
    clock.advance(999_999);
    const second = await get({ id: 7 });
    expect(second).toMatchObject({ status: 200, mark: 'hit', ageMs: 999.999, id: 7, n: 1 });
    expect(second.head).not.toContain('x-served-by');
    clock.advance(1);
    expect(await get({ id: 8 })).toMatchObject({ mark: 'miss', id: 8, n: 2 });
    expect(seen.map(({ id }) => id)).toEqual(['a', 8]);
    expect(proxy.stats()).toMatchObject({
      ownAnswers: 0,
      upstreams: [{ requests: 2 }],
      cache: { hit: 1, miss: 2 },
    });
  });

  it.each<[string, Sent]>([
    ['another method', { method: 'prompts/list' }],
    ['a cursor', { params: { cursor: 'x' } }],
    ['an empty cursor', { params: { cursor: '' } }],
  ])('does not answer %s from it', async (_, other) => {
    const { get } = await bed(numbered(PUBLIC));
    await get();
    expect(await get(other)).toMatchObject({ mark: 'miss', n: 2 });
    expect(await get(other)).toMatchObject({ mark: 'hit', n: 2 });
    expect(await get()).toMatchObject({ mark: 'hit', n: 1 });
  });
});
