import { describe, expect, it } from 'vitest';
import { answerTo, readServerRequest } from './server-request.ts';

const answered = (text: string): unknown => {
  const request = readServerRequest(text);
  return request === undefined ? undefined : JSON.parse(answerTo(request));
};

describe('a message of the server', () => {
  it.each([
    ['ping', '"p-1"', { result: {} }],
    ['ping', '0', { result: {} }],
    ['roots/list', '7', { error: { code: -32601, message: 'Method not found' } }],
    ['sampling/createMessage', '"é"', { error: { code: -32601, message: 'Method not found' } }],
  ])('%s with id %s is answered', (method, id, end) => {
    expect(answered(`{"jsonrpc":"2.0","id":${id},"method":"${method}"}`)).toEqual({
      jsonrpc: '2.0',
      id: JSON.parse(id),
      ...end,
    });
  });

  it.each([
    '{"jsonrpc":"2.0","method":"notifications/progress"}',
    '{"jsonrpc":"2.0","id":1,"result":{}}',
    '{"jsonrpc":"2.0","id":null,"method":"ping"}',
    '{"jsonrpc":"2.0","id":{},"method":"ping"}',
    'null',
    '[]',
    'ping',
  ])('%s needs no answer', (text) => expect(answered(text)).toBeUndefined());
});
