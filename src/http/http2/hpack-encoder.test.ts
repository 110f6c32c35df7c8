import { describe, expect, it } from 'vitest';
import { fieldsOf, hex } from './hpack.case.ts';
import { HpackDecoder } from './hpack-decoder.ts';
import { HpackEncoder, literalFields } from './hpack-encoder.ts';

const FIRST = [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'www.example.com'];

describe('HpackEncoder', () => {
  it('writes the first two requests of RFC 7541, appendix C.4, and then the same block again and again', () => {
    const encoder = new HpackEncoder();
    expect(encoder.head(FIRST)).toEqual(hex('8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff'));
    expect(encoder.head([...FIRST, 'cache-control', 'no-cache'])).toEqual(
      hex('8286 84be 5886 a8eb 1064 9cbf'),
    );
    const again = encoder.head(FIRST);
    expect(again).toEqual(hex('8286 84bf'));
    expect(encoder.head(FIRST)).toBe(again);
  });

  it('keeps secrets out of every table, and marks them', () => {
    const fields = ['authorization', 'Bearer x', 'dpop', 'proof', 'cookie', 'a=b'];
    const encoder = new HpackEncoder();
    const decoder = new HpackDecoder();
    for (const block of [encoder.head(fields), literalFields(fields)]) {
      expect([block[0]! & 0xf0, encoder.entries]).toEqual([0x10, 0]);
      expect(fieldsOf(decoder, block)).toEqual([
        ['authorization: Bearer x', 'dpop: proof', 'cookie: a=b'],
        undefined,
      ]);
    }
    expect(decoder.changes).toBe(0);
  });
});
