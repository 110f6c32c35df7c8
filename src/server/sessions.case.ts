/** @module What the servers of the sessions era must do beyond what all must: sessions of MCP 2025-11-25. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect, it } from 'vitest';
import { type Ask, read, type SuiteServer, toolsOf, useInstance } from './ask.case.ts';

const HEADERS = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

export async function openSession(url: string): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: HEADERS, body: JSON.stringify(INITIALIZE) });
  await response.text();
  expect(response.status).toBe(200);
  return response.headers.get('mcp-session-id')!;
}

export const inSession = (session: string): Record<string, string> => ({
  ...HEADERS,
  'mcp-session-id': session,
  'mcp-protocol-version': '2025-11-25',
});

const list = (url: string, headers: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'POST', headers, body: '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}' });

/** Asks in a session of its own for each instance of one suite: an instance of a later suite may get the port of an ended one. */
export function askingInSessions(): Ask {
  const sessions = new Map<string, Promise<string>>();
  return async (url, method, params = {}, signal) => {
    const session = sessions.get(url) ?? openSession(url);
    sessions.set(url, session);
    const body = JSON.stringify({ jsonrpc: '2.0', id: Math.random().toString(36), method, params });
    return read(
      await fetch(url, { method: 'POST', headers: inSession(await session), body, signal: signal ?? null }),
    );
  };
}

/** What every server of the sessions era must do. */
export function sessionCases(settings: SuiteServer, ask: Ask): void {
  const instance = useInstance(settings);

  it('mints a session of its own for every client, and knows no other', async () => {
    const [one, two] = await Promise.all([openSession(instance.url), openSession(instance.url)]);
    expect(one).not.toBe(two);
    for (const session of [one, two]) {
      const { status, headers, message } = await read(await list(instance.url, inSession(session)));
      expect([status, headers.get('mcp-session-id')]).toEqual([200, session]);
      expect(message.result.tools).toHaveLength(toolsOf(settings));
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
    expect((await client.listTools()).tools).toHaveLength(toolsOf(settings));
    const result = await client.callTool({ name: 'echo', arguments: { text: 'hello' } });
    expect(result.content).toEqual([{ type: 'text', text: 'hello' }]);
    await transport.terminateSession();
    await client.close();
  });

  it.each<[string, Record<string, string>, string | object, number]>([
    ['that is not JSON', {}, '{"jsonrpc":', 400],
    ['of another media type', { 'content-type': 'text/plain' }, {}, 415],
    ['of another version', { 'mcp-protocol-version': '2031-01-01' }, {}, 400],
    ['that opens the session again', {}, INITIALIZE, 400],
  ])('refuses a request %s', async (_, changes, body, status) => {
    const headers = { ...inSession(await openSession(instance.url)), ...changes };
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
    const text = typeof body === 'string' ? body : JSON.stringify({ ...message, ...body });
    const response = await fetch(instance.url, { method: 'POST', headers, body: text });
    expect(response.status).toBe(status);
  });

  it('accepts a notification without an answer, and answers a ping', async () => {
    const headers = inSession(await openSession(instance.url));
    const notified = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
    const accepted = await read(await fetch(instance.url, { method: 'POST', headers, body: notified }));
    expect([accepted.status, accepted.message]).toEqual([202, undefined]);
    const ping = '{"jsonrpc":"2.0","id":7,"method":"ping"}';
    const pong = await read(await fetch(instance.url, { method: 'POST', headers, body: ping }));
    expect(pong.message).toEqual({ jsonrpc: '2.0', id: 7, result: {} });
    const unknown = await ask(instance.url, 'no/such');
    expect([unknown.status, unknown.message.error.code]).toEqual([200, -32601]);
  });
}
