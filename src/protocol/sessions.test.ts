import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { jsonText } from './call-arguments.ts';
import { headerFields } from './header-fields.ts';
import {
  endSession,
  initialize,
  initialized,
  isSessionId,
  openStream,
  parseInitialize,
  type SessionContext,
  sessionCall,
  sessionFields,
} from './sessions.ts';
import { traceContexts } from './trace.ts';

const SESSION: SessionContext = {
  id: 'c0ffee',
  protocolVersion: '2025-11-25',
  headers: { 'X-Team': 'otters' },
};
const FIELDS = sessionFields(SESSION);
const CALL = sessionCall({ method: 'tools/call', tool: 'echo' }, SESSION.headers);
const LINES = 'MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: c0ffee\r\nX-Team: otters\r\n';
const BOTH = 'Accept: application/json, text/event-stream\r\n';
const JSON_BODY = 'Content-Type: application/json\r\n';

describe('a session', () => {
  it('begins with initialize, which carries neither id nor version in its headers', () => {
    const request = initialize('i-1', SESSION.headers);
    expect(request.head.text).toBe(`${BOTH}${JSON_BODY}X-Team: otters\r\n`);
    expect(JSON.parse(request.body)).toEqual({
      jsonrpc: '2.0',
      id: 'i-1',
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'paceline', version: manifest.version },
      },
    });
    expect(request).toMatchObject({ inSession: false, expected: { kind: 'result', id: 'i-1' } });
  });

  it('continues with a notification', () => {
    const request = initialized(SESSION.headers, FIELDS);
    expect(request.head).toMatchObject({ method: 'POST', text: `${BOTH}${JSON_BODY}${LINES}` });
    expect(JSON.parse(request.body)).toEqual({ jsonrpc: '2.0', method: 'notifications/initialized' });
    expect(request).toMatchObject({ inSession: true, expected: { kind: 'accepted' } });
  });

  it('has a standalone stream, and an end', () => {
    expect(openStream(SESSION.headers, FIELDS)).toMatchObject({
      head: { method: 'GET', text: `Accept: text/event-stream\r\n${LINES}` },
      body: '',
    });
    expect(endSession(SESSION.headers, FIELDS)).toMatchObject({
      head: { method: 'DELETE', text: `${BOTH}${LINES}` },
      body: '',
    });
  });

  it('carries its id on every call', () => {
    const request = CALL(7, jsonText('{"a":1}'), sessionFields(SESSION));
    expect(request.head.text).toBe(`${BOTH}${JSON_BODY}${LINES}`);
    expect(request.inSession).toBe(true);
    expect(JSON.parse(request.body)).toEqual({
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'echo', arguments: { a: 1 } },
    });
  });

  it('lets headers of the user replace its own', () => {
    const headers = { 'X-Team': 'otters', 'mcp-session-id': 'mine', 'MCP-PROTOCOL-VERSION': '2024-11-05' };
    const session = { ...SESSION, headers };
    const lines = 'MCP-PROTOCOL-VERSION: 2024-11-05\r\nmcp-session-id: mine\r\nX-Team: otters\r\n';
    const call = sessionCall({ method: 'tools/list' }, headers)(1, undefined, sessionFields(session));
    expect(call.head.text).toBe(`${BOTH}${JSON_BODY}${lines}`);
    expect(endSession(headers, sessionFields(session)).head.text).toBe(`${BOTH}${lines}`);
  });

  it('has the fields of its agent on every request, after its own', () => {
    const fields = headerFields([['Authorization', 'Bearer abc']]);
    const lines = LINES.replace('X-Team', 'Authorization: Bearer abc\r\nX-Team');
    for (const request of [
      initialized(SESSION.headers, FIELDS.plus(fields)),
      openStream(SESSION.headers, FIELDS.plus(fields)),
      endSession(SESSION.headers, FIELDS.plus(fields)),
      CALL(7, undefined, sessionFields(SESSION).plus(fields)),
    ])
      expect(request.head.text.endsWith(lines)).toBe(true);
    expect(initialize(1, {}, fields).head.text).toContain('\r\nAuthorization: Bearer abc\r\n');
  });

  const PARAMS = [
    ['tools/call', undefined, { name: 'echo' }],
    ['tools/call', '{}', { name: 'echo', arguments: {} }],
    ['tools/list', undefined, {}],
    ['tools/list', '"c2"', { cursor: 'c2' }],
    ['prompts/list', undefined, {}],
    ['prompts/list', '""', { cursor: '' }],
    ['resources/list', undefined, {}],
    ['resources/list', '"r2"', { cursor: 'r2' }],
    ['resources/templates/list', undefined, {}],
    ['resources/templates/list', '"t2"', { cursor: 't2' }],
    ['resources/read', undefined, { uri: 'file:///ä' }],
  ] as const;

  it.each(PARAMS)('%s with arguments %s has params %j', (method, args, params) => {
    const request = sessionCall({ method, tool: 'echo', uri: 'file:///ä' }, SESSION.headers)(
      1,
      args === undefined ? undefined : jsonText(args),
    );
    expect(JSON.parse(request.body)).toEqual({ jsonrpc: '2.0', id: 1, method, params });
    expect(request.head.text).not.toMatch(/mcp-method|mcp-name/i);
  });

  it.each(PARAMS)(
    '%s with arguments %s has a trace context beside %j when there are any',
    (method, args, params) => {
      const traces = traceContexts(3);
      const call = { method, tool: 'echo', uri: 'file:///ä' } as const;
      const request = sessionCall(
        call,
        SESSION.headers,
        traces,
      )(5, args === undefined ? undefined : jsonText(args));
      expect(JSON.parse(request.body).params).toEqual({ ...params, _meta: { traceparent: traces.of(5) } });
    },
  );

  it('without an id is not a session: 404 does not mean that it is lost', () => {
    const fields = sessionFields({ ...SESSION, id: undefined });
    const request = sessionCall({ method: 'tools/list' }, SESSION.headers)(1, undefined, fields);
    expect(request.inSession).toBe(false);
    expect(request.head.text).not.toMatch(/session-id/i);
  });
});

describe('an answer to initialize', () => {
  it('gives version and server', () => {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      result: { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 'srv', version: '1' } },
    });
    expect(parseInitialize(body)).toEqual({
      protocolVersion: '2025-06-18',
      serverInfo: { name: 'srv', version: '1' },
    });
  });

  it.each([
    '',
    'null',
    '{}',
    '[]',
    '{"result":null}',
    '{"result":{}}',
    '{"result":{"protocolVersion":"a\\r\\nX-B: c","serverInfo":{}}}',
  ])('is not %s', (body) => {
    expect(parseInitialize(body)).toBeUndefined();
  });

  it('must have a visible id', () => {
    expect(isSessionId('3f-9_~!')).toBe(true);
    for (const bad of ['', 'a b', 'a\n', 'é']) expect(isSessionId(bad)).toBe(false);
  });
});
