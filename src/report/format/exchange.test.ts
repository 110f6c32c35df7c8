import { expect, it } from 'vitest';
import type { Request } from '../../protocol/request.ts';
import { exchangeLines } from './exchange.ts';

const request: Request = {
  head: {
    method: 'POST',
    headers: ['content-type', 'application/json', 'authorization', 'Bearer very-secret-token'],
    text: '',
  },
  body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  ascii: true,
  expected: { kind: 'result', id: 1 },
  inSession: false,
};

it('shows what was sent and what came back, line by line', () => {
  const body = Buffer.from('{"error":{"code":-32602}}');
  const answer = {
    status: 400,
    statusText: 'Bad Request',
    headers: { 'content-type': 'application/json' },
    body,
  };
  expect(exchangeLines(request, answer)).toEqual([
    '> POST',
    '> content-type: application/json',
    '> authorization: (not shown)',
    '>',
    '> {"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    '< 400 Bad Request',
    '< content-type: application/json',
    '<',
    '< {"error":{"code":-32602}}',
  ]);
});

it.each([
  ['Bearer realm="mcp", error="invalid_token", resource_metadata="https://a.example/meta"', undefined],
  ['Negotiate oYG2MIGzoAMKAQChCwYJKoZIgvcSAQICooGeBIGb', 'Negotiate (removed)'],
])('shows what a challenge says: %s', (challenge, instead = challenge) => {
  const headers = { 'www-authenticate': challenge, 'set-cookie': 'sid=very-secret' };
  const answer = { status: 401, statusText: 'Unauthorized', headers, body: Buffer.from('') };
  expect(exchangeLines(request, answer).slice(-4)).toEqual([
    '< 401 Unauthorized',
    `< www-authenticate: ${instead}`,
    '< set-cookie: (not shown)',
    '<',
  ]);
});

it('says that no answer came in time', () => {
  expect(exchangeLines(request, undefined).at(-1)).toBe('< (no answer before the call ended)');
});

it.each([
  [
    'a credential that the server repeats',
    'you sent Bearer very-secret-token',
    '< you sent Bearer (removed)',
  ],
  ['control characters', 'red \u001b[31mtext', '< red  [31mtext'],
])('takes %s out of a body', (_, body, shown) => {
  const answer = { status: 200, statusText: '', headers: {}, body: Buffer.from(body) };
  expect(exchangeLines(request, answer).at(-1)).toBe(shown);
});

it('cuts a long body and says by how much', () => {
  const answer = { status: 200, statusText: 'OK', headers: {}, body: Buffer.from('x'.repeat(5000)) };
  expect(exchangeLines(request, answer).at(-1)).toBe('< ... 3000 more characters');
});
