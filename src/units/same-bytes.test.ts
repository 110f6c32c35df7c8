import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sameBytes, viewOf } from './same-bytes.ts';

it('are those that are equal, at any place and of any length', () => {
  const bytes = fc.uint8Array({ maxLength: 60, max: 1 });
  fc.assert(
    fc.property(bytes, bytes, fc.nat(9), fc.nat(9), fc.nat(60), (one, other, at, from, length) => {
      fc.pre(at + length <= one.length && from + length <= other.length);
      const expected = Buffer.from(one.subarray(at, at + length)).equals(other.subarray(from, from + length));
      expect(sameBytes(viewOf(one), at, viewOf(other), from, length)).toBe(expected);
    }),
  );
});

it('differ where a single byte does', () => {
  for (let length = 1; length < 40; length += 1) {
    for (let at = 0; at < length; at += 1) {
      const one = new Uint8Array(length + 3).fill(7);
      const other = new Uint8Array(length + 3).fill(7);
      expect(sameBytes(viewOf(one), 2, viewOf(other), 3, length)).toBe(true);
      other[3 + at] = 135;
      expect(sameBytes(viewOf(one), 2, viewOf(other), 3, length)).toBe(false);
    }
  }
});
