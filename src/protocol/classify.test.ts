import { describe, expect, it } from 'vitest';
import type { Answer } from './answer.ts';
import { answerText } from './answer.ts';
import { classify, OK } from './classify.ts';
import type { Outcome } from './outcome.ts';
import type { Request } from './request.ts';

type Asked = Pick<Request, 'expected' | 'inSession'>;

const CALL: Asked = { expected: { kind: 'result', id: 7 }, inSession: false };
const SESSION_CALL: Asked = { ...CALL, inSession: true };
const NOTICE: Asked = { expected: { kind: 'accepted' }, inSession: true };

const JSON_TYPE = 'application/json';
const EVENTS = 'text/event-stream';

function answer(status: number, body: unknown, contentType: string | undefined = JSON_TYPE): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const statusText = { 200: 'OK', 404: 'Not Found', 503: 'Service Unavailable' }[status] ?? '';
  return { status, statusText, contentType, body: Buffer.from(text) };
}

const result = (value: unknown, id: unknown = 7): unknown => ({ jsonrpc: '2.0', id, result: value });
const error = (code: number, message: string, id: unknown = 7): unknown => ({
  jsonrpc: '2.0',
  ...(id === undefined ? {} : { id }),
  error: { code, message },
});
const events = (...messages: readonly unknown[]): string =>
  messages.map((message) => `event: message\ndata: ${JSON.stringify(message)}\n\n`).join('');

const CONTENT = [{ type: 'text', text: 'hello' }];
const GOOD = result({ resultType: 'complete', content: CONTENT, isError: false });
const OAUTH = { error: 'invalid_token', error_description: 'expired' };
const PROGRESS = { jsonrpc: '2.0', method: 'notifications/progress', params: { progress: 1 } };
const PING = { jsonrpc: '2.0', id: 7, method: 'ping' };

type Row = [what: string, answer: Answer, asked: Asked, outcome: Outcome, detail?: string | RegExp];

function holds(rows: readonly Row[]): void {
  it.each<Row>(rows)('%s', (_, given, asked, outcome, detail) => {
    const classified = classify(given, asked, true);
    expect(classified.outcome).toBe(outcome);
    if (outcome === 'ok') expect(classified).toBe(OK);
    else expect(classified.detail).toBeTruthy();
    if (typeof detail === 'string') expect(classified.detail).toBe(detail);
    if (detail instanceof RegExp) expect(classified.detail).toMatch(detail);
  });
}

describe('the status and error matrix of 2026-07-28', () => {
  holds([
    ['unsupported version', answer(400, error(-32022, 'bad')), CALL, 'rpc-error', '-32022 bad'],
    ['header mismatch', answer(400, error(-32020, 'Mcp-Name')), CALL, 'rpc-error', '-32020 Mcp-Name'],
    ['missing _meta', answer(400, error(-32602, '_meta')), CALL, 'rpc-error', '-32602 _meta'],
    ['missing capability', answer(400, error(-32021, 'elicitation')), CALL, 'rpc-error'],
    ['unknown method', answer(404, error(-32601, 'Method not found')), CALL, 'rpc-error', /^-32601/],
    ['business error', answer(200, result({ content: CONTENT, isError: true })), CALL, 'tool-error', 'hello'],
    ['internal error', answer(500, error(-32603, 'oops')), CALL, 'rpc-error', '-32603 oops'],
    ['bad JSON, id omitted', answer(400, error(-32700, 'parse', undefined)), CALL, 'rpc-error'],
    ['bad JSON, id null', answer(400, error(-32700, 'parse', null)), CALL, 'rpc-error'],
    ['method not allowed', answer(405, '', undefined), CALL, 'http-error', '405'],
    ['no token', answer(401, OAUTH), CALL, 'unauthorized', /^401: .*invalid_token/],
    ['no token, in JSON-RPC', answer(401, error(-32001, 'token')), CALL, 'unauthorized'],
    ['scope lacking', answer(403, OAUTH), CALL, 'forbidden'],
    ['bad origin', answer(403, error(-32000, 'origin', undefined)), CALL, 'forbidden'],
    ['overload', answer(503, 'busy', 'text/plain'), CALL, 'http-error', '503 Service Unavailable: busy'],
    [
      'overload, twice',
      answer(503, '503 Service Unavailable\n', 'text/plain'),
      CALL,
      'http-error',
      '503 Service Unavailable',
    ],
    [
      'overload, with a reason',
      answer(503, 'Service Unavailable: try later', 'text/plain'),
      CALL,
      'http-error',
      '503 Service Unavailable: try later',
    ],
    ['overload, unsaid', answer(503, '', 'text/plain'), CALL, 'http-error', '503 Service Unavailable'],
    [
      'overload, in binary',
      answer(503, '\0\u0001', 'image/png'),
      CALL,
      'http-error',
      '503 Service Unavailable',
    ],
    [
      'a page of a gateway',
      answer(503, '<html><head><title>no</title></head><body><h1>Down</h1>\n</body></html>', 'text/html'),
      CALL,
      'http-error',
      '503 Service Unavailable: Down',
    ],
    ['rate limit', answer(429, '{}'), CALL, 'http-error'],
    ['bad authorization request', answer(400, OAUTH), CALL, 'http-error'],
    ['notification accepted', answer(202, '', undefined), NOTICE, 'ok'],
  ]);
});

