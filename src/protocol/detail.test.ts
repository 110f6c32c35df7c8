import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DETAIL_LIMIT, safeDetail } from './detail.ts';

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';

describe('a detail', () => {
  it.each([
    ['a\r\nb\tc\u0000\u001b[31md', 'a b c [31md'],
    ['  spaced   out  ', 'spaced out'],
    ['right\u202eleft', 'right left'],
    ['got Authorization: Bearer abc.DEF-123456', 'got Authorization: Bearer (removed)'],
    [`bad token ${JWT}!`, 'bad token (removed)!'],
    ['{"access_token":"s3cr3t-value","x":1}', '{"access_token":"(removed)","x":1}'],
    ['client_secret=hunter22&a=b', 'client_secret=(removed)&a=b'],
    ['Unknown tool: echo', 'Unknown tool: echo'],
    ['Bearer token is missing', 'Bearer token is missing'],
  ])('%j is shown as %j', (text, shown) => {
    expect(safeDetail(text)).toBe(shown);
  });

  it('removes a secret wherever the text is cut', () => {
    for (let before = 0; before < 900; before += 1) {
      expect(safeDetail(`${'-'.repeat(before)} Bearer SECRETSECRETSECRET`)).not.toContain('SECRETSE');
    }
  });

  it('is one line, bounded and well-formed for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000, size: 'max' }), (text) => {
        const detail = safeDetail(text);
        expect(detail.length).toBeLessThanOrEqual(DETAIL_LIMIT);
        expect(detail).toMatch(/^[^\p{Cc}\u2028\u2029]*$/u);
        expect(Buffer.from(detail).toString()).toBe(detail);
      }),
    );
  });
});
