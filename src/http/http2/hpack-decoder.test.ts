import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Http2Fault } from './fault.ts';
import { fieldsOf, hex } from './hpack.case.ts';
import { HpackDecoder, LIST_LIMIT } from './hpack-decoder.ts';

const DATE_21 = 'date: Mon, 21 Oct 2013 20:13:21 GMT';
const DATE_22 = 'date: Mon, 21 Oct 2013 20:13:22 GMT';
const LOCATION = 'location: https://www.example.com';
const COOKIE = 'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1';

/** What the requests of appendices C.3 and C.4 say. */
const REQUESTS = [
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache'],
  [
    ':method: GET',
    ':scheme: https',
    ':path: /index.html',
    ':authority: www.example.com',
    'custom-key: custom-value',
  ],
];
/** What the responses of appendices C.5 and C.6 say. */
const RESPONSES = [
  [':status: 302', 'cache-control: private', DATE_21, LOCATION],
  [':status: 307', 'cache-control: private', DATE_21, LOCATION],
  [':status: 200', 'cache-control: private', DATE_22, LOCATION, 'content-encoding: gzip', COOKIE],
];

describe('the examples of RFC 7541, appendix C', () => {
  it.each([
    [
      'C.2.1, added',
      '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572',
      'custom-key: custom-header',
    ],
    ['C.2.2, not added', '040c 2f73 616d 706c 652f 7061 7468', ':path: /sample/path'],
    ['C.2.3, never added', '1008 7061 7373 776f 7264 0673 6563 7265 74', 'password: secret'],
    ['C.2.4, indexed', '82', ':method: GET'],
  ])('decodes %s', (_, block, field) => {
    expect(fieldsOf(new HpackDecoder(), hex(block))).toEqual([[field], undefined]);
  });

  it.each([
    [
      'C.3',
      4096,
      REQUESTS,
      [
        '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        '8286 84be 5808 6e6f 2d63 6163 6865',
        '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
      ],
    ],
    [
      'C.4, Huffman',
      4096,
      REQUESTS,
      [
        '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
        '8286 84be 5886 a8eb 1064 9cbf',
        '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
      ],
    ],
    [
      'C.5, with eviction',
      256,
      RESPONSES,
      [
        `4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32
         3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
        '4803 3330 37c1 c0bf',
        `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970
         7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61
         6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31`,
      ],
    ],
    [
      'C.6, Huffman, with eviction',
      256,
      RESPONSES,
      [
        `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad
         1718 63c7 8f0b 97c8 e9ae 82ae 43d3`,
        '4883 640e ffc1 c0bf',
        `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2
         e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
      ],
    ],
  ])('decodes %s', (_, tableBytes, expected, blocks) => {
    const decoder = new HpackDecoder(tableBytes);
    expect(blocks.map((block) => fieldsOf(decoder, hex(block)))).toEqual(
      expected.map((fields) => [fields, undefined]),
    );
  });
});

/** `length` bytes of a value that is not in the Huffman code, in a field without a name in any table. */
const longValue = (length: number): string => {
  const rest = length - 127;
  const digits = [];
  for (let left = rest; ; left >>>= 7) {
    digits.push(left >= 128 ? (left & 0x7f) | 0x80 : left);
    if (left < 128) break;
  }
  return `0001 61 7f${Buffer.from(digits).toString('hex')}${'62'.repeat(length)}`;
};