describe('SDK behaviour beyond the specification', () => {
  holds([
    ['unknown tool within 200', answer(200, error(-32602, 'Unknown tool')), CALL, 'rpc-error'],
    ['unknown tool with 400', answer(400, error(-32602, 'Unknown tool')), CALL, 'rpc-error'],
    ['wrong content type', answer(415, error(-32000, 'type', null)), CALL, 'rpc-error'],
    ['wrong content type as text', answer(415, 'no', 'text/plain; charset=utf-8'), CALL, 'http-error'],
    ['rejected before reading', answer(406, error(-32600, 'Accept', 'server-error')), CALL, 'rpc-error'],
    ['a JSON-RPC error without a type', answer(400, error(-32600, 'x'), ''), CALL, 'rpc-error'],
    ['good, as one event', answer(200, events(GOOD), EVENTS), CALL, 'ok'],
    ['good, with a charset', answer(200, GOOD, 'Application/JSON; charset=utf-8'), CALL, 'ok'],
    ['good, without a resultType', answer(200, result({ tools: [] })), CALL, 'ok'],
    ['good, after a byte order mark', answer(200, `\ufeff${JSON.stringify(GOOD)}`), CALL, 'ok'],
    ['GET is not offered', answer(405, error(-32000, 'no')), NOTICE, 'http-error'],
  ]);
});

describe('a result', () => {
  holds([
    ['asks for input', answer(200, result({ resultType: 'input_required' })), CALL, 'input-required'],
    ['is a task', answer(200, result({ resultType: 'task', taskId: '1' })), CALL, 'task'],
    [
      'has an unknown type',
      answer(200, result({ resultType: 'partial' })),
      CALL,
      'malformed',
      'unknown resultType "partial"',
    ],
    ['has no type but null', answer(200, result({ resultType: null })), CALL, 'malformed'],
    ['is not an object', answer(200, result('done')), CALL, 'malformed'],
    ['is missing', answer(200, { jsonrpc: '2.0', id: 7 }), CALL, 'malformed'],
    ['has a null error beside it', answer(200, { ...(GOOD as object), error: null }), CALL, 'malformed'],
    ['is an error without text', answer(200, result({ isError: true })), CALL, 'tool-error'],
    ['is good, but the status is not', answer(500, GOOD), CALL, 'http-error'],
    ['is an error, whatever the status', answer(500, result({ isError: true })), CALL, 'tool-error'],
    [
      'mentions errors in its text',
      answer(200, result({ content: [{ text: '"isError":true,"error":{"code":1},"id":9' }] })),
      CALL,
      'ok',
    ],
    ['has isError deeper down', answer(200, result({ structuredContent: { isError: true } })), CALL, 'ok'],
    [
      'has isError twice',
      answer(200, `{"jsonrpc":"2.0","id":7,"result":{"isError":false,"isError":true}}`),
      CALL,
      'tool-error',
    ],
    [
      'spells isError with an escape',
      answer(200, `{"jsonrpc":"2.0","id":7,"result":{"is\\u0045rror":true}}`),
      CALL,
      'tool-error',
    ],
  ]);
});

