import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorKind } from './error-kind.ts';

describe('the kind of an error', () => {
  it.each([
    ['-32001 Session abc not found', '-32001 Session … not found'],
    [
      '404 Not Found: -32001 Session f81d4fae-7dec-11d0-a765-00a0c91e6bf6 not found',
      '404 Not Found: -32001 Session … not found',
    ],
    [
      '400 Bad Request: -32000 session "k3JdkqPz" is unknown',
      '400 Bad Request: -32000 session "…" is unknown',
    ],
    ['-32603 request 8812 failed after 1203 ms', '-32603 request … failed after … ms'],
    [
      '500 Internal Server Error: trace 4bf92f3577b34da6a3ce929d0e0e4736',
      '500 Internal Server Error: trace …',
    ],
    ['1203 no worker for user-17', '1203 no worker for …'],
    ['at 2026-11-26T04:17:34.123Z: pool of req_9f8a7 is closed', 'at …: pool of … is closed'],
  ])('%s is %s', (detail, kind) => {
    expect(errorKind(detail)).toBe(kind);
  });

  it.each([
    '404 Not Found: -32001 Session not found',
    '-32001 Session is closed',
    '-32000 Bad Request: Mcp-Session-Id header is required',
    '-32000 Session expired',
    '503 Service Unavailable',
    'ECONNREFUSED 127.0.0.1:3000',
    '-32602 Unknown tool: echo',
    '-32022 Unsupported protocol version 2025-11-25',
    '(other)',
    '',
  ])('without an id is the detail itself: %s', (detail) => {
    expect(errorKind(detail)).toBe(detail);
  });

  it('is its own kind, so that merged kinds stay together', () => {
    const word = fc.constantFrom(
      'Session',
      'session id',
      'abc',
      '17',
      '-32001',
      'x9',
      '…',
      'is',
      'not',
      '"',
      ': ',
      ' ',
      'found',
      '1.2.3.4:5',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), fc.string(), (words, text) => {
        for (const detail of [words.join(' '), words.join(''), text]) {
          expect(errorKind(errorKind(detail))).toBe(errorKind(detail));
        }
      }),
    );
  });
});
