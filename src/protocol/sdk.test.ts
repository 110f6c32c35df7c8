import { McpServer as SessionServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Answer, answerText } from './answer.ts';
import { messagesIn } from './answer-events.ts';
import {
  isReduced,
  listenEncoder,
  readSubscriptionMessage,
  type SubscriptionMessage,
} from './caching/subscriptions.ts';
import { jsonText } from './call-arguments.ts';
import { classify } from './classify.ts';
import { detectEra } from './detect.ts';
import type { Outcome } from './outcome.ts';
import type { Request as McpRequest } from './request.ts';
import {
  endSession,
  initialize,
  initialized,
  parseInitialize,
  type SessionContext,
  sessionCall,
  sessionFields,
} from './sessions.ts';
import { EventReader } from './sse.ts';
import { discover, statelessCall } from './stateless.ts';
import { traceContexts } from './trace.ts';

const INFO = { name: 'srv', version: '1' };
/** A name that only the Base64 sentinel can carry. */
const FAR = 'écho 世界';
const URI = 'file:///a';

type Serve = (request: Request) => Promise<Response>;

function headersOf({ headers: list }: McpRequest['head']): Headers {
  const headers = new Headers();
  for (let i = 0; i < list.length; i += 2) headers.append(list[i]!, list[i + 1]!);
  return headers;
}

/** Sends a request of ours to a handler of theirs. */
async function exchange(
  serve: Serve,
  { head, body }: McpRequest,
): Promise<Answer & { session: string | null }> {
  const headers = headersOf(head);
  const init =
    head.method === 'POST' ? { method: head.method, headers, body } : { method: head.method, headers };
  const response = await serve(new Request('http://127.0.0.1/mcp', init));
  return {
    status: response.status,
    statusText: response.statusText,
    contentType: response.headers.get('content-type') ?? undefined,
    body: Buffer.from(await response.arrayBuffer()),
    session: response.headers.get('mcp-session-id'),
  };
}

async function outcome(serve: Serve, request: McpRequest): Promise<Outcome> {
  return classify(await exchange(serve, request), request, true).outcome;
}

