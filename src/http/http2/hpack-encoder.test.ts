import fc from 'fast-check';
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

const text = fc.oneof(
  fc.stringMatching(/^[ -~]{0,20}$/),
  fc.constantFrom('', 'a'.repeat(300), '\u00ff'.repeat(9)),
);
const list = fc.array(fc.tuple(fc.constantFrom('a', 'b', ':path', 'accept', 'cookie', 'x-long-name'), text), {
  maxLength: 8,
});
/** A step of a connection: a head, one that was sent before, or a new table size, after a smaller one. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ head: list, varying: list }) },
  { weight: 4, arbitrary: fc.record({ again: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ size: fc.nat(6000), smallest: fc.nat(6000) }) },
);

describe('HpackEncoder and HpackDecoder', () => {
  it('agree on every block of a connection, also when the size of the table changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const encoder = new HpackEncoder();
        const decoder = new HpackDecoder();
        const heads: string[][] = [[]];
        const send = (head: string[], varying: string[]): void => {
          const block = Buffer.concat([encoder.head(head), literalFields(varying)]);
          const expected = [...head, ...varying].flatMap((name, i, all) =>
            i % 2 === 0 ? [`${name}: ${all[i + 1]}`] : [],
          );
          const [got, fault] = fieldsOf(decoder, block);
          expect([got.map((field) => field.replace(/^!/, '')), fault]).toEqual([expected, undefined]);
        };
        for (const next of steps) {
          if ('size' in next) encoder.resize(next.size, Math.min(next.size, next.smallest));
          else if ('again' in next) send(heads[next.again % heads.length]!, []);
          else {
            heads.push(next.head.flat());
            send(heads.at(-1)!, next.varying.flat());
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('begin the block after a new table size with it, and no other', () => {
    const encoder = new HpackEncoder();
    encoder.head(FIRST);
    encoder.resize(100);
    expect(encoder.head(FIRST)).toEqual(hex('20 3f45 8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff'));
    expect(encoder.head(FIRST)).toEqual(hex('8286 84be'));
    encoder.resize(100, 0);
    encoder.resize(0);
    expect(encoder.head(['a', 'b'])).toEqual(hex('20 00 01 61 01 62'));
    encoder.resize(65_536);
    expect(encoder.head(['a', 'b'])).toEqual(hex('20 3fe11f 40 01 61 01 62'));
    expect(encoder.head(['a', 'b'])).toEqual(hex('be'));
  });

  it('keep the blocks of the first heads when the table is full', () => {
    const encoder = new HpackEncoder();
    const heads = Array.from({ length: 300 }, (_, i) => ['x-kind', `kind ${i}`]);
    for (const head of heads) encoder.head(head);
    const full = encoder.entries;
    const blocks = heads.map((head) => encoder.head(head));
    expect(heads.map((head) => encoder.head(head))).toEqual(blocks);
    expect([blocks[0]!.length, encoder.entries]).toEqual([2, full]);
    expect(blocks[299]!.length).toBeGreaterThan(5);
  });
});
