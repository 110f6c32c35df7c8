import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText } from '../../protocol/call-arguments.ts';
import { type HeaderFields, headerFields, longField, NO_FIELDS } from '../../protocol/header-fields.ts';
import type { Request, RequestHead } from '../../protocol/request.ts';
import {
  endSession,
  initialize,
  initialized,
  openStream,
  sessionCall,
  sessionFields,
} from '../../protocol/sessions.ts';
import { statelessCall } from '../../protocol/stateless.ts';
import { traceContexts } from '../../protocol/trace.ts';
import { endpointOf } from '../endpoint.ts';
import { RequestBytes } from './request-bytes.ts';
import type { WireSocket } from './socket.ts';

const HEADS: readonly RequestHead[] = (['POST', 'POST', 'GET', 'DELETE'] as const).map((method, i) => ({
  method,
  headers: ['x-head', `${i}\xe9`],
  text: `x-head: ${i}\xe9\r\n`,
}));

function requestOf(head: RequestHead, text: string): Request {
  const body = head.method === 'POST' ? text : '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with control characters.
  const ascii = /^[\x00-\x7f]*$/.test(body);
  return { head, body, ascii, expected: { kind: 'accepted' }, inSession: false };
}

function wanted({ head, body }: Request): Buffer {
  const length = head.method === 'POST' ? `content-length: ${Buffer.byteLength(body)}\r\n` : '';
  const lines = `${head.method} /mcp?a=b HTTP/1.1\r\nhost: [::1]:8080\r\nconnection: keep-alive\r\n${head.text}`;
  return Buffer.concat([Buffer.from(`${lines}${length}\r\n`, 'latin1'), Buffer.from(body)]);
}

/** Calls of templates, of both eras: what is patched. */
const ENCODERS = [
  statelessCall({ method: 'tools/call', tool: 'echo' }, {}, traceContexts(3)),
  statelessCall({ method: 'tools/list' }, { 'X-Team': 'otters' }),
  sessionCall({ method: 'tools/call', tool: 'echo' }, { 'X-Team': 'otters' }),
  sessionCall({ method: 'tools/call', tool: 'echo' }, {}, traceContexts(4)),
];

const fieldsOfSession = (id: string): HeaderFields =>
  sessionFields({ id, protocolVersion: '2025-11-25', headers: {} });

/** Header fields of agents: of one length, of another, none, and too long to be patched. */
const FIELDS = [
  fieldsOfSession('c0ffee'),
  fieldsOfSession('decade'),
  fieldsOfSession('decade').plus(headerFields([['Authorization', 'Bearer abc']])),
  fieldsOfSession('c0ffee')
    .plus(longField('Authorization: DPoP ', 'abc'))
    .plus(longField('DPoP: ', 'p', true)),
  NO_FIELDS,
  headerFields([['Authorization', `Bearer ${'x'.repeat(17_000)}`]]),
];

const calls = fc
  .tuple(
    fc.constantFrom(...ENCODERS),
    fc.oneof(fc.nat(99), fc.nat(), fc.constantFrom(0, 9, 10, 2 ** 31 - 1, 2 ** 31, 2 ** 40)),
    fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: 'binary' }), fc.constant('x'.repeat(5000))),
    fc.constantFrom(...FIELDS),
  )
  .map(([encode, id, text, fields]) => {
    const json = JSON.stringify({ text });
    return encode(id, jsonText(json), fields);
  });

/** What an agent asks for beside its calls. */
const others = fc
  .constantFrom(...FIELDS)
  .map((fields) => [
    initialize(1_000_000_001, { 'X-Team': 'otters' }, fields),
    initialized({}, fields),
    openStream({}, fields, 'e1'),
    endSession({}, fields),
  ]);

const drawn = fc.record({
  call: fc.option(
    fc.oneof(
      calls,
      others.chain((all) => fc.constantFrom(...all)),
    ),
    { nil: undefined, freq: 2 },
  ),
  head: fc.constantFrom(...HEADS),
  text: fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', 'x'.repeat(21_000), 'x'.repeat(70_000), '\u4e16'.repeat(30_000)),
  ),
  /** Whether the socket takes the bytes at once, or keeps them until later. */
  taken: fc.boolean(),
});

describe('the bytes of a request', () => {
  it.each(['http', 'https'])(
    'are one well-formed request each, and stay so while a socket needs them (%s)',
    (scheme) => {
      fc.assert(
        fc.property(fc.array(drawn, { maxLength: 24 }), (sends) => {
          const url = `${scheme}://[::1]:8080/mcp?a=b`;
          const requests = new RequestBytes(endpointOf({ url, tls: { insecure: false } }));
          const kept: { bytes: Buffer; want: Buffer }[] = [];
          for (const { call, head, text, taken } of sends) {
            const request = call ?? requestOf(head, text);
            const write = (data: Buffer | string, onSent?: () => void): boolean => {
              const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
              expect(bytes.equals(wanted(request))).toBe(true);
              if (taken) onSent?.();
              else kept.push({ bytes, want: wanted(request) });
              return taken;
            };
            requests.send(request, { write } as WireSocket);
          }
          for (const { bytes, want } of kept) expect(bytes.equals(want)).toBe(true);
        }),
        { numRuns: 150 },
      );
    },
  );

  it('are those of the right agent when tokens are of more lengths than there are layouts', () => {
    const requests = new RequestBytes(
      endpointOf({ url: 'http://[::1]:8080/mcp?a=b', tls: { insecure: false } }),
    );
    const fields = Array.from({ length: 80 }, (_, i) =>
      longField('Authorization: Bearer ', 'x'.repeat(1 + i)),
    );
    const [encode] = ENCODERS as [(typeof ENCODERS)[0]];
    let wrong = 0;
    // So many that layouts are dropped and made again.
    for (let id = 0; id < 70_000; id += 1) {
      const request = encode(id, jsonText('{}'), fields[(id * 7) % 80]);
      const write = (bytes: Buffer): boolean => {
        if (!bytes.equals(wanted(request))) wrong += 1;
        return id % 3 > 0;
      };
      requests.send(request, { write } as WireSocket);
    }
    expect(wrong).toBe(0);
  });

  it('are patched for thousands of sessions in one layout per length', () => {
    const requests = new RequestBytes(endpointOf({ url: 'http://h/mcp', tls: { insecure: false } }));
    const sent: Buffer[] = [];
    const socket = { write: (bytes: Buffer) => sent.push(bytes) > 0 } as unknown as WireSocket;
    const encode = sessionCall({ method: 'tools/call', tool: 'echo' }, {});
    for (let session = 0; session < 5000; session += 1) {
      const fields = fieldsOfSession(`s-${session}`);
      for (const id of [1, 2]) requests.send(encode(id, jsonText('{}'), fields), socket);
      expect(sent.at(-1)).toBe(sent.at(-2));
      expect(sent.at(-1)!.toString()).toMatch(new RegExp(`s-${session}\r\n[^]*"id":2,`));
    }
    // Ids of one to four digits.
    expect(new Set(sent).size).toBe(4);
  });
});