describe('the official server of 2026-07-28', () => {
  const handler = createMcpHandler(
    () => {
      const server = new McpServer(INFO, { capabilities: { tools: { listChanged: true } } });
      server.registerResource(FAR, URI, {}, () => ({ contents: [{ uri: URI, text: 'x' }] }));
      server.registerPrompt('ask', {}, () => ({ messages: [] }));
      for (const name of ['echo', FAR]) {
        server.registerTool(name, { inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({
          content: [{ type: 'text', text }],
        }));
      }
      return server;
    },
    { legacy: 'reject' },
  );
  const serve: Serve = (request) => handler.fetch(request);
  const call = (tool: string, args: string, headers = {}): McpRequest =>
    statelessCall({ method: 'tools/call', tool }, headers, traceContexts(1))(1, jsonText(args));

  // The SDK warns about such a name for every server that it creates.
  beforeAll(() => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    return () => warn.mockRestore();
  });

  it('is detected by the probe', async () => {
    const request = discover('d-1', {});
    const answer = await exchange(serve, request);
    const body = answerText(answer, request, true);
    expect(detectEra({ ...classify(answer, request, true), status: answer.status, body }, 'target.era')).toBe(
      'stateless',
    );
  });

  it.each<[what: string, request: McpRequest, outcome: Outcome]>([
    ['a call', call('echo', '{"text":"hi"}'), 'ok'],
    ['a call of a tool whose name needs encoding', call(FAR, '{"text":"hi"}'), 'ok'],
    ['a list', statelessCall({ method: 'tools/list' }, {})(1, undefined), 'ok'],
    ['a discovery', statelessCall({ method: 'server/discover' }, {})(1, undefined), 'ok'],
    ['a list of resources', statelessCall({ method: 'resources/list' }, {})(1, undefined), 'ok'],
    ['a list of templates', statelessCall({ method: 'resources/templates/list' }, {})(1, undefined), 'ok'],
    ['a list of prompts', statelessCall({ method: 'prompts/list' }, {})(1, undefined), 'ok'],
    ['a read', statelessCall({ method: 'resources/read', uri: URI }, {})(1, undefined), 'ok'],
    [
      'a read of an unknown resource',
      statelessCall({ method: 'resources/read', uri: 'file:///no' }, {})(1, undefined),
      'rpc-error',
    ],
    ['a call of an unknown tool', call('nope', '{}'), 'rpc-error'],
    ['a call with wrong arguments', call('echo', '{"text":1}'), 'tool-error'],
    [
      'a call whose header names another tool',
      call('echo', '{"text":"hi"}', { 'Mcp-Name': 'other' }),
      'rpc-error',
    ],
    ['a call of the other era', initialize(1, {}), 'rpc-error'],
  ])('answers %s', async (_, request, expected) => {
    expect(await outcome(serve, request)).toBe(expected);
  });

  it('holds a subscription: acknowledges what it honours, tells of changes, and ends it', async () => {
    const asked = { toolsListChanged: true, resourceSubscriptions: [URI] } as const;
    const { head, body } = listenEncoder(asked, {})(17);
    const response = await serve(
      new Request('http://127.0.0.1/mcp', { method: 'POST', headers: headersOf(head), body }),
    );
    const events = new EventReader();
    const told: SubscriptionMessage[] = [];
    let changed = false;
    for await (const bytes of response.body!) {
      for (const text of messagesIn(events, bytes)) told.push(readSubscriptionMessage(text, 17));
      if (told.length === 1 && !changed) {
        changed = true;
        handler.notify.toolsChanged();
      }
      if (told.length === 2) void handler.close();
    }
    // Its resources cannot be subscribed to, as its capabilities say.
    const honoured = { toolsListChanged: true } as const;
    expect(told).toEqual([
      { kind: 'acknowledged', honoured },
      { kind: 'notification', method: 'notifications/tools/list_changed', uri: undefined },
      { kind: 'completed' },
    ]);
    expect(isReduced(asked, honoured)).toBe(true);
  });
});

describe.each([
  ['event streams', false],
  ['JSON', true],
] as const)('the official server of 2025-11-25, answering in %s', (_, enableJsonResponse) => {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => 'session-1',
    enableJsonResponse,
  });
  const serve: Serve = (request) => transport.handleRequest(request);

  beforeAll(async () => {
    const server = new SessionServer(INFO);
    server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => ({
      content: [{ type: 'text', text }],
    }));
    await server.connect(transport as Parameters<typeof server.connect>[0]);
  });

  it('accepts a whole session, from probe to DELETE', async () => {
    const probe = discover('d-1', {});
    const refused = await exchange(serve, probe);
    const body = answerText(refused, probe, true);
    expect(detectEra({ ...classify(refused, probe, true), status: refused.status, body }, 'target.era')).toBe(
      'try-sessions',
    );

    const opening = initialize('i-1', {});
    const opened = await exchange(serve, opening);
    expect(classify(opened, opening, true).outcome).toBe('ok');
    const settled = parseInitialize(answerText(opened, opening, true) ?? '');
    expect(settled).toEqual({ protocolVersion: '2025-11-25', serverInfo: INFO });

    const session: SessionContext = {
      id: opened.session ?? undefined,
      protocolVersion: settled!.protocolVersion,
      headers: {},
    };
    const fields = sessionFields(session);
    const call = sessionCall({ method: 'tools/call', tool: 'echo' }, {});
    const list = sessionCall({ method: 'tools/list' }, {});
    const lost = sessionFields({ ...session, id: 'another' });
    expect(await outcome(serve, initialized({}, fields))).toBe('ok');
    expect(await outcome(serve, call(1, jsonText('{"text":"hi"}'), fields))).toBe('ok');
    expect(await outcome(serve, call(2, jsonText('{"text":1}'), fields))).toBe('tool-error');
    expect(await outcome(serve, list(3, undefined, fields))).toBe('ok');
    expect(await outcome(serve, list(4, undefined, lost))).toBe('session-lost');
    expect(await outcome(serve, endSession({}, fields))).toBe('ok');
  });
});
