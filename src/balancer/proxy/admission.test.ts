import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { GatewayCache } from './cache/gateway-cache.ts';
import { answerTo, json, request, SETTINGS } from './cache/messages.case.ts';
import { received } from './cache/received.case.ts';
import type { Gate, GateDecision } from './gate.ts';
import { proxyTo, RawClient, upstream } from './peers.case.ts';

const REFUSED: GateDecision = { kind: 'answer', answer: { status: 401, fields: {}, body: 'who?' } };
const ALLOWED: GateDecision = {
  kind: 'forward',
  changes: {
    removed: new Set(['authorization']),
    added: 'x-caller: known\r\n',
    addedToAnswer: 'server-timing: auth;dur=0.100\r\n',
  },
};
const byToken: Gate = ({ fields }) => (fields.authorization === 'Bearer good' ? ALLOWED : REFUSED);

/** A proxy with `gate` and a cache; what reached the server. */
async function start(gate: Gate) {
  const cache = new GatewayCache(SETTINGS, '/mcp', 1, new VirtualClock());
  const look = vi.spyOn(cache, 'ask');
  const seen: unknown[] = [];
  const { port } = await upstream((incoming, response) => {
    seen.push([incoming.headers['x-caller'], incoming.headers.authorization]);
    incoming.resume();
    incoming.on('end', () => json(response, answerTo(1, { ttlMs: 1000, cacheScope: 'public' })));
  });
  const proxy = await proxyTo([port], 'round-robin', { gate, cache });
  const get = async (token: string) => {
    const client = new RawClient(proxy.port).send(request({ token, fields: 'connection: close\r\n' }));
    await client.ended;
    return received(client.text);
  };
  return { get, look, seen };
}

describe('a gate before a cache', () => {
  it.each<[string, Gate]>([
    ['at once', byToken],
    ['later', async (...given) => byToken(...given)],
  ])('decides %s about every request, also about those that the cache answers', async (_, gate) => {
    const { get, look, seen } = await start(gate);
    expect(await get('good')).toMatchObject({ status: 200, mark: 'miss' });
    const hit = await get('good');
    expect(hit).toMatchObject({ status: 200, mark: 'hit' });
    expect(hit.head).toContain('server-timing: auth;dur=0.100\r\n');
    expect(await get('bad')).toMatchObject({ status: 401, mark: undefined });
    expect(look).toHaveBeenCalledTimes(2);
    expect(seen).toEqual([['known', undefined]]);
  });

  it('keeps private results by the token, although the instance never sees it', async () => {
    const { look, get } = await start(() => ALLOWED);
    await get('a');
    expect(look.mock.calls[0]![0].fields.authorization).toBe('Bearer a');
  });
});
