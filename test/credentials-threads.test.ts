/** @module Proves that threads of a load get the changes of its credentials, and that what they count and keep becomes one. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf } from '../src/experiment/calibration/load.ts';
import { type LoadResult, runLoad } from '../src/generator/engine/engine.ts';
import type { AuthUpdate, LoadAuth } from '../src/generator/engine/load-auth.ts';
import { auth as measure } from '../src/recording/measure/auth.ts';
import { countsOf } from '../src/recording/recording.ts';
import { SENT } from '../src/recording/sent-log.ts';
import { epochMs } from '../src/units/clock.ts';
import { UserError } from '../src/units/user-error.ts';

const AGENTS = 8;
const WORKERS = 2;
const NEW_TOKEN = 'new';

const AUTH: LoadAuth = {
  scheme: 'Bearer',
  mode: 'jwt',
  identities: [{ name: 'all', agents: AGENTS, expected: ['allow'] }],
  tokens: Array.from({ length: AGENTS }, (_, agent) => `t${agent}`),
  perCall: false,
  url: '',
  graceUs: 0,
  timing: { header: 'server-timing', auth: 'auth', policy: 'policy' },
  keepsSentLog: true,
  events: ['revoke'],
};

/** Refuses the tokens of {@link revoked}. */
let server: Server;
let url: string;
const revoked = new Set<string>();
const seen = new Map<string, number>();

beforeAll(async () => {
  server = createServer((request, response) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    seen.set(token, (seen.get(token) ?? 0) + 1);
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      const { id } = JSON.parse(text);
      response.setHeader('x-served-by', 'one');
      response.setHeader('server-timing', 'auth;dur=0.5');
      response.writeHead(revoked.has(token) ? 401 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { resultType: 'complete', content: [] } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** Runs a load; once it has begun, `during` may change its credentials. */
async function load(during: (tell: (update: AuthUpdate) => void) => void): Promise<LoadResult> {
  const spans = { warmupUs: 0, durationUs: 2e6 };
  const plan = planOf(url, 'wire', { kind: 'rate', perSecond: 200 }, spans);
  const withAuth = { ...plan, auth: AUTH, load: { ...plan.load, agents: AGENTS } };
  let tell: (update: AuthUpdate) => void = () => undefined;
  return await runLoad(withAuth, WORKERS, {
    updates: {
      subscribe: (listener) => {
        tell = listener;
      },
    },
    onStart: () => void setTimeout(() => during(tell), 700),
  });
}

describe('the threads of a load with credentials', () => {
  it('get new tokens and changes of rights, and count as one', async () => {
    const { recording, sent } = await load((tell) => {
      const event = { event: 0, agents: [1] };
      tell({ kind: 'tokens', agents: [0], tokens: [NEW_TOKEN], atEpochMs: epochMs() });
      tell({ kind: 'begun', ...event, atEpochMs: epochMs() });
      revoked.add('t1');
      tell({ kind: 'confirmed', ...event, expected: ['unauthorized'], atEpochMs: epochMs() });
    });
    expect(seen.get(NEW_TOKEN)).toBeGreaterThan(0);
    const counts = countsOf(recording, measure)!;
    const cells = counts.cells.map(({ event, expected, allowed, unauthorized }) => ({
      event,
      expected,
      allowed: allowed > 0,
      unauthorized: unauthorized > 0,
    }));
    expect(cells).toEqual([
      { event: -1, expected: 'allow', allowed: true, unauthorized: false },
      { event: 0, expected: 'unauthorized', allowed: false, unauthorized: true },
    ]);
    expect(counts.events).toMatchObject([{ index: 0, kind: 'revoke', agents: 1 }]);
    expect(counts.check.totalUs).toBe(500 * counts.check.count);
    const outcomes = [...sent!.outcomes];
    const done = recording.byCall.reduce((sum, call) => sum + call.done, 0);
    expect(outcomes.filter((outcome) => outcome !== SENT.none)).toHaveLength(done);
    const refused = counts.cells.reduce((sum, { unauthorized }) => sum + unauthorized, 0);
    expect(outcomes.filter((outcome) => outcome === SENT.unauthorized).length).toBeGreaterThanOrEqual(
      refused,
    );
    expect(sent!.names).toEqual(['one']);
  });

  it('end the load on a token that is not legal', async () => {
    const illegal = load((tell) => {
      tell({ kind: 'tokens', agents: [0], tokens: ['a\r\nb'], atEpochMs: epochMs() });
    });
    await expect(illegal).rejects.toThrow(UserError);
  });
});
