import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { headerFields } from '../header-fields.ts';
import {
  isReduced,
  listenEncoder,
  readSubscriptionMessage,
  type SubscriptionFilter,
  type SubscriptionMessage,
} from './subscriptions.ts';

const ID_KEY = 'io.modelcontextprotocol/subscriptionId';
const ID = 1_000_000_007;

describe('the request for a stream', () => {
  const filter = { toolsListChanged: true, resourceSubscriptions: ['file:///ä'] } as const;
  const encode = listenEncoder(filter, { 'X-Team': 'otters' });

  it('asks for the notifications, with the meta of every request and no name', () => {
    const request = encode(ID);
    expect(JSON.parse(request.body)).toEqual({
      jsonrpc: '2.0',
      id: ID,
      method: 'subscriptions/listen',
      params: {
        notifications: filter,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'paceline', version: manifest.version },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    });
    expect(request.head.text.split('\r\n')).toEqual([
      'Accept: application/json, text/event-stream',
      'Content-Type: application/json',
      'MCP-Protocol-Version: 2026-07-28',
      'Mcp-Method: subscriptions/listen',
      'X-Team: otters',
      '',
    ]);
    expect(request).toMatchObject({ ascii: true, expected: { kind: 'result', id: ID }, inSession: false });
    expect(Buffer.byteLength(request.body)).toBe(request.body.length);
  });

  it('has the fields of its agent', () => {
    const fields = headerFields([['Authorization', 'Bearer abc']]);
    expect(encode(ID, fields).head.text).toContain('\r\nAuthorization: Bearer abc\r\n');
    expect(encode(ID).head.text).not.toContain('Authorization');
  });
});

const meta = (id: unknown): object => ({ [ID_KEY]: id });
const notification = (method: string, params: object = {}, id: unknown = ID): string =>
  JSON.stringify({ jsonrpc: '2.0', method, params: { ...params, _meta: meta(id) } });
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';
const MISADDRESSED: SubscriptionMessage = { kind: 'misaddressed' };

describe('a message on the stream', () => {
  it.each<[what: string, text: string, read: SubscriptionMessage]>([
    [
      'the acknowledgement',
      notification(ACKNOWLEDGED, {
        notifications: { toolsListChanged: true, promptsListChanged: false, resourceSubscriptions: ['a'] },
      }),
      { kind: 'acknowledged', honoured: { toolsListChanged: true, resourceSubscriptions: ['a'] } },
    ],
    [
      'an acknowledgement of nothing',
      notification(ACKNOWLEDGED, { notifications: {} }),
      { kind: 'acknowledged', honoured: {} },
    ],
    [
      'an acknowledgement without a filter',
      notification(ACKNOWLEDGED),
      { kind: 'acknowledged', honoured: {} },
    ],
    [
      'an acknowledgement with values of other types',
      notification(ACKNOWLEDGED, { notifications: { toolsListChanged: 1, resourceSubscriptions: [1, 'a'] } }),
      { kind: 'acknowledged', honoured: { resourceSubscriptions: ['a'] } },
    ],
    ['the acknowledgement of another one', notification(ACKNOWLEDGED, {}, ID + 1), MISADDRESSED],
    [
      'a change of the tools',
      notification('notifications/tools/list_changed'),
      { kind: 'notification', method: 'notifications/tools/list_changed', uri: undefined },
    ],
    [
      'an update of a resource',
      notification('notifications/resources/updated', { uri: 'file:///a' }),
      { kind: 'notification', method: 'notifications/resources/updated', uri: 'file:///a' },
    ],
    [
      'a notification for another subscription',
      notification('notifications/tools/list_changed', {}, ID + 1),
      MISADDRESSED,
    ],
    [
      'a notification with the id as text: it keeps its JSON type',
      notification('notifications/tools/list_changed', {}, String(ID)),
      MISADDRESSED,
    ],
    [
      'a notification without an id',
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }),
      MISADDRESSED,
    ],
    [
      'the final result',
      JSON.stringify({ jsonrpc: '2.0', id: ID, result: { resultType: 'complete', _meta: meta(ID) } }),
      { kind: 'completed' },
    ],
    [
      'the result of another request',
      JSON.stringify({ jsonrpc: '2.0', id: 1, result: { resultType: 'complete' } }),
      MISADDRESSED,
    ],
    [
      'a cancellation in place of the result',
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: ID } }),
      { kind: 'completed' },
    ],
    [
      'the cancellation of another request',
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }),
      MISADDRESSED,
    ],
    [
      'an error',
      JSON.stringify({ jsonrpc: '2.0', id: ID, error: { code: -32601, message: 'Method not found' } }),
      { kind: 'error', code: -32601, message: 'Method not found' },
    ],
    [
      'an error that says nothing',
      JSON.stringify({ jsonrpc: '2.0', id: null, error: null }),
      { kind: 'error', code: undefined, message: '' },
    ],
    ['no message', '[1]', MISADDRESSED],
  ])('is read: %s', (_, text, read) => {
    expect(readSubscriptionMessage(text, ID)).toEqual(read);
  });

  it('is read without a fault, whatever it is', () => {
    const parts = fc.constantFrom('jsonrpc', '2.0', 'params', '_meta', ID_KEY, ID, 'method', 'error', 'id');
    const value = fc.oneof(fc.jsonValue(), parts);
    const object = fc.dictionary(
      fc.constantFrom('method', 'params', 'error', 'id', 'result', '_meta', 'notifications', ID_KEY),
      fc.oneof(value, fc.dictionary(fc.constantFrom('_meta', ID_KEY, 'notifications', 'uri'), value)),
    );
    const kinds = ['acknowledged', 'notification', 'completed', 'error', 'misaddressed'];
    fc.assert(
      fc.property(object, (message) => {
        const { kind } = readSubscriptionMessage(JSON.stringify({ jsonrpc: '2.0', ...message }), ID);
        expect(kinds).toContain(kind);
      }),
    );
  });
});

describe('what a server honours', () => {
  const all: SubscriptionFilter = {
    toolsListChanged: true,
    promptsListChanged: true,
    resourcesListChanged: true,
    resourceSubscriptions: ['a', 'b'],
  };

  it.each<[SubscriptionFilter, SubscriptionFilter, boolean]>([
    [all, all, false],
    [{}, {}, false],
    [{ toolsListChanged: true }, all, false],
    [{ toolsListChanged: true }, {}, true],
    [all, { ...all, resourceSubscriptions: ['b'] }, true],
    [{ resourceSubscriptions: [] }, {}, false],
    [{ resourceSubscriptions: ['a'] }, { resourcesListChanged: true }, true],
  ])('of %j is %j: reduced is %s', (asked, honoured, reduced) => {
    expect(isReduced(asked, honoured)).toBe(reduced);
  });
});
