import { describe, expect, it } from 'vitest';
import type { Http2Fault } from './fault.ts';
import { ResponseRules } from './response-rules.ts';

/** What happens on a stream: a header block, or a number of bytes of data. `end`: with END_STREAM. */
type Event = readonly [fields: readonly string[] | number, end?: 'end'];

const OK = ':status: 200';
const EARLY = ':status: 103';

/** Lets `events` happen. Returns what the rules said of the last one, and the fields that they let through. */
function follow(events: readonly Event[]): readonly [Http2Fault | undefined, readonly string[], number] {
  const fields: string[] = [];
  const rules = new ResponseRules({ field: (name, value) => fields.push(`${name}: ${value}`) });
  let fault: Http2Fault | undefined;
  for (const [what, end] of events) {
    expect(fault).toBe(undefined);
    if (typeof what === 'number') fault = rules.data(what, end === 'end');
    else {
      for (const field of what) {
        const sound = !field.startsWith('!');
        const [, name, value] = /^!?(:?[^:]+): ?(.*)$/.exec(field)!;
        rules.field(name!, value!, sound);
      }
      fault = rules.endBlock(end === 'end');
    }
  }
  return [fault, fields, rules.status];
}

describe('a well-formed response', () => {
  it.each<[string, readonly Event[], readonly string[], number]>([
    ['a head only', [[[OK, 'a: b'], 'end']], ['a: b'], 200],
    ['a head and data', [[[OK]], [5], [6, 'end']], [], 200],
    ['data that ends with an empty frame', [[[OK]], [5], [0, 'end']], [], 200],
    ['its length', [[[OK, 'content-length: 5']], [5, 'end']], ['content-length: 5'], 200],
    [
      'its length twice',
      [[[OK, 'content-length: 0', 'content-length: 0'], 'end']],
      ['content-length: 0', 'content-length: 0'],
      200,
    ],
    ['304 with a length', [[[':status: 304', 'content-length: 5'], 'end']], ['content-length: 5'], 304],
    ['an interim head', [[[EARLY, 'link: x', 'content-length: 7']], [[OK, 'a: b'], 'end']], ['a: b'], 200],
    ['trailers', [[[OK, 'a: b']], [5], [['c: d', 'content-length: x'], 'end']], ['a: b'], 200],
    ['trailers without data', [[[OK]], [['c: d'], 'end']], [], 200],
    [
      'trailers after its length',
      [[[OK, 'content-length: 2']], [2], [['c: d'], 'end']],
      ['content-length: 2'],
      200,
    ],
    [
      'names as long as those of a connection',
      [[[OK, 'x-aaaaa: b', 'x-aaaaaaaaaaaaaa: b', 'x-aaaaaaaaaaaaaaa: b', 'trailer: b'], 'end']],
      ['x-aaaaa: b', 'x-aaaaaaaaaaaaaa: b', 'x-aaaaaaaaaaaaaaa: b', 'trailer: b'],
      200,
    ],
  ])('has %s', (_, events, fields, status) => {
    expect(follow(events)).toEqual([undefined, fields, status]);
  });

  it('is what the rules take after a malformed one, once they are cleared', () => {
    const fields: string[] = [];
    const rules = new ResponseRules({ field: (name) => fields.push(name) });
    rules.field('early', 'x', true);
    rules.field(':status', '404', true);
    expect(rules.endBlock(true)).toBe('pseudo-field');
    rules.clear();
    rules.field(':status', '404', true);
    rules.field('a', 'b', true);
    expect([rules.endBlock(true), rules.status, rules.block, fields]).toEqual([
      undefined,
      404,
      'head',
      ['a'],
    ]);
  });

  it('says what each header block was', () => {
    const rules = new ResponseRules({ field: () => undefined });
    rules.field(':status', '100', true);
    expect([rules.endBlock(false), rules.block]).toEqual([undefined, 'interim']);
    rules.field(':status', '200', true);
    expect([rules.endBlock(false), rules.block]).toEqual([undefined, 'head']);
    rules.field('a', 'b', true);
    expect([rules.endBlock(true), rules.block]).toEqual([undefined, 'trailers']);
  });
});

describe('a malformed response', () => {
  it.each<[string, readonly Event[], Http2Fault]>([
    ['no status', [[['a: b'], 'end']], 'status'],
    ['an empty head', [[[], 'end']], 'status'],
    ['a status of two digits', [[[':status: 20'], 'end']], 'status'],
    ['a status with a sign', [[[':status: +20'], 'end']], 'status'],
    ['a status below 100', [[[':status: 099'], 'end']], 'status'],
    ['101, which HTTP/2 does not have', [[[':status: 101']]], 'status'],
    ['a status twice', [[[OK, OK], 'end']], 'pseudo-field'],
    ['a status after a field', [[['a: b', OK], 'end']], 'pseudo-field'],
    ['a pseudo-header field of requests', [[[OK, ':path: /'], 'end']], 'pseudo-field'],
    ['an unknown pseudo-header field', [[[':other: x', OK], 'end']], 'pseudo-field'],
    ['a field that is not sound', [[[OK, '!A: b'], 'end']], 'field'],
    ['connection', [[[OK, 'connection: close'], 'end']], 'connection-field'],
    ['keep-alive', [[[OK, 'keep-alive: timeout=5'], 'end']], 'connection-field'],
    ['proxy-connection', [[[OK, 'proxy-connection: x'], 'end']], 'connection-field'],
    ['transfer-encoding', [[[OK, 'transfer-encoding: chunked'], 'end']], 'connection-field'],
    ['upgrade', [[[OK, 'upgrade: h2c'], 'end']], 'connection-field'],
    ['connection in trailers', [[[OK]], [['connection: x'], 'end']], 'connection-field'],
    ['a length that is no number', [[[OK, 'content-length: x'], 'end']], 'content-length'],
    ['a length with a sign', [[[OK, 'content-length: +1'], 'end']], 'content-length'],
    ['two lengths', [[[OK, 'content-length: 1', 'content-length: 2']]], 'content-length'],
    ['less data than its length', [[[OK, 'content-length: 5']], [4, 'end']], 'content-length'],
    ['no data for its length', [[[OK, 'content-length: 5'], 'end']], 'content-length'],
    ['more data than its length', [[[OK, 'content-length: 5']], [6]], 'content-length'],
    [
      'less data than its length, before trailers',
      [[[OK, 'content-length: 5']], [4], [['a: b'], 'end']],
      'content-length',
    ],
    ['data for 304', [[[':status: 304']], [5, 'end']], 'content-length'],
    ['data for 204', [[[':status: 204']], [5]], 'content-length'],
    ['data before the head', [[5]], 'data-early'],
    ['data after an interim head', [[[EARLY]], [5]], 'data-early'],
    ['an interim head that ends the stream', [[[EARLY], 'end']], 'interim-end'],
    ['interim heads without end', Array.from({ length: 17 }, () => [[EARLY]] as Event), 'interim-count'],
    ['trailers that do not end the stream', [[[OK]], [['a: b']]], 'trailers'],
    ['a status in trailers', [[[OK]], [[OK], 'end']], 'pseudo-field'],
  ])('has %s', (_, events, fault) => {
    expect(follow(events)[0]).toBe(fault);
  });
});