describe('an answer that cannot be read', () => {
  holds([
    ['is cut off', answer(200, '{"jsonrpc":"2.0","id":7,"result":{'), CALL, 'malformed', /^200 OK: not JSON/],
    ['is empty', answer(200, ''), CALL, 'malformed', '200 OK: an empty body'],
    ['is not the answer to a request', answer(202, ''), CALL, 'malformed'],
    ['is a web page', answer(200, '<html>', 'text/html'), CALL, 'malformed', /content type text\/html/],
    ['has no type', answer(200, GOOD, ''), CALL, 'malformed'],
    ['is a batch', answer(200, [GOOD]), CALL, 'malformed', /batch/],
    ['is null', answer(200, 'null'), CALL, 'malformed'],
    ['is JSON-RPC 1.0', answer(200, { id: 7, result: {} }), CALL, 'malformed'],
    ['is a request', answer(200, PING), CALL, 'malformed'],
    ['has an error without a code', answer(200, { jsonrpc: '2.0', id: 7, error: 'no' }), CALL, 'malformed'],
    [
      'is a stream without an answer',
      answer(200, events(PROGRESS), EVENTS),
      CALL,
      'malformed',
      /ended without/,
    ],
    ['is a stream cut off', answer(200, events(GOOD).slice(0, -1), EVENTS), CALL, 'malformed'],
  ]);
});

describe('an id', () => {
  holds([
    ['of another call', answer(200, result({}, 8)), CALL, 'malformed', '200 OK: answer carries id 8, not 7'],
    ['as text', answer(200, result({}, '7')), CALL, 'ok'],
    ['as text in a stream', answer(200, events(result({}, '7')), EVENTS), CALL, 'ok'],
    ['as text on an error', answer(200, error(-32602, 'x', '7')), CALL, 'rpc-error', '-32602 x'],
    ['of another call, as text', answer(200, result({}, '8')), CALL, 'malformed', /id "8", not 7/],
    ['as text in another form', answer(200, result({}, '07')), CALL, 'malformed', /id "07", not 7/],
    ['missing', answer(200, { jsonrpc: '2.0', result: {} }), CALL, 'malformed', /\(none\)/],
    ['of another call on an error', answer(200, error(-32602, 'x', 8)), CALL, 'malformed', /id 8/],
    ['of another call on an error status', answer(400, error(-32602, 'x', 8)), CALL, 'malformed', /id 8/],
    ['of another call in a stream', answer(200, events(result({}, 8)), EVENTS), CALL, 'malformed', /id 8/],
    [
      'that is no id',
      answer(200, `{"jsonrpc":"2.0","id":${'['.repeat(9e4)}${']'.repeat(9e4)},"result":{}}`),
      CALL,
      'malformed',
    ],
  ]);

  it('is not checked if the responder cannot echo it', () => {
    expect(classify(answer(200, result({}, 8)), CALL, false)).toBe(OK);
    expect(classify(answer(200, events(result({}, 8)), EVENTS), CALL, false)).toBe(OK);
    expect(classify(answer(200, { jsonrpc: '2.0', result: {} }), CALL, false)).toBe(OK);
  });
});

