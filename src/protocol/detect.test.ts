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
    ['lists only what is old', 200, versions('2025-11-25'), 'try-sessions'],
    ['lists nothing', 200, versions(), 'try-sessions'],
    ['wants another header', 400, error(-32020), 'stateless'],
    ['wants a capability', 400, error(-32021), 'stateless'],
    ['does not know the method, the new way', 404, error(-32601), 'stateless'],
    ['does not know the method, the old way', 200, error(-32601), 'try-sessions'],
    ['wants another of the versions', 400, error(-32022, { supported: ['2026-07-28'] }), 'stateless'],
    ['is old and says so in the new way', 400, error(-32022, { supported: ['2025-11-25'] }), 'try-sessions'],
    ['wants another version and names none', 400, error(-32022), 'try-sessions'],
    ['has null for data', 400, error(-32022, null), 'try-sessions'],
    ['wants a session', 400, error(-32000), 'try-sessions'],
    ['has an unknown session', 404, error(-32001), 'try-sessions'],
    ['has a bare 404', 404, undefined, 'try-sessions'],
    ['has an empty 400', 400, '', 'try-sessions'],
    ['has a page', 200, '<html>', 'try-sessions'],
    ['has null', 200, 'null', 'try-sessions'],
    ['has a text for an error', 400, '{"error":"invalid_request"}', 'try-sessions'],
    ['has null for a result', 200, '{"result":null}', 'try-sessions'],
  ])('that %s (%i) is found', (_, status, body, era) => {
    expect(detect(status, body)).toBe(era);
  });

  it.each([
    [401, error(-32020), 'unauthorized', /credentials/],
    [403, undefined, 'forbidden', /credentials/],
    [429, undefined, 'http-error', /not well/],
    [500, error(-32603), 'rpc-error', /not well/],
    [503, versions('2026-07-28'), 'http-error', /not well/],
    [302, undefined, 'http-error', /elsewhere/],
    [0, undefined, 'refused', /no answer \(refused\)/],
    [200, undefined, 'timeout', /no answer \(timeout\)/],
    [200, versions('2031-01-01'), 'ok', /only MCP 2031-01-01/],
  ] as const)('is not told by %i %j (%s)', (status, body, outcome, what) => {
    const found = detect(status, body, outcome);
    expect(found).toMatchObject({ fault: { what: expect.stringMatching(what) } });
  });
});
