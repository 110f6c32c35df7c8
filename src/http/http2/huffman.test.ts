import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from './hpack.case.ts';
import { decodeHuffman, huffmanLength, mostDecoded, putHuffman } from './huffman.ts';

const encode = (text: string): Buffer => {
  const bytes = Buffer.alloc(huffmanLength(text));
  expect(putHuffman(text, bytes, 0)).toBe(bytes.length);
  return bytes;
};

const decode = (bytes: Buffer): string | undefined => {
  const out = Buffer.alloc(mostDecoded(bytes.length));
  const length = decodeHuffman(bytes, 0, bytes.length, out);
  return length < 0 ? undefined : out.toString('latin1', 0, length);
};

describe('the Huffman code', () => {
  it.each([
    ['www.example.com', 'f1e3 c2e5 f23a 6ba0 ab90 f4ff'],
    ['no-cache', 'a8eb 1064 9cbf'],
    ['custom-value', '25a8 49e9 5bb8 e8b4 bf'],
    ['Mon, 21 Oct 2013 20:13:21 GMT', 'd07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff'],
    ['\n', 'ffff fff3'],
    ['', ''],
  ])('has for %j the bytes of RFC 7541', (text, code) => {
    expect(encode(text)).toEqual(hex(code));
    expect(decode(hex(code))).toBe(text);
  });

  it('has one code for each byte', () => {
    const all = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
    expect(all.map((text) => decode(encode(text)))).toEqual(all);
  });

  it('leads back to any text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        expect(decode(encode(text))).toBe(text);
      }),
    );
  });

  it('is the only one: other bytes decode to nothing, or to what they are the code of', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
        const text = decode(Buffer.from(bytes));
        if (text !== undefined) expect(encode(text)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 3000 },
    );
  });
});
