/** @module What every demonstration server must do, over real sockets; one suite, three servers. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FleetSettings, ToolSettings } from '../../profile/settings.ts';
import { type Fleet, startFleet } from '../fleet.ts';

export const TOOLS: ToolSettings = {
  catalogue: 25,
  work: { kind: 'uniform', minUs: 100, maxUs: 5000 },
  reportBytes: 100_000,
  ttlMs: 60_000,
  cacheScope: 'public',
};

/** Starts one instance and ends it after the suite. */
export function useInstance(settings: Pick<FleetSettings, 'server' | 'era'>, seed = 11): { url: string } {
  const instance = { url: '' };
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet({ settings: { kind: 'fleet', instances: 1, tools: TOOLS, ...settings }, seed });
    instance.url = fleet.instances[0]!.url;
  });
  afterAll(() => fleet.stop());
  return instance;
}

/** A JSON-RPC answer with the HTTP around it. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON-RPC message, of a JSON body or of the last event of a stream; undefined when the body was empty. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  readonly message: any;
}

/** Reads an answer of either media type. */
export async function read(response: Response): Promise<Answered> {
  const text = await response.text();
  const events = [...text.matchAll(/^data: (.+)$/gm)].map((match) => match[1]!);
  const json = response.headers.get('content-type')?.startsWith('text/event-stream') ? events.at(-1) : text;
  return {
    status: response.status,
    headers: response.headers,
    message: json ? JSON.parse(json) : undefined,
  };
}

/** Makes a request of the server's era, in a session if it has them. */
export type Ask = (url: string, method: string, params?: Record<string, unknown>) => Promise<Answered>;

/** Sends `bytes` over a raw connection; what came back when the server closed it or `enough` was seen. */
export function raw(url: string, bytes: string, enough: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes(enough)) socket.destroy();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