describe('an event stream', () => {
  holds([
    ['begins with progress', answer(200, events(PROGRESS, GOOD), EVENTS), CALL, 'ok'],
    ['begins with a comment', answer(200, `: hi\n\n${events(GOOD)}`, `${EVENTS}; charset=utf-8`), CALL, 'ok'],
    ['begins with empty data', answer(200, `id: 1\ndata: \n\n${events(GOOD)}`, EVENTS), CALL, 'ok'],
    ['holds a request of the server', answer(200, events(PING, GOOD), EVENTS), SESSION_CALL, 'ok'],
    ['holds only a request of the server', answer(200, events(PING), EVENTS), SESSION_CALL, 'malformed'],
    ['holds garbage before the answer', answer(200, `data: {\n\n${events(GOOD)}`, EVENTS), CALL, 'ok'],
    [
      'breaks a line within the answer',
      answer(200, 'data: {"jsonrpc":"2.0",\ndata: "id":7,"result":{}}\n\n', EVENTS),
      CALL,
      'ok',
    ],
    [
      'loses a line of the answer',
      answer(200, 'data: {"jsonrpc":"2.0",\n"id":7,"result":{}}\n\n', EVENTS),
      CALL,
      'malformed',
    ],
    [
      'brings an error',
      answer(200, events(PROGRESS, error(-32603, 'no')), EVENTS),
      CALL,
      'rpc-error',
      '-32603 no',
    ],
    [
      'brings an error of the tool',
      answer(200, events(result({ isError: true })), EVENTS),
      CALL,
      'tool-error',
    ],
  ]);

  it('yields the JSON text of the answer', () => {
    expect(answerText(answer(200, events(PROGRESS, PING, GOOD), EVENTS), CALL, true)).toBe(
      JSON.stringify(GOOD),
    );
    expect(answerText(answer(400, error(-32700, 'x', null)), CALL, true)).toContain('-32700');
    expect(answerText(answer(200, '<html>', 'text/html'), CALL, true)).toBeUndefined();
    expect(answerText(answer(202, ''), NOTICE, true)).toBeUndefined();
  });
});

describe('404 within a session', () => {
  holds([
    [
      'with -32001',
      answer(404, error(-32001, 'Session not found', null)),
      SESSION_CALL,
      'session-lost',
      '404 Not Found: -32001 Session not found',
    ],
    [
      'with -32600',
      answer(404, error(-32600, 'Session has been terminated', 'server-error')),
      SESSION_CALL,
      'session-lost',
    ],
    [
      'with text',
      answer(404, 'no such session', 'text/plain'),
      SESSION_CALL,
      'session-lost',
      '404 Not Found: no such session',
    ],
    ['with nothing', answer(404, '', undefined), SESSION_CALL, 'session-lost'],
    ['with an unknown method', answer(404, error(-32601, 'no')), SESSION_CALL, 'rpc-error'],
    ['to a notification', answer(404, ''), NOTICE, 'session-lost'],
    ['elsewhere is another failure', answer(404, '', undefined), CALL, 'http-error'],
    ['is none with 400', answer(400, error(-32000, 'Bad Request', null)), SESSION_CALL, 'rpc-error'],
  ]);
});

describe('400 within a session', () => {
  const unknown = 'Bad Request: No valid session ID provided';
  holds([
    [
      'that is not known, as server-everything and the examples of the SDK say it',
      answer(400, error(-32000, unknown, null)),
      SESSION_CALL,
      'session-lost',
      `400: -32000 ${unknown}`,
    ],
    ['with the id of the call', answer(400, error(-32000, unknown)), SESSION_CALL, 'session-lost'],
    [
      'that is called missing',
      answer(400, error(-32000, 'Bad Request: Mcp-Session-Id header is required', null)),
      SESSION_CALL,
      'session-lost',
    ],
    [
      'with the code of an unknown session',
      answer(400, error(-32001, 'Session not found', undefined)),
      SESSION_CALL,
      'session-lost',
    ],
    ['to a notification', answer(400, error(-32000, unknown, null)), NOTICE, 'session-lost'],
    ['as one event', answer(400, events(error(-32000, unknown, null)), EVENTS), SESSION_CALL, 'session-lost'],
  ]);
});

