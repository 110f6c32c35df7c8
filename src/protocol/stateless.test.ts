import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { UserError } from '../units/user-error.ts';
import type { Call } from './call.ts';
import { jsonText } from './call-arguments.ts';
import type { Request } from './request.ts';
import { discover, statelessCall } from './stateless.ts';
import { traceContexts } from './trace.ts';

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'paceline', version: manifest.version },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const TRACES = traceContexts(1);

function headersOf({ head }: Request): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  for (let i = 0; i < head.headers.length; i += 2) entries.push([head.headers[i]!, head.headers[i + 1]!]);
  return Object.fromEntries(entries);
}

describe('a stateless call', () => {
  it('describes itself in body and headers', () => {
    const call = statelessCall({ method: 'tools/call', tool: 'search' }, { 'X-Team': 'otters' }, TRACES);
    const request = call(2, jsonText('{"q":"otters"}'));
    expect(JSON.parse(request.body)).toEqual({
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: { name: 'search', arguments: { q: 'otters' }, _meta: { ...META, traceparent: TRACES.of(2) } },
    });
    expect(headersOf(request)).toEqual({
      Accept: 'application/json, text/event-stream',
      'Content-Type': 'application/json',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': 'search',
      'X-Team': 'otters',
    });
    expect(request).toMatchObject({ expected: { kind: 'result', id: 2 }, inSession: false, ascii: true });
  });

  it('may omit arguments and trace', () => {
    const request = statelessCall({ method: 'tools/call', tool: 'now' }, {})(9, undefined);
    expect(JSON.parse(request.body)).toEqual({
      jsonrpc: '2.0',
      id: 9,
      method: 'tools/call',
      params: { name: 'now', _meta: META },
    });
  });

  it('lists tools with the same meta, and neither a name nor arguments', () => {
    const request = statelessCall({ method: 'tools/list' }, {})(1, undefined);
    expect(JSON.parse(request.body)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/list',
      params: { _meta: META },
    });
    expect(headersOf(request)).not.toHaveProperty('Mcp-Name');
  });

  it('asks for a page by its cursor', () => {
    const request = statelessCall({ method: 'tools/list' }, {})(2, jsonText('"c2"'));
    expect(JSON.parse(request.body)).toMatchObject({ id: 2, params: { cursor: 'c2', _meta: META } });
  });

  it.each<[call: Call, args: string | undefined, params: object, name: string | undefined]>([
    [{ method: 'server/discover' }, undefined, {}, undefined],
    [{ method: 'tools/list' }, undefined, {}, undefined],
    [{ method: 'tools/list' }, '""', { cursor: '' }, undefined],
    [{ method: 'prompts/list' }, undefined, {}, undefined],
    [{ method: 'prompts/list' }, '"p 2"', { cursor: 'p 2' }, undefined],
    [{ method: 'resources/list' }, undefined, {}, undefined],
    [{ method: 'resources/list' }, '"r"', { cursor: 'r' }, undefined],
    [{ method: 'resources/templates/list' }, undefined, {}, undefined],
    [{ method: 'resources/templates/list' }, '"t"', { cursor: 't' }, undefined],
    [{ method: 'resources/read', uri: 'file:///a' }, undefined, { uri: 'file:///a' }, 'file:///a'],
    [
      { method: 'resources/read', uri: 'x://ä "1"' },
      undefined,
      { uri: 'x://ä "1"' },
      '=?base64?eDovL8OkICIxIg==?=',
    ],
  ])('of %j with %s has these parameters and this name', (call, args, params, name) => {
    for (const traces of [undefined, TRACES]) {
      const request = statelessCall(call, {}, traces)(4, args === undefined ? undefined : jsonText(args));
      const trace = traces === undefined ? {} : { traceparent: traces.of(4) };
      expect(JSON.parse(request.body)).toEqual({
        jsonrpc: '2.0',
        id: 4,
        method: call.method,
        params: { ...params, _meta: { ...META, ...trace } },
      });
      expect(headersOf(request)).toEqual({
        Accept: 'application/json, text/event-stream',
        'Content-Type': 'application/json',
        'MCP-Protocol-Version': '2026-07-28',
        'Mcp-Method': call.method,
        ...(name !== undefined && { 'Mcp-Name': name }),
      });
      expect(Buffer.byteLength(request.body)).toBe(request.body.length);
    }
  });

  it('makes the head once', () => {
    const call = statelessCall({ method: 'tools/call', tool: 'echo' }, {});
    expect(call(1, jsonText('{}')).head).toBe(call(2, jsonText('{}')).head);
  });

  it('lets a header of the user replace one of the protocol', () => {
    const call = statelessCall({ method: 'tools/call', tool: 'echo' }, { 'mcp-name': 'other' });
    const { head } = call(1, jsonText('{}'));
    expect(head.text.match(/mcp-name: .*/gi)).toEqual(['mcp-name: other']);
  });

  it('rejects a header that injects another', () => {
    expect(() => statelessCall({ method: 'tools/list' }, { 'X-A': 'b\r\nX-C: d' })).toThrow(UserError);
  });

  it('is valid JSON, and ASCII if it says so, for any tool, id and arguments', () => {
    const traces = fc.constantFrom(undefined, TRACES);
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.nat(),
        fc.jsonValue(),
        traces,
        (tool, id, value, trace) => {
          const text = JSON.stringify(value);
          const request = statelessCall({ method: 'tools/call', tool }, {}, trace)(id, jsonText(text));
          const body = JSON.parse(request.body);
          expect(body).toMatchObject({ id, params: { name: tool } });
          expect(body.params.arguments).toEqual(JSON.parse(text));
          expect(body.params['_meta'].traceparent).toBe(trace?.of(id));
          expect(Buffer.byteLength(request.body) === request.body.length).toBe(request.ascii);
        },
      ),
    );
  });
});

describe('the probe', () => {
  it('is a server/discover request', () => {
    const request = discover('d-1', { Authorization: 'Bearer abc' });
    expect(JSON.parse(request.body)).toEqual({
      jsonrpc: '2.0',
      id: 'd-1',
      method: 'server/discover',
      params: { _meta: META },
    });
    expect(headersOf(request)).toMatchObject({
      'Mcp-Method': 'server/discover',
      Authorization: 'Bearer abc',
    });
  });
});
