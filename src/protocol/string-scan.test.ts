import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterStringContent, UNSURE } from './string-scan.ts';

/** The same by a parser: the first quote that ends a valid string. */
function afterContent(bytes: Buffer): number {
  const text = bytes.toString('latin1');
  for (let end = text.indexOf('"'); end !== -1; end = text.indexOf('"', end + 1)) {
    try {
      JSON.parse(`"${text.slice(0, end)}"`);
      return end + 1;
    } catch {}
  }
  return UNSURE;
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

const part = fc.oneof(
  { weight: 4, arbitrary: fc.nat(30).map((length) => 'plain text, é 😀 and more of it'.slice(0, length)) },
  fc.constantFrom('\\n', '\\"', '\\\\', '\\/', '\\u00e9', '\\uD83d', '"', '!', '#', '[', ']', ' ', '\u007f'),
  { weight: 1, arbitrary: fc.constantFrom('\n', '\u0000', '\u001f', '\\x', '\\u12', '\\u12g4', '\\') },
);
const content = fc.array(part, { maxLength: 8 }).map((parts) => Buffer.from(parts.join('')));

describe('the end of a string', () => {
  it('is where a parser finds it, for any content at any place in memory', () => {
    fc.assert(
      fc.property(content, fc.nat(9), fc.boolean(), (text, offset, closed) => {
        const whole = Buffer.concat([Buffer.alloc(offset), text, Buffer.from(closed ? '"}]}' : '')]);
        const expected = afterContent(whole.subarray(offset));
        const found = afterStringContent(viewOf(whole), offset, whole.length);
        expect(found).toBe(expected === UNSURE ? UNSURE : expected + offset);
      }),
      { numRuns: 5000 },
    );
  });

  it.each(Array.from({ length: 256 }, (_, byte) => byte))(
    'is found or refused at byte %i, wherever it is',
    (byte) => {
      for (let at = 0; at < 20; at += 1) {
        const whole = Buffer.alloc(40, 'x');
        whole[at] = byte;
        whole[30] = 0x22;
        const expected = byte === 0x22 ? at + 1 : byte < 0x20 || byte === 0x5c ? UNSURE : 31;
        expect(afterStringContent(viewOf(whole), 0, whole.length)).toBe(expected);
      }
    },
  );

  it('is not looked for beyond the given end', () => {
    const whole = Buffer.from('abcdefgh\\u00e9"');
    for (let end = 0; end < whole.length; end += 1) {
      expect(afterStringContent(viewOf(whole), 0, end)).toBe(UNSURE);
    }
    expect(afterStringContent(viewOf(whole), 0, whole.length)).toBe(whole.length);
  });
});
