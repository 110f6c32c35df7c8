/** @module What the servers of the stateless era must do beyond what all must: MCP 2026-07-28 to the letter. */
import { expect, it } from 'vitest';
import { type Answered, type Ask, read, useInstance } from './ask.case.ts';
import type { OwnServer } from './programs.ts';

/** What both stateless servers must do beyond that. */
export function statelessCases(settings: OwnServer, ask: Ask): void {
  const instance = useInstance(settings);
  const META = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const HEADERS = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'echo',
  };
  const PARAMS = { name: 'echo', arguments: { text: 'a' }, _meta: META };

  interface Changes {
    readonly headers?: Record<string, string | undefined>;
    readonly params?: Record<string, unknown> | undefined;
    readonly body?: string | object;
  }
  const send = async ({ headers = {}, params = {}, body = {} }: Changes): Promise<Answered> => {
    const merged = Object.entries({ ...HEADERS, ...headers }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as [string, string]],
    );
    const message = { jsonrpc: '2.0', id: 'a-1', method: 'tools/call', params: { ...PARAMS, ...params } };
    const text =
      typeof body === 'string' ? body : JSON.stringify(Array.isArray(body) ? body : { ...message, ...body });
    return read(await fetch(instance.url, { method: 'POST', headers: merged, body: text }));
  };

  it.each([
    ['tools/list', 'tools'],
    ['server/discover', 'supportedVersions'],
  ])('answers %s with how long and by whom it may be kept', async (method, content) => {
    const { status, headers, message } = await ask(instance.url, method);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(message.result).toMatchObject({ resultType: 'complete', ttlMs: 60_000, cacheScope: 'public' });
    expect(message.result).toHaveProperty(content);
    expect(message.result._meta['io.modelcontextprotocol/serverInfo'].name).toBe('paceline-fleet');
  });

  it('discovers the one version it speaks', async () => {
    const { result } = (await ask(instance.url, 'server/discover')).message;
    expect(result.supportedVersions).toEqual(['2026-07-28']);
    expect(result.capabilities).toHaveProperty('tools');
  });

  it.each<[string, Changes]>([
    ['as it should be', {}],
    ['with a number as id', { body: { id: 7 } }],
    ['with a name in Base64', { headers: { 'mcp-name': '=?base64?ZWNobw==?=' } }],
    ['with spaces around the name', { headers: { 'mcp-name': '  echo ' } }],
    ['with header names in capitals', { headers: { 'mcp-method': undefined, 'MCP-METHOD': 'tools/call' } }],
    ['without Accept', { headers: { accept: undefined } }],
    ['with a charset', { headers: { 'content-type': 'application/json; charset=utf-8' } }],
    ['with a session id, which means nothing here', { headers: { 'mcp-session-id': 'x' } }],
  ])('serves a call %s', async (_, changes) => {
    const { status, headers, message } = await send(changes);
    expect(status).toBe(200);
    expect(headers.get('mcp-session-id')).toBeNull();
    expect(message).toMatchObject({
      jsonrpc: '2.0',
      id: (changes.body as { id?: number } | undefined)?.id ?? 'a-1',
      result: { resultType: 'complete', content: [{ type: 'text', text: 'a' }] },
    });
  });

  it.each<[string, Changes, number, number]>([
    ['without a version header', { headers: { 'mcp-protocol-version': undefined } }, 400, -32020],
    ['whose version header disagrees', { headers: { 'mcp-protocol-version': '2025-11-25' } }, 400, -32020],
    ['without a method header', { headers: { 'mcp-method': undefined } }, 400, -32020],
    ['whose method header is in capitals', { headers: { 'mcp-method': 'TOOLS/CALL' } }, 400, -32020],
    ['without a name header', { headers: { 'mcp-name': undefined } }, 400, -32020],
    ['whose name header disagrees', { headers: { 'mcp-name': 'work' } }, 400, -32020],
    ['whose name header is bad Base64', { headers: { 'mcp-name': '=?base64?%%?=' } }, 400, -32020],
    ['without _meta', { params: { _meta: undefined } }, 400, -32602],
    [
      'without capabilities',
      { params: { _meta: { ...META, 'io.modelcontextprotocol/clientCapabilities': undefined } } },
      400,
      -32602,
    ],
    [
      'of an unknown version',
      {
        headers: { 'mcp-protocol-version': '2031-01-01' },
        params: { _meta: { ...META, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' } },
      },
      400,
      -32022,
    ],
    [
      'of an unknown method',
      { headers: { 'mcp-method': 'no/such' }, body: { method: 'no/such' } },
      404,
      -32601,
    ],
    ['of the era of sessions', { headers: { 'mcp-method': 'ping' }, body: { method: 'ping' } }, 404, -32601],
    ['that is not JSON', { body: '{"jsonrpc":' }, 400, -32700],
    [
      'that is a batch',
      { body: [{ jsonrpc: '2.0', id: 1, method: 'tools/list', params: PARAMS }] },
      400,
      -32600,
    ],
    ['of another media type', { headers: { 'content-type': 'text/plain' } }, 415, -32000],
  ])('refuses a call %s', async (_, changes, status, code) => {
    const answered = await send(changes);
    expect([answered.status, answered.message.error.code]).toEqual([status, code]);
  });

  it('mints no session for a client of the sessions era: it says which version it speaks, or serves it without', async () => {
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'a', version: '1' },
    };
    const response = await fetch(instance.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: HEADERS.accept },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
    });
    expect(response.headers.get('mcp-session-id')).toBeNull();
    const { status, message } = await read(response);
    if (status === 200) expect(message.result.protocolVersion).toBe('2025-11-25');
    else {
      expect([status, message.error.code]).toEqual([400, -32022]);
      expect(message.error.data).toMatchObject({ supported: ['2026-07-28'] });
    }
  });

  // The fastest of several: how late the others are depends on what else the machine does.
  it.each([0.2, 0.9, 1.5, 1.9])('works for %d ms when it says so', async (ms) => {
    const tookMs: number[] = [];
    for (let index = 0; index < 15; index += 1) {
      const { headers } = await ask(instance.url, 'tools/call', { name: 'work', arguments: { ms } });
      tookMs.push(Number(/\btool;dur=(\d+\.\d{3})/.exec(headers.get('server-timing')!)?.[1]));
    }
    const fastestMs = Math.min(...tookMs);
    expect(fastestMs).toBeGreaterThanOrEqual(ms);
    expect(fastestMs).toBeLessThan(ms + 0.3);
  });

  it('accepts a notification without an answer', async () => {
    const { status, message } = await send({
      body: { id: undefined, method: 'notifications/cancelled', params: { requestId: 1, _meta: META } },
      headers: { 'mcp-method': 'notifications/cancelled', 'mcp-name': undefined },
    });
    expect([status, message]).toEqual([202, undefined]);
  });

  it.each(['GET', 'DELETE'])('does not allow %s', async (method) => {
    const response = await fetch(instance.url, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('has diagnostic tools for the conformance suite, which no list names', async () => {
    const diagnostic = (capabilities: object): Promise<Answered> =>
      send({
        headers: { 'mcp-name': 'test_missing_capability' },
        params: {
          name: 'test_missing_capability',
          arguments: {},
          _meta: { ...META, 'io.modelcontextprotocol/clientCapabilities': capabilities },
        },
      });
    const refused = await diagnostic({});
    expect([refused.status, refused.message.error.code]).toEqual([400, -32021]);
    expect(refused.message.error.data).toEqual({ requiredCapabilities: { sampling: {} } });
    expect((await diagnostic({ sampling: {} })).message.result.resultType).toBe('input_required');
    const { tools } = (await ask(instance.url, 'tools/list')).message.result;
    expect(tools.filter((tool: { name: string }) => tool.name.startsWith('test_'))).toEqual([]);
  });
}
