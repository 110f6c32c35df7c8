import { describe, expect, it } from 'vitest';
import { type Detected, detectEra } from './detect.ts';
import type { Outcome } from './outcome.ts';

const error = (code: number, data?: unknown): unknown => ({
  jsonrpc: '2.0',
  id: 1,
  error: { code, message: 'no', data },
});
const versions = (...supportedVersions: readonly string[]): unknown => ({
  jsonrpc: '2.0',
  id: 1,
  result: { resultType: 'complete', supportedVersions },
});

function detect(status: number, body: unknown, outcome: Outcome = 'rpc-error'): Detected {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return detectEra({ status, outcome, detail: undefined, body: text });
}

describe('the era of a server', () => {
  it.each([
    ['answers the probe', 200, versions('2026-07-28'), 'stateless'],
    ['speaks both', 200, versions('2025-11-25', '2026-07-28'), 'stateless'],
    ['lists only the old version', 200, versions('2025-11-25'), 'try-sessions'],
    ['lists nothing', 200, versions(), 'try-sessions'],
    ['requires another header', 400, error(-32020), 'stateless'],
    ['requires a capability', 400, error(-32021), 'stateless'],
    ['does not know the method, the new way', 404, error(-32601), 'stateless'],
    ['does not know the method, the old way', 200, error(-32601), 'try-sessions'],
    ['requires another version', 400, error(-32022, { supported: ['2026-07-28'] }), 'stateless'],
    [
      'is old, with an error of the new revision',
      400,
      error(-32022, { supported: ['2025-11-25'] }),
      'try-sessions',
    ],
    ['requires another version, without a list', 400, error(-32022), 'try-sessions'],
    ['has null for data', 400, error(-32022, null), 'try-sessions'],
    ['requires a session', 400, error(-32000), 'try-sessions'],
    ['has an unknown session', 404, error(-32001), 'try-sessions'],
    ['answers 404 without a body', 404, undefined, 'try-sessions'],
    ['answers an empty 400', 400, '', 'try-sessions'],
    ['answers a web page', 200, '<html>', 'try-sessions'],
    ['answers null', 200, 'null', 'try-sessions'],
    ['has a text for an error', 400, '{"error":"invalid_request"}', 'try-sessions'],
    ['has null for a result', 200, '{"result":null}', 'try-sessions'],
  ])('that %s (%i) is detected', (_, status, body, era) => {
    expect(detect(status, body)).toBe(era);
  });

  it.each([
    [401, error(-32020), 'unauthorized', /credentials/],
    [403, undefined, 'forbidden', /credentials/],
    [429, undefined, 'http-error', /responds with an error/],
    [500, error(-32603), 'rpc-error', /responds with an error/],
    [503, versions('2026-07-28'), 'http-error', /responds with an error/],
    [302, undefined, 'http-error', /redirects/],
    [0, undefined, 'refused', /no answer \(refused\)/],
    [200, undefined, 'timeout', /no answer \(timeout\)/],
    [200, versions('2031-01-01'), 'ok', /only MCP 2031-01-01/],
  ] as const)('cannot be detected from %i %j (%s)', (status, body, outcome, what) => {
    const found = detect(status, body, outcome);
    expect(found).toMatchObject({ problem: { what: expect.stringMatching(what) } });
  });
});
