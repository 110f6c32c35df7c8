import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitsOf, putDecimal, putDigits, putHex32 } from './put-number.ts';

const bytes = Buffer.alloc(64);
const written = (put: () => number): string => bytes.toString('latin1', 3, put());
const EDGES = [
  0,
  9,
  10,
  999,
  1000,
  999_999,
  1e6,
  1e8,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
];
const whole = fc.oneof(fc.maxSafeNat(), fc.nat(), fc.nat(1000), fc.constantFrom(...EDGES));

describe('numbers as bytes', () => {
  it('are those of String', () => {
    fc.assert(
      fc.property(whole, fc.boolean(), (value, negative) => {
        const signed = negative && value > 0 ? -value : value;
        expect(written(() => putDecimal(signed, bytes, 3))).toBe(String(signed));
        expect(digitsOf(value)).toBe(String(value).length);
      }),
    );
  });

  it('are the last digits where there is room for no more', () => {
    fc.assert(
      fc.property(whole, fc.integer({ min: 1, max: 20 }), (value, room) => {
        bytes.fill(0x78);
        putDigits(value, bytes, 3, 3 + room);
        const padded = String(value).padStart(20, '0').slice(-room);
        expect(bytes.toString('latin1', 0, 4 + room)).toBe(`xxx${padded}x`);
      }),
    );
  });

  it('in hexadecimal are 32 bits of either sign', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        putHex32(value, bytes, 3);
        expect(bytes.toString('latin1', 3, 11)).toBe((value >>> 0).toString(16).padStart(8, '0'));
      }),
    );
  });
});
