import { validateHeaderName, validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../units/user-error.ts';
import { decodeHeaderValue, encodeHeaderValue, mergeHeaders, requestHead } from './headers.ts';

describe('a header value', () => {
  it.each([
    ['us-west1', 'us-west1'],
    ['two words', 'two words'],
    ['Hello, 世界', '=?base64?SGVsbG8sIOS4lueVjA==?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['\ttab first', '=?base64?CXRhYiBmaXJzdA==?='],
    ['tab\tinside', '=?base64?dGFiCWluc2lkZQ==?='],
    ['line1\nline2', '=?base64?bGluZTEKbGluZTI=?='],
    ['=?base64?literal?=', '=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?='],
    ['=?BASE64?literal?=', '=?BASE64?literal?='],
    ['=?base64?half', '=?base64?half'],
    ['', '=?base64??='],
  ])('%j is sent as %s', (value, header) => {
    expect(encodeHeaderValue(value)).toBe(header);
    expect(decodeHeaderValue(header)).toBe(value);
  });

  it.each<[header: string, value: string | undefined, why: string]>([
    ['  echo \t', 'echo', 'surrounding white space is removed'],
    ['=?Base64?ZWNobw==?=', '=?Base64?ZWNobw==?=', 'markers are case-sensitive'],
    ['=?base64?ZWNobw==', '=?base64?ZWNobw==', 'a marker is missing'],
    ['=?base64?=', '=?base64?=', 'the markers overlap'],
    ['=?base64?ZWNobw?=', undefined, 'the padding is missing'],
    ['=?base64?ZW%bw==?=', undefined, 'it is not Base64'],
  ])('%j is read as %j: %s', (header, value) => {
    expect(decodeHeaderValue(header)).toBe(value);
  });

  it('is unchanged by encoding and decoding, and always valid HTTP', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const header = encodeHeaderValue(value);
        expect(decodeHeaderValue(header)).toBe(value);
        requestHead('POST', [['Mcp-Name', header]]);
      }),
    );
  });
});

describe('a request head', () => {
  it('has the same headers as a list and as text', () => {
    const head = requestHead('POST', [
      ['Accept', 'text/event-stream'],
      ['X-Empty', ''],
      ['X-Padded', ' a b '],
    ]);
    expect(head.headers).toEqual(['Accept', 'text/event-stream', 'X-Empty', '', 'X-Padded', 'a b']);
    expect(head.text).toBe('Accept: text/event-stream\r\nX-Empty: \r\nX-Padded: a b\r\n');
  });

  it.each([
    ['X-A', 'secret\r\nX-B: smuggled'],
    ['X-A', 'secret\nX-B: smuggled'],
    ['X-A', 'secret\r'],
    ['X-A', 'secret\0'],
    ['X-A', 'secret é'],
    ['X-A\r\nX-B', 'secret'],
    ['X-A: secret', 'secret'],
    ['X A', 'secret'],
    ['', 'secret'],
    ['Content-Length', 'secret'],
    ['transfer-ENCODING', 'secret'],
    ['Host', 'secret'],
  ])('rejects %j: %j without quoting a value', (name, value) => {
    const attempt = (): unknown => requestHead('POST', [[name, value]]);
    expect(attempt).toThrow(UserError);
    expect(attempt).not.toThrow(/secret|smuggled/);
  });

  it('reports every invalid header at once', () => {
    const attempt = (): unknown =>
      requestHead('POST', [
        ['X-First', '\n'],
        ['X-Good', 'fine'],
        ['X-Second', '\0'],
      ]);
    expect(attempt).toThrow(/X-First.*X-Second/s);
    expect(attempt).not.toThrow(/X-Good/);
  });

  it('accepts only what Node would send', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 8 }), (name, value) => {
        try {
          requestHead('POST', [[name, value]]);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          return;
        }
        validateHeaderName(name);
        validateHeaderValue(name, value);
      }),
    );
  });
});

describe('merged headers', () => {
  it('keep the order, and let the user replace one by its name in any case', () => {
    const own = [
      ['Accept', 'application/json'],
      ['MCP-Protocol-Version', '2026-07-28'],
    ] as const;
    expect(mergeHeaders(own, { 'mcp-protocol-version': '1999-01-01', 'X-More': '1' })).toEqual([
      ['Accept', 'application/json'],
      ['mcp-protocol-version', '1999-01-01'],
      ['X-More', '1'],
    ]);
  });
});
