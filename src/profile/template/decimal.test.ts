import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimal } from './decimal.ts';

it('writes whole numbers as String does', () => {
  for (const value of [0, 9, 10, 999, 1000, 1001, 999_999, 1e6, 1e8, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
    expect(decimal(value)).toBe(String(value));
  }
  fc.assert(fc.property(fc.maxSafeNat(), (value) => decimal(value) === String(value)));
});