describe('other answers that report a lost session', () => {
  const text = (status: number, body: string): Answer => answer(status, body, 'text/plain');
  holds([
    ['400 in text', text(400, 'Invalid session ID'), SESSION_CALL, 'session-lost', '400: Invalid session ID'],
    ['400 in other text', text(400, 'No active session'), SESSION_CALL, 'session-lost'],
    [
      '400 in JSON of another kind',
      answer(400, { error: 'Session not found' }),
      SESSION_CALL,
      'session-lost',
    ],
    [
      '400 of the Python SDK',
      answer(400, error(-32600, 'Bad Request: No valid session ID provided', 'server-error')),
      SESSION_CALL,
      'session-lost',
      '400: -32600 Bad Request: No valid session ID provided',
    ],
    [
      '400 of a transport that saw no initialize',
      answer(400, error(-32000, 'Bad Request: Server not initialized', null)),
      SESSION_CALL,
      'session-lost',
    ],
    [
      '401 in text',
      text(401, 'Unauthorized: Session not found'),
      SESSION_CALL,
      'session-lost',
      '401: Unauthorized: Session not found',
    ],
    ['200 with an error', answer(200, error(-32001, 'Session not found')), SESSION_CALL, 'session-lost'],
    [
      '200 with an event that is not JSON-RPC',
      answer(200, 'event: message\ndata: {"error":"Session not found"}\n\n', EVENTS),
      SESSION_CALL,
      'session-lost',
      '200 OK: {"error":"Session not found"}',
    ],
    ['to a notification', text(400, 'Session does not exist'), NOTICE, 'session-lost'],
  ]);
});

describe('400 that does not report a lost session', () => {
  const unknown = 'Bad Request: No valid session ID provided';
  holds([
    [
      'to a call without one',
      answer(400, error(-32000, unknown, null)),
      CALL,
      'rpc-error',
      `-32000 ${unknown}`,
    ],
    [
      'of another matter',
      answer(400, error(-32000, 'Bad Request: No body', null)),
      SESSION_CALL,
      'rpc-error',
    ],
    ['of a tool with sessions', answer(200, error(-32602, unknown)), SESSION_CALL, 'rpc-error'],
    [
      'of a tool that says so',
      answer(200, result({ isError: true, content: [{ text: unknown }] })),
      SESSION_CALL,
      'tool-error',
    ],
    ['of another matter as text', answer(400, 'Invalid cursor', 'text/plain'), SESSION_CALL, 'http-error'],
    ['of a login', answer(401, 'Your session has expired', 'text/plain'), SESSION_CALL, 'unauthorized'],
    ['of a token', answer(401, OAUTH), SESSION_CALL, 'unauthorized'],
    ['of too many', answer(503, error(-32603, 'Too many sessions', null)), SESSION_CALL, 'rpc-error'],
    ['of a rate', answer(429, 'per session', 'text/plain'), SESSION_CALL, 'http-error'],
    ['with another code', answer(400, error(-32602, 'no such session')), SESSION_CALL, 'rpc-error'],
    ['with a text that is none', answer(400, error(-32000, 5 as never)), SESSION_CALL, 'rpc-error'],
    ['to a call without one, as text', answer(400, unknown, 'text/plain'), CALL, 'http-error'],
    ['with another status', answer(409, error(-32000, 'one stream per session')), SESSION_CALL, 'rpc-error'],
    [
      'of a tool',
      answer(400, result({ isError: true, content: [{ text: 'session' }] })),
      SESSION_CALL,
      'tool-error',
    ],
  ]);
});

describe('a request that only has to be accepted', () => {
  holds([
    ['is, by any 2xx', answer(200, 'whatever', 'text/plain'), NOTICE, 'ok'],
    ['is, by 204', answer(204, '', undefined), NOTICE, 'ok'],
    ['is not, by 405', answer(405, '', undefined), NOTICE, 'http-error'],
    ['is not, by an error', answer(400, error(-32600, 'no', null)), NOTICE, 'rpc-error', '400: -32600 no'],
    ['is not, by 500', answer(500, 'oops', 'text/plain'), NOTICE, 'http-error'],
    ['is not, by 401', answer(401, '', undefined), NOTICE, 'unauthorized'],
  ]);
});
