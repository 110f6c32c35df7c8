import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateSeal } from './request-state.ts';

const { seal, open } = stateSeal(1);

describe('a sealed state', () => {
  it('is opened by every instance with the same seed, and by no other', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(stateSeal(1).open(seal(text))).toBe(Buffer.from(text).toString());
        expect(stateSeal(2).open(seal(text))).toBeUndefined();
      }),
    );
  });

  it('is refused when any of its characters is another one, is missing or is added', () => {
    const sealed = seal('test_tool 1');
    const chars = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= ';
    for (const at of Array.from(sealed).keys()) {
      const [before, after] = [sealed.slice(0, at), sealed.slice(at + 1)];
      expect(open(before + after)).toBeUndefined();
      for (const char of chars) {
        if (char !== sealed[at]) expect(open(before + char + after)).toBeUndefined();
        expect(open(before + char + sealed.slice(at))).toBeUndefined();
      }
    }
    expect(open(`${sealed}=`)).toBeUndefined();
  });

  it.each([undefined, null, 7, '', '.', 'x', {}])('is not %j', (state) => {
    expect(open(state)).toBeUndefined();
  });
});
