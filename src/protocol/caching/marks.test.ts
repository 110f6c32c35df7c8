import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerMark, CACHE_MARKS, isGiven, readMark } from './marks.ts';

describe('marks of caches on the way', () => {
  it('says which answers no instance gave', () => {
    const given = CACHE_MARKS.filter((mark) => isGiven(`auth;dur=1, cache;desc=${mark}`));
    expect(given).toEqual(['hit', 'stale', 'wait']);
    for (const field of [undefined, '', 'auth;dur=1', 'cache;desc=other']) expect(isGiven(field)).toBe(false);
  });

  it.each<[string | undefined, AnswerMark | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['tool;dur=3', undefined],
    ['cache', undefined],
    ['cache;desc=other', undefined],
    ['cache;desc=hit', { mark: 'hit' }],
    ['cache;desc="hit"', { mark: 'hit' }],
    ['cache ; desc = "h\\it"', { mark: 'hit' }],
    ['cache;desc=hit, cache-age;dur=812.3', { mark: 'hit', ageUs: 812_300 }],
    ['cache-age;dur=5,tool;dur=1 , cache;desc=stale', { mark: 'stale', ageUs: 5000 }],
    ['cache;desc=hit,cache-age;dur=-1', { mark: 'hit' }],
    ['cache;desc=hit,cache-age;dur=x', { mark: 'hit' }],
    ['cache;desc=miss,cache-reason;desc=expired', { mark: 'miss', reason: 'expired' }],
    ['cache;desc=miss,cache-reason;desc=other', { mark: 'miss' }],
    ['cache;desc=miss,cache;desc=hit', { mark: 'miss' }],
    ['my-cache;desc=hit', undefined],
    ['tool;desc="cache;desc=hit, cache;desc=hit"', undefined],
    ['tool;desc="a, b";dur=2,cache;dur=1;desc=wait', { mark: 'wait' }],
  ])('%s', (field, expected) => {
    expect(readMark(field)).toEqual(expected);
  });

  it('are found among any other entries', () => {
    const other = fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[ -!#-[\]-~]{0,12}$/));
    fc.assert(
      fc.property(
        fc.array(other),
        fc.array(other),
        fc.constantFrom(...CACHE_MARKS),
        (before, after, mark) => {
          const entries = (list: typeof before): readonly string[] =>
            list.filter(([name]) => name !== 'cache').map(([name, text]) => `${name};desc="${text}"`);
          const field = [...entries(before), `cache;desc=${mark}`, ...entries(after)].join(', ');
          expect(readMark(field)).toEqual({ mark });
        },
      ),
    );
  });
});