describe('a broken header block', () => {
  it.each<[string, string, Http2Fault]>([
    ['index 0', '80', 'hpack-index'],
    ['the index after the last entry', 'be', 'hpack-index'],
    ['a name from an entry that does not exist', '7e 01 61', 'hpack-index'],
    ['an index that is cut off', 'ff', 'hpack-integer'],
    ['an index that goes on and on', 'ff 80 80 80 80 80 80 00', 'hpack-integer'],
    ['an index over 2^24', 'ff ff ff ff ff 0f', 'hpack-integer'],
    ['a literal without a name', '40', 'hpack-string'],
    ['a literal without a value', '44', 'hpack-string'],
    ['a name that is cut off', '40 05 61', 'hpack-string'],
    ['a value that is cut off', '44 05 61', 'hpack-string'],
    ['a length that is cut off', '44 7f', 'hpack-integer'],
    ['a length over 2^24', '44 7f ff ff ff ff 7f', 'hpack-integer'],
    ['padding of zeros', '44 81 18', 'hpack-huffman'],
    ['padding of a whole byte', '44 82 1f ff', 'hpack-huffman'],
    ['nothing but padding of a byte', '44 81 ff', 'hpack-huffman'],
    ['the end of string', '44 84 ff ff ff ff', 'hpack-huffman'],
    ['a code that is cut off', '44 81 fe', 'hpack-huffman'],
    ['a table size over the limit', '3f e2 1f', 'hpack-resize'],
    ['a table size after a field', '82 3e', 'hpack-resize'],
    ['a table size that is cut off', '3f', 'hpack-integer'],
    ['a list that is too long', longValue(LIST_LIMIT - 32), 'head-size'],
  ])('has a fault: %s', (_, block, fault) => {
    expect(fieldsOf(new HpackDecoder(), hex(block))[1]).toBe(fault);
  });

  it.each([
    ['table sizes at the beginning', '20 3f e1 1f 82', [':method: GET']],
    ['an empty block', '', []],
    ['padding of seven bits', '44 84 18 c6 31 ff', [':path: aaaaa']],
    ['the longest list', longValue(LIST_LIMIT - 33), [`a: ${'b'.repeat(LIST_LIMIT - 33)}`]],
    ['an empty value in the Huffman code', '44 80', [':path: ']],
  ])('is not: %s', (_, block, fields) => {
    expect(fieldsOf(new HpackDecoder(), hex(block))).toEqual([fields, undefined]);
  });

  it.each([
    ['an upper-case name', '00 01 41 01 61', '!A: a'],
    ['an empty name', '00 00 01 61', '!: a'],
    ['a name with a space', '00 03 61 20 62 01 61', '!a b: a'],
    ['a colon inside a name', '00 03 61 3a 62 01 61', '!a:b: a'],
    ['a value with CR', '00 01 61 03 61 0d 62', '!a: a\rb'],
    ['a value with LF', '00 01 61 03 61 0a 62', '!a: a\nb'],
    ['a value with NUL', '00 01 61 01 00', '!a: \0'],
    ['a value that begins with a space', '00 01 61 02 20 61', '!a:  a'],
    ['a value that ends with a tab', '00 01 61 02 61 09', '!a: a\t'],
    ['a value with obs-text', '00 01 61 01 e4', 'a: \u00e4'],
    ['a value with a space inside', '00 01 61 03 61 20 61', 'a: a a'],
  ])('is told from a field that is not sound: %s', (_, block, field) => {
    const decoder = new HpackDecoder();
    // Twice: made, and remembered.
    for (let i = 0; i < 2; i += 1) expect(fieldsOf(decoder, hex(block))).toEqual([[field], undefined]);
  });

  it('says of an entry of the table each time that its value is not sound, but not of its name', () => {
    const decoder = new HpackDecoder();
    expect(fieldsOf(decoder, hex('40 01 61 01 00'))[0]).toEqual(['!a: \0']);
    expect(fieldsOf(decoder, hex('be'))[0]).toEqual(['!a: \0']);
    expect(fieldsOf(decoder, hex('7e 01 62'))[0]).toEqual(['a: b']);
  });

  it('counts the changes of the table', () => {
    const decoder = new HpackDecoder();
    for (const [block, changes] of [
      ['82 0401 61', 0],
      ['4401 61', 1],
      ['be', 1],
      ['20', 2],
    ] as const) {
      fieldsOf(decoder, hex(block));
      expect(decoder.changes).toBe(changes);
    }
  });

  it('never throws, and ends', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (blocks) => {
        const decoder = new HpackDecoder(200);
        for (const block of blocks) fieldsOf(decoder, Buffer.from(block));
      }),
      { numRuns: 3000 },
    );
  });
});
