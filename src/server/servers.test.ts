import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, it } from 'vitest';
import { type Ask, askStateless, read, TOOLS, useInstance } from './ask.case.ts';
import { finiteCases } from './finite.case.ts';
import { serverCases } from './server.case.ts';
import { statelessCases } from './stateless.case.ts';

const HEADERS = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

async function openSession(url: string): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: HEADERS, body: JSON.stringify(INITIALIZE) });
  await response.text();
  expect(response.status).toBe(200);
  return response.headers.get('mcp-session-id')!;
}

const inSession = (session: string): Record<string, string> => ({
  ...HEADERS,
  'mcp-session-id': session,
  'mcp-protocol-version': '2025-11-25',
});

const list = (url: string, headers: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'POST', headers, body: '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}' });

const sessions = new Map<string, Promise<string>>();

const askInSession: Ask = async (url, method, params = {}, signal) => {
  const session = sessions.get(url) ?? openSession(url);
  sessions.set(url, session);
  const body = JSON.stringify({ jsonrpc: '2.0', id: Math.random().toString(36), method, params });
  return read(
    await fetch(url, { method: 'POST', headers: inSession(await session), body, signal: signal ?? null }),
  );
};

describe.each([{ server: 'sdk' }, { server: 'lean' }] as const)(
  'the stateless server $server',
  ({ server }) => {
    const settings = { server, era: 'stateless' } as const;
    serverCases({
      settings,
      ask: askStateless,
      unknownTool: (message) => expect(message.error.code).toBe(-32602),
    });
    statelessCases(settings, askStateless);
    finiteCases({ settings, ask: askStateless, handshake: 'server/discover' });
  },
);

describe('the lean server', () => {
  const instance = useInstance({ server: 'lean', era: 'stateless' });

  it('never gave out a cursor, so it accepts none', async () => {
    const { message } = await askStateless(instance.url, 'tools/list', { cursor: '' });
    expect(message.error.code).toBe(-32602);
  });
});

describe('the sessions server sdk', () => {
  const settings = { server: 'sdk', era: 'sessions' } as const;
  serverCases({
    settings,
    ask: askInSession,
    // McpServer of SDK 1.x makes a failed call of it; we measure what people deploy.
    unknownTool: (message) => {
      expect(message.result.isError).toBe(true);
      expect(message.result.content[0].text).toMatch(/-32602/);
    },
  });

  finiteCases({ settings, ask: askInSession, handshake: 'ping' });

  const instance = useInstance(settings);

  it('mints a session of its own for every client, and knows no other', async () => {
    const [one, two] = await Promise.all([openSession(instance.url), openSession(instance.url)]);
    expect(one).not.toBe(two);
    for (const session of [one, two]) {
      const { status, headers, message } = await read(await list(instance.url, inSession(session)));
      expect([status, headers.get('mcp-session-id')]).toEqual([200, session]);
      expect(message.result.tools).toHaveLength(TOOLS.catalogue);
      expect(message.result).not.toHaveProperty('ttlMs');
    }
    const stranger = await read(await list(instance.url, inSession('no-such-session')));
    expect([stranger.status, stranger.message.error.code]).toEqual([404, -32001]);
    for (const method of ['GET', 'DELETE']) {
      const response = await fetch(instance.url, { method, headers: inSession('no-such-session') });
      expect(response.status).toBe(404);
    }
  });

  it('serves nothing but initialize without a session', async () => {
    expect((await list(instance.url, HEADERS)).status).toBe(400);
    expect((await fetch(instance.url, { headers: { accept: 'text/event-stream' } })).status).toBe(400);
  });

  it('holds a stream open for a session, until the session is deleted', async () => {
    const session = await openSession(instance.url);
    const stream = await fetch(instance.url, { headers: inSession(session) });
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect(stream.headers.get('x-served-by')).toBe('1');
    const deleted = await fetch(instance.url, { method: 'DELETE', headers: inSession(session) });
    expect(deleted.status).toBe(200);
    expect(await stream.text()).toBe('');
    expect((await list(instance.url, inSession(session))).status).toBe(404);
  });

  it('serves the official client', async () => {
    const client = new Client({ name: 'test', version: '1' });
    const transport = new StreamableHTTPClientTransport(new URL(instance.url));
    await client.connect(transport as Parameters<typeof client.connect>[0]);
    expect((await client.listTools()).tools).toHaveLength(TOOLS.catalogue);
    const result = await client.callTool({ name: 'echo', arguments: { text: 'hello' } });
    expect(result.content).toEqual([{ type: 'text', text: 'hello' }]);
    await transport.terminateSession();
    await client.close();
  });
});
