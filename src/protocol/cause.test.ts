import { describe, expect, it } from 'vitest';
import { causeOf } from './cause.ts';

describe('the cause of a refusal', () => {
  it.each([
    [421, 'Invalid Host header', 'host-check'],
    [403, 'Invalid Origin header', 'host-check'],
    [
      403,
      '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Invalid Host: 127.0.0.1"},"id":null}',
      'host-check',
    ],
    [403, 'Access is only allowed at localhost:8931', 'host-check'],
    [403, 'Origin http://evil.example is not allowed', 'host-check'],
    [403, 'insufficient scope', undefined],
    [403, '<h1>403 Forbidden</h1> The origin server could not be asked', undefined],
    [403, 'the host is in good health', undefined],
    [403, '', undefined],
    [401, 'Invalid Host header', undefined],
    [200, 'Invalid Host header', undefined],
  ])('%i %s: %s', (status, body, cause) => {
    expect(causeOf({ status, body: Buffer.from(body) })).toBe(cause);
  });
});
