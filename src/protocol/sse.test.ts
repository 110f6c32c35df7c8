import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventReader, endsWithinEvent, parseEvents } from './sse.ts';

describe('an event stream', () => {
  it.each([
    ['one event', 'data: a\n\n', ['a']],
    ['CR LF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['CR alone', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['mixed line ends', 'data: a\r\n\ndata: b\n\r', ['a', 'b']],
    ['a byte order mark', '\ufeffdata: a\n\n', ['a']],
    ['a second byte order mark, which is part of a name', '\ufeff\ufeffdata: a\n\n', []],
    ['comments', ': hello\n\n: still here\ndata: a\n: and here\n\n', ['a']],
    ['several lines of data', 'data: a\ndata:\ndata: b\n\n', ['a\n\nb']],
    ['no space after the colon', 'data:a\n\n', ['a']],
    ['only the first space removed', 'data:  a\n\n', [' a']],
    ['other fields', 'event: message\nid: 7\nretry: 10\ndata: a\n\n', ['a']],
    ['an event without data', 'event: ping\n\ndata: a\n\n', ['a']],
    ['empty data', 'id: 0\ndata:\n\ndata\n\n', ['', '']],
    ['a name that only begins like data', 'database: x\ndata : y\n\n', []],
    ['an event cut off', 'data: a\n\ndata: b\n', ['a']],
    ['nothing', '', []],
  ])('with %s', (_, text, payloads) => {
    expect(parseEvents(text)).toEqual(payloads);
    expect(new EventReader().push(Buffer.from(text))).toEqual(payloads);
  });

  it('gives the same payloads however it is split', () => {
    const piece = fc.constantFrom(
      'data:',
      'data: ',
      'a',
      'é😀',
      '\n',
      '\r',
      '\r\n',
      ':',
      'id: 1',
      '\ufeff',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(6)), (pieces, sizes) => {
        const bytes = Buffer.from(pieces.join(''));
        const reader = new EventReader();
        const payloads: string[] = [];
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          payloads.push(...reader.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(payloads).toEqual(parseEvents(bytes.toString()));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['no id', 'retry: 5\ndata: a\n\n', undefined],
    ['an id, also of an event without data', 'id: 7\n\n', { lastEventId: '7' }],
    ['the id of the last event that has one', 'id: 7\ndata: a\n\ndata: b\n\n', { lastEventId: '7' }],
    ['an incomplete event', 'id: 7\n\nid: 8\ndata: a\n', { lastEventId: '7' }],
    ['an id that is taken back', 'id: 7\n\nid\ndata: a\n\n', undefined],
    ['an id with a zero byte', 'id: 7\n\nid: \0\n\n', { lastEventId: '7' }],
    ['a delay', 'id: 7\nretry: 20\ndata:\n\n', { lastEventId: '7', retryMs: 20 }],
    ['a delay that is no number', 'id: 7\nretry: 2s\n\n', { lastEventId: '7' }],
  ])('says where to continue after %s', (_, text, position) => {
    const reader = new EventReader();
    reader.push(Buffer.from(text));
    expect(reader.position).toEqual(position);
  });

  it.each([
    ['data: a\n\n', false],
    ['data: a\n', true],
    ['data: a', true],
    ['data', true],
    ['data: a\n\nid: 7\n', false],
    [': comment', false],
  ])('ending in %j is within an event: %s', (text, within) => {
    expect(endsWithinEvent(text)).toBe(within);
    const reader = new EventReader();
    reader.push(Buffer.from(text));
    expect(reader.unterminated).toBe(within);
  });

  it('carries any text in lines of data', () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.array(line, { minLength: 1 })), (events) => {
        const text = events.map((lines) => `${lines.map((one) => `data: ${one}\n`).join('')}\n`).join('');
        expect(parseEvents(text)).toEqual(events.map((lines) => lines.join('\n')));
      }),
    );
  });
});