/** The suite. `unknownTool` is where the servers differ: a JSON-RPC error, or what SDK 1.x makes of it. */
export function serverCases(options: {
  readonly settings: Pick<FleetSettings, 'server' | 'era'>;
  readonly ask: Ask;
  readonly unknownTool: (message: Answered['message']) => void;
}): void {
  const { settings, ask } = options;
  const instance = useInstance(settings);
  const twin = useInstance(settings);
  const call = (name: string, given?: unknown, url = instance.url): Promise<Answered> =>
    ask(url, 'tools/call', given === undefined ? { name } : { name, arguments: given });
  const textOf = (answered: Answered): string => answered.message.result.content[0].text;

  it('names its instance and its stages on every answer', async () => {
    const answers = [
      await call('echo', { text: 'a' }),
      await ask(instance.url, 'tools/list'),
      await ask(instance.url, 'no/such'),
      await fetch(instance.url, { method: 'PUT' }),
      await fetch(instance.url, { method: 'POST', body: '{' }),
      await fetch(instance.url.replace('/mcp', '/other')),
    ];
    for (const { headers } of answers) {
      expect(headers.get('x-served-by')).toBe('1');
      expect(headers.get('server-timing')).toMatch(/\b(total|head);dur=\d+\.\d{3}$/);
    }
    expect(answers[0]!.headers.get('server-timing')).toMatch(/\btool;dur=\d+\.\d{3}, total;dur=/);
  });

  it.each(['', 'hello', 'naïve "quotes" \\ and\nlines', '日本語 🎉', 'x'.repeat(1_000_000)])(
    'echoes %.20j',
    async (text) => {
      expect(textOf(await call('echo', { text }))).toBe(text);
    },
  );

  it('lists as many tools as the profile says, the built-in ones first, each with a schema', async () => {
    const { tools } = (await ask(instance.url, 'tools/list')).message.result;
    expect(tools).toHaveLength(TOOLS.catalogue);
    const names = tools.map((tool: { name: string }) => tool.name);
    expect(names.slice(0, 4)).toEqual(['echo', 'work', 'report', 'issues_search']);
    expect(new Set(names).size).toBe(TOOLS.catalogue);
    for (const tool of tools) expect(tool.inputSchema.type).toBe('object');
    expect(Object.keys(tools[10].inputSchema.properties).length).toBeGreaterThan(2);
    expect((await call(names[10], { [tools[10].inputSchema.required[0]]: 1 })).message.result.isError).toBe(
      true,
    );
  });

  it('reports as many bytes as the profile says', async () => {
    expect(Buffer.byteLength(textOf(await call('report')))).toBe(TOOLS.reportBytes);
  });

  it('works as long as the seed says, and differently every time', async () => {
    const times = async (url: string): Promise<readonly string[]> => [
      textOf(await call('work', undefined, url)),
      textOf(await call('work', {}, url)),
      textOf(await call('work', {}, url)),
    ];
    const first = await times(instance.url);
    expect(new Set(first).size).toBe(3);
    expect(await times(twin.url)).toEqual(first);
    expect(textOf(await call('work', { ms: 2.5 }))).toBe('worked for 2.500 ms');
  });

  it('works on many calls at once', async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, () => call('work', { ms: 5 })));
    expect(answers.map(textOf)).toEqual(answers.map(() => 'worked for 5.000 ms'));
  });

  it('says so when a tool is unknown', async () => {
    options.unknownTool((await call('no-such-tool', {})).message);
  });

  it.each([
    ['echo', {}],
    ['echo', { text: 7 }],
    ['work', { ms: -1 }],
  ])('answers %s with %j as a failure of the tool', async (name, given) => {
    const { message } = await call(name, given);
    expect(message.result.isError).toBe(true);
    expect(textOf({ message } as Answered)).toMatch(/Invalid arguments/);
  });

  it('turns away a foreign origin and another path', async () => {
    const foreign = await fetch(instance.url, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
    expect((await fetch(`${instance.url}x`, { method: 'POST' })).status).toBe(404);
  });

  it.each([
    ['bytes that are not HTTP', '\x16\x03\x01 nonsense\r\n\r\n', '400 Bad Request'],
    ['a head without an end', `POST /mcp HTTP/1.1\r\nx: ${'y'.repeat(70_000)}`, '431 Request Header Fields'],
    ['two lengths', 'POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', '400'],
  ])('survives %s', async (_, bytes, expected) => {
    expect(await raw(instance.url, bytes, expected)).toContain(expected);
    expect(textOf(await call('echo', { text: 'alive' }))).toBe('alive');
  });

  it('survives clients that leave in the middle', async () => {
    const half =
      'POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"json';
    await Promise.all(
      Array.from({ length: 5 }, () => {
        const socket = connect(Number(new URL(instance.url).port), '127.0.0.1');
        return new Promise<void>((resolve) => {
          socket.on('close', () => resolve());
          socket.write(half, () => socket.resetAndDestroy());
        });
      }),
    );
    const abort = new AbortController();
    const left = fetch(instance.url, { method: 'POST', body: '{}', signal: abort.signal });
    abort.abort();
    await expect(left).rejects.toThrow();
    expect(textOf(await call('echo', { text: 'alive' }))).toBe('alive');
  });
}

/** What both stateless servers must do beyond that. */
export function statelessCases(settings: Pick<FleetSettings, 'server' | 'era'>, ask: Ask): void {
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

  it('tells a client of the sessions era which version it speaks', async () => {
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
    const { status, message } = await read(response);
    expect([status, message.error.code]).toEqual([400, -32022]);
    expect(message.error.data).toMatchObject({ supported: ['2026-07-28'] });
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

/** Asks in the stateless era. */
export const askStateless: Ask = async (url, method, params = {}) => {
  const headers: Record<string, string> = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
  };
  if (typeof params['name'] === 'string') headers['mcp-name'] = params['name'];
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } });
  return read(await fetch(url, { method: 'POST', headers, body }));
};
