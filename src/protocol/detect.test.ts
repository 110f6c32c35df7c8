import { describe, expect, it } from 'vitest';
import { type Detected, detectEra, refusedVersion } from './detect.ts';
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
  return detectEra({ status, outcome, detail: undefined, body: text }, 'target.era');
}

describe('the era of a server', () => {
  it.each([
    ['answers the probe', 200, versions('2026-07-28'), 'stateless'],
    ['speaks both', 200, versions('2025-11-25', '2026-07-28'), 'stateless'],
    ['lists only the old version', 200, versions('2025-11-25'), 'try-sessions'],
    ['lists nothing', 200, versions(), 'try-sessions'],
    ['requires another header', 400, error(-32020), 'stateless'],
    ['requires a capability', 400, error(-32021), 'stateless'],
    ['does not know the method, with 404', 404, error(-32601), 'try-sessions'],
    ['does not know the method, with 200', 200, error(-32601), 'try-sessions'],
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
    [429, undefined, 'http-error', /responds to server\/discover with an error/],
    [500, error(-32603), 'rpc-error', /responds to server\/discover with an error/],
    [503, versions('2026-07-28'), 'http-error', /responds to server\/discover with an error/],
    [302, undefined, 'http-error', /redirects/],
    [0, undefined, 'refused', /no answer \(refused\)/],
    [200, undefined, 'timeout', /no answer to server\/discover \(200\)/],
    [200, versions('2031-01-01'), 'ok', /only MCP 2031-01-01/],
  ] as const)('cannot be detected from %i %j (%s)', (status, body, outcome, what) => {
    const found = detect(status, body, outcome);
    expect(found).toMatchObject({ problem: { what: expect.stringMatching(what) } });
  });
});

describe('the way out of a probe that detects nothing', () => {
  it.each([
    [500, 'http-error'],
    [0, 'timeout'],
  ] as const)('is named after %i (%s), in the words of the profile', (status, outcome) => {
    const reply = { status, outcome, detail: undefined, body: undefined };
    for (const key of ['target.era', 'fleet.era'] as const) {
      expect(detectEra(reply, key)).toMatchObject({
        problem: { todo: expect.stringContaining(`set ${key}: sessions`) },
      });
    }
  });

  it('is not named when nothing listens', () => {
    const found = detect(0, undefined, 'refused');
    expect(found).toMatchObject({ problem: { todo: 'check that the server is running at this address' } });
  });
});

describe('the versions of a server that refuses ours', () => {
  const said = (message: string, data?: unknown): string =>
    JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32602, message, data } });

  it('are named as far as it says them', () => {
    expect(refusedVersion(said('Unsupported protocol version'))?.what).toBe(
      'the server refuses MCP 2025-11-25 (-32602 Unsupported protocol version); it does not say which versions it speaks',
    );
    expect(refusedVersion(said('no', { supported: ['2025-06-18', '2025-03-26'] }))?.what).toBe(
      'the server refuses MCP 2025-11-25 (-32602 no); it offers 2025-06-18, 2025-03-26',
    );
  });

  it.each([said('Missing clientInfo'), '{"result":{}}', 'null', undefined])('are not in %s', (body) => {
    expect(refusedVersion(body)).toBeUndefined();
  });
});
