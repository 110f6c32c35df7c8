import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Http2Fault } from './fault.ts';
import { cut, frame, readFrames, SETTINGS } from './frame.case.ts';
import { FLAG, FRAME } from './frame.ts';
import { BLOCK_LIMIT, CONTINUATIONS_LIMIT } from './header-block.ts';

const { ACK, END_HEADERS, END_STREAM, PADDED, PRIORITY } = FLAG;
const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const EIGHT = '6161616161616161';
const PRIORITY_OF_1 = '00000001 10';

/** What frames say after the first SETTINGS. */
const said = (...frames: readonly Buffer[]): readonly string[] =>
  readFrames([Buffer.concat([SETTINGS, ...frames])]).slice(1);

const FRAMES: readonly [string, readonly Buffer[], string][] = [
  ['HEADERS', [frame(FRAME.HEADERS, END_HEADERS, 1, ascii('block'))], 'headers 1 block'],
  [
    'HEADERS that end the stream',
    [frame(FRAME.HEADERS, END_HEADERS | END_STREAM, 3, ascii('block'))],
    'headers 3 block end',
  ],
  ['an empty header block', [frame(FRAME.HEADERS, END_HEADERS, 1)], 'headers 1 '],
  [
    'padded HEADERS',
    [frame(FRAME.HEADERS, END_HEADERS | PADDED, 1, ascii('\x03block---'))],
    'headers 1 block',
  ],
  [
    'HEADERS with a priority',
    [frame(FRAME.HEADERS, END_HEADERS | PRIORITY, 1, `${PRIORITY_OF_1} 61`)],
    'headers 1 a',
  ],
  [
    'HEADERS with both',
    [frame(FRAME.HEADERS, END_HEADERS | PRIORITY | PADDED, 1, `02 ${PRIORITY_OF_1} 61 0000`)],
    'headers 1 a',
  ],
  [
    'HEADERS of nothing but padding',
    [frame(FRAME.HEADERS, END_HEADERS | PADDED, 1, '02 0000')],
    'headers 1 ',
  ],
  [
    'a continued header block',
    [
      frame(FRAME.HEADERS, END_STREAM | PADDED, 1, ascii('\x01one-')),
      frame(FRAME.CONTINUATION, 0, 1, ascii(' two')),
      frame(FRAME.CONTINUATION, END_HEADERS, 1, ascii(' three')),
    ],
    'headers 1 one two three end',
  ],
  ['DATA', [frame(FRAME.DATA, 0, 1, ascii('data'))], 'data 1 data 4'],
  ['DATA that ends the stream', [frame(FRAME.DATA, END_STREAM, 1, ascii('data'))], 'data 1 data 4 end'],
  ['DATA without data', [frame(FRAME.DATA, END_STREAM, 1)], 'data 1  0 end'],
  ['padded DATA', [frame(FRAME.DATA, PADDED | END_STREAM, 1, ascii('\x03data---'))], 'data 1 data 8 end'],
  ['DATA of nothing but padding', [frame(FRAME.DATA, PADDED, 1, '02 0000')], 'data 1  3'],
  ['DATA with padding of no bytes', [frame(FRAME.DATA, PADDED, 1, '00')], 'data 1  1'],
  ['RST_STREAM', [frame(FRAME.RST_STREAM, 0, 1, 'ffffffff')], 'reset 1 4294967295'],
  ['SETTINGS ACK', [frame(FRAME.SETTINGS, ACK, 0)], 'settings acknowledged'],
  ['PING', [frame(FRAME.PING, 0, 0, EIGHT)], 'ping aaaaaaaa false'],
  ['PING ACK', [frame(FRAME.PING, ACK, 0, EIGHT)], 'ping aaaaaaaa true'],
  ['GOAWAY', [frame(FRAME.GOAWAY, 0, 0, '80000005 00000002')], 'goaway 5 2 '],
  ['GOAWAY with debug data', [frame(FRAME.GOAWAY, 0, 0, '00000000 0000000b 6f7665 72')], 'goaway 0 11 over'],
  ['WINDOW_UPDATE of the connection', [frame(FRAME.WINDOW_UPDATE, 0, 0, '7fffffff')], 'window 0 2147483647'],
  [
    'WINDOW_UPDATE of a stream, with the reserved bit',
    [frame(FRAME.WINDOW_UPDATE, 0, 9, '80000001')],
    'window 9 1',
  ],
  ['a stream identifier with the reserved bit', [frame(FRAME.DATA, 0, 0x8000_0001, '61')], 'data 1 a 1'],
];

/** Frames that say nothing. */
const SILENT: readonly [string, Buffer][] = [
  ['PRIORITY', frame(FRAME.PRIORITY, 0, 1, PRIORITY_OF_1)],
  ['an unknown type on the connection', frame(0x20, 0xff, 0, ascii('anything'))],
  ['ALTSVC on a stream', frame(0xa, 0, 1, ascii('x'))],
  ['an unknown type without a payload', frame(0xff, 0, 5)],
];

describe('FrameReader', () => {
  it.each(FRAMES)('reads %s', (_, frames, line) => {
    expect(said(...frames)).toEqual([line]);
  });

  it.each(SILENT)('ignores %s', (_, bytes) => {
    expect(said(bytes, frame(FRAME.PING, 0, 0, EIGHT))).toEqual(['ping aaaaaaaa false']);
  });

  it('reads the settings of the peer, known and unknown', () => {
    const settings = frame(
      FRAME.SETTINGS,
      0,
      0,
      '0001 00000000 0001 00000800 0002 00000000 0003 00000080 0004 00100000 0005 00010000 0006 00004000 00ff 00000001',
    );
    expect(readFrames([settings])).toEqual([
      `settings ${JSON.stringify({
        headerTableBytes: 2048,
        smallestTableBytes: 0,
        maxStreams: 128,
        initialWindowBytes: 1_048_576,
        maxFrameBytes: 65_536,
        maxListBytes: 16_384,
      })}`,
    ]);
  });

  it('says the same however the bytes are cut', () => {
    const frames = [...FRAMES.map(([, list]) => Buffer.concat(list)), ...SILENT.map(([, bytes]) => bytes)];
    const some = fc.array(fc.constantFrom(...frames), { maxLength: 12 });
    fc.assert(
      fc.property(some, fc.array(fc.nat(), { maxLength: 30 }), (list, cuts) => {
        const bytes = Buffer.concat([SETTINGS, ...list]);
        const whole = readFrames([bytes]);
        expect(readFrames(cut(bytes, cuts))).toEqual(whole);
        expect(readFrames([...bytes].map((byte) => Buffer.of(byte)))).toEqual(whole);
      }),
    );
  });
});

describe('a violation of the protocol', () => {
  const block = (bytes: number): Buffer => Buffer.alloc(bytes, 'x');
  const more = frame(FRAME.CONTINUATION, 0, 1, block(16_384));

  it.each<[string, Http2Fault, readonly Buffer[]]>([
    ['a frame over our limit', 'frame-size', [frame(FRAME.DATA, 0, 1, block(16_385))]],
    ['an unknown frame over our limit', 'frame-size', [frame(0x20, 0, 1, block(16_385))]],
    ['DATA on the connection', 'frame-stream', [frame(FRAME.DATA, 0, 0, '61')]],
    ['HEADERS on the connection', 'frame-stream', [frame(FRAME.HEADERS, END_HEADERS, 0, '88')]],
    ['PRIORITY on the connection', 'frame-stream', [frame(FRAME.PRIORITY, 0, 0, PRIORITY_OF_1)]],
    ['RST_STREAM on the connection', 'frame-stream', [frame(FRAME.RST_STREAM, 0, 0, '00000000')]],
    ['SETTINGS on a stream', 'frame-stream', [frame(FRAME.SETTINGS, 0, 1)]],
    ['PING on a stream', 'frame-stream', [frame(FRAME.PING, 0, 1, EIGHT)]],
    ['GOAWAY on a stream', 'frame-stream', [frame(FRAME.GOAWAY, 0, 1, EIGHT)]],
    ['PRIORITY of 4 bytes', 'frame-length', [frame(FRAME.PRIORITY, 0, 1, '00000000')]],
    ['RST_STREAM of 5 bytes', 'frame-length', [frame(FRAME.RST_STREAM, 0, 1, '0000000000')]],
    ['SETTINGS of 5 bytes', 'frame-length', [frame(FRAME.SETTINGS, 0, 0, '0000000000')]],
    ['SETTINGS ACK with settings', 'frame-length', [frame(FRAME.SETTINGS, ACK, 0, '0003 00000001')]],
    ['PING of 7 bytes', 'frame-length', [frame(FRAME.PING, 0, 0, EIGHT.slice(2))]],
    ['GOAWAY of 7 bytes', 'frame-length', [frame(FRAME.GOAWAY, 0, 0, EIGHT.slice(2))]],
    ['WINDOW_UPDATE of 3 bytes', 'frame-length', [frame(FRAME.WINDOW_UPDATE, 0, 1, '000001')]],
    ['padded DATA without a padding length', 'frame-length', [frame(FRAME.DATA, PADDED, 1)]],
    [
      'HEADERS too short for a priority',
      'frame-length',
      [frame(FRAME.HEADERS, PRIORITY | END_HEADERS, 1, '00000000')],
    ],
    ['DATA with padding longer than the rest', 'padding', [frame(FRAME.DATA, PADDED, 1, '03 6161')]],
    [
      'HEADERS with padding longer than the rest',
      'padding',
      [frame(FRAME.HEADERS, PADDED | END_HEADERS, 1, '03 6161')],
    ],
    [
      'HEADERS with padding that reaches into the priority',
      'padding',
      [frame(FRAME.HEADERS, PADDED | PRIORITY | END_HEADERS, 1, `01 ${PRIORITY_OF_1}`)],
    ],
    ['PUSH_PROMISE', 'push', [frame(FRAME.PUSH_PROMISE, END_HEADERS, 1, '00000002')]],
    ['CONTINUATION without HEADERS', 'continuation', [frame(FRAME.CONTINUATION, END_HEADERS, 1, '88')]],
    [
      'CONTINUATION after the end of the block',
      'continuation',
      [frame(FRAME.HEADERS, END_HEADERS, 1, ''), frame(FRAME.CONTINUATION, END_HEADERS, 1, '')],
    ],
    [
      'CONTINUATION of another stream',
      'interrupted',
      [frame(FRAME.HEADERS, 0, 1, ''), frame(FRAME.CONTINUATION, END_HEADERS, 3, '')],
    ],
    [
      'PING inside a header block',
      'interrupted',
      [frame(FRAME.HEADERS, 0, 1, ''), frame(FRAME.PING, 0, 0, EIGHT)],
    ],
    [
      'an unknown frame inside a header block',
      'interrupted',
      [frame(FRAME.HEADERS, 0, 1, ''), frame(0x20, 0, 0)],
    ],
    [
      'empty CONTINUATIONs without end',
      'continuations',
      [
        frame(FRAME.HEADERS, 0, 1, '88'),
        ...Array.from({ length: CONTINUATIONS_LIMIT + 1 }, () => frame(FRAME.CONTINUATION, 0, 1)),
      ],
    ],
    [
      'a header block over the limit',
      'block-size',
      [frame(FRAME.HEADERS, 0, 1, '88'), ...Array.from({ length: BLOCK_LIMIT / 16_384 }, () => more)],
    ],
    ['ENABLE_PUSH 1', 'setting-push', [frame(FRAME.SETTINGS, 0, 0, '0002 00000001')]],
    ['ENABLE_PUSH 2', 'setting-push', [frame(FRAME.SETTINGS, 0, 0, '0002 00000002')]],
    ['INITIAL_WINDOW_SIZE 2^31', 'setting-window', [frame(FRAME.SETTINGS, 0, 0, '0004 80000000')]],
    ['MAX_FRAME_SIZE 16,383', 'setting-frame', [frame(FRAME.SETTINGS, 0, 0, '0005 00003fff')]],
    ['MAX_FRAME_SIZE 2^24', 'setting-frame', [frame(FRAME.SETTINGS, 0, 0, '0005 01000000')]],
  ])('is a fault: %s', (_, fault, frames) => {
    const after = frame(FRAME.PING, 0, 0, EIGHT);
    const bytes = Buffer.concat([SETTINGS, ...frames, after]);
    expect(readFrames([bytes]).slice(1).at(-1)).toBe(`fault ${fault}`);
    expect(readFrames([bytes])).toEqual(readFrames(cut(bytes, [3, 9, 14, 19, 20, 28, 33])));
    expect(readFrames([bytes]).join()).not.toContain('ping');
  });

  it.each([
    ['HTTP/1.1', ascii('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['another frame first', frame(FRAME.PING, 0, 0, EIGHT)],
    ['SETTINGS ACK first', frame(FRAME.SETTINGS, ACK, 0)],
  ])('is not HTTP/2: %s', (_, bytes) => {
    expect(readFrames([bytes])).toEqual(['fault not-http2']);
  });

  it('takes a header block as long as the limits', () => {
    const parts = Array.from({ length: CONTINUATIONS_LIMIT - 1 }, () =>
      frame(FRAME.CONTINUATION, 0, 1, block(4000)),
    );
    const last = frame(FRAME.CONTINUATION, END_HEADERS, 1, block(BLOCK_LIMIT - 4000 * parts.length));
    expect(said(frame(FRAME.HEADERS, 0, 1, ''), ...parts, last)).toEqual([`headers 1 ${block(BLOCK_LIMIT)}`]);
  });
});
