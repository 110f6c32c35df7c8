/** @module The conformance suite of engines with a cache, with real processes: all that every engine keeps, it keeps alike. */
import type { RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { tagsOf } from '../../../test/programs.ts';
import type { EngineName } from '../../profile/balancer-kinds.ts';
import type { CacheSettings, OfferSettings } from '../../profile/settings.ts';
import { CACHEABLE_METHODS } from '../../protocol/caching/methods.ts';
import { systemClock } from '../../units/clock.ts';
import type { Millis } from '../../units/time.ts';
import { startBalancer } from '../balancer.ts';
import { request, SETTINGS, type Sent } from '../proxy/cache/messages.case.ts';
import { type Received, received } from '../proxy/cache/received.case.ts';
import { atEnd, RawClient, upstream } from '../proxy/peers.case.ts';
import type { Balancer } from './engine.ts';

/** Longer than any test. */
const LONG_MS: Millis = 600_000;

interface Asked {
  readonly id: unknown;
  readonly method: string;
  readonly n: number;
}

/** Writes the answer to the `n`th request, whose result says `hints`. */
type Write = (response: ServerResponse, asked: Asked, hints: object) => void;

const JSON_TYPE = { 'content-type': 'application/json', 'server-timing': 'auth;dur=0.250' };
const STREAM_TYPE = { 'content-type': 'text/event-stream', 'server-timing': 'auth;dur=0.250' };

const idFirst: Write = (response, { id, n }, hints) =>
  response.writeHead(200, JSON_TYPE).end(JSON.stringify({ jsonrpc: '2.0', id, result: { n, ...hints } }));
const idLast: Write = (response, { id, n }, hints) =>
  response.writeHead(200, JSON_TYPE).end(JSON.stringify({ result: { n, ...hints }, jsonrpc: '2.0', id }));
const asEvent: Write = (response, { id, n }, hints) => {
  const message = JSON.stringify({ jsonrpc: '2.0', id, result: { n, ...hints } });
  response.writeHead(200, STREAM_TYPE).end(`event: message\ndata: ${message}\n\n`);
};

/** Requests that differ from a plain `tools/list`, and from each other. */
const OTHERS: Readonly<Record<string, Sent>> = {
  'with a cursor': { params: { cursor: 'c' } },
  'with the empty cursor': { params: { cursor: '' } },
  'that continues another one': { params: { requestState: 's' } },
  'with answers to input_required': { params: { inputResponses: {} } },
  'of another revision': { params: { _meta: { 'io.modelcontextprotocol/protocolVersion': '2027-01-01' } } },
  'whose header names another method': { named: 'prompts/list' },
  'of another method': { method: 'prompts/list' },
};

/** Runs the suite for one engine. `shortMs`: the shortest `ttlMs` that it can do. */
export function testEngineCache(engine: EngineName, shortMs: Millis): void {
  /** The balancer with a cache before one instance, and a way to ask it. */
  async function start(write: Write, ttlMs = LONG_MS, settings: Partial<CacheSettings> = {}) {
    const seen: Asked[] = [];
    const listener: RequestListener = async (incoming, response) => {
      const { id, method } = JSON.parse(await text(incoming));
      seen.push({ id, method, n: seen.length + 1 });
      write(response, seen.at(-1)!, { resultType: 'complete', ttlMs, cacheScope: 'public' });
    };
    const { port } = await upstream(listener);
    const hint = { ttlMs, cacheScope: 'public' } as const;
    const balancer: Balancer = await startBalancer({
      settings: { engine, policy: 'round-robin' },
      upstreams: [{ id: 'i0', url: `http://127.0.0.1:${port}/mcp` }],
      seed: 1,
      cache: { ...SETTINGS, ...settings },
      hints: Object.fromEntries(CACHEABLE_METHODS.map((each) => [each, hint])) as OfferSettings['hints'],
    });
    atEnd(() => balancer.stop());
    const get = async (sent: Sent = {}): Promise<Received> => {
      const client = new RawClient(Number(new URL(balancer.url).port));
      client.send(request({ ...sent, fields: `${sent.fields ?? ''}connection: close\r\n` }));
      await client.ended;
      return received(client.text);
    };
    return { balancer, get, seen };
  }

  describe(`the cache of engine ${engine}`, { tags: tagsOf(engine) }, () => {
    it('gives whoever asks again the answer, however it is written, under the id of whoever asks', async () => {
      const writes: Readonly<Record<string, Write>> = {
        'tools/list': idFirst,
        'prompts/list': idLast,
        'resources/list': asEvent,
      };
      const { get, seen } = await start((response, asked, hints) =>
        writes[asked.method]!(response, asked, hints),
      );
      for (const [before, method] of Object.keys(writes).entries()) {
        const n = before + 1;
        const first = { status: 200, mark: 'miss', reason: 'cold', id: 'first', n };
        expect(await get({ method, id: 'first' })).toMatchObject(first);
        for (const id of [7, 'x y', 'b"\\"', -3, 1_000_000_007]) {
          const again = await get({ method, id, token: `of ${id}` });
          expect(again).toMatchObject({ status: 200, mark: 'hit', id, n });
        }
        expect(seen).toHaveLength(n);
      }
    });

    it('names the instance and its times in what was fetched, and not in what was kept', async () => {
      const { get } = await start(idFirst);
      const [fetched, kept] = [await get(), await get()];
      expect(fetched.head).toMatch(/^x-served-by: i0\r?$/im);
      expect(fetched.head).toContain('auth;dur=0.250');
      expect(kept.head).not.toMatch(/^x-served-by/im);
      expect(kept.head).not.toContain('auth;dur');
    });

    it('gives other requests nothing that was kept for one', async () => {
      const { get, seen } = await start(idFirst);
      await get({ id: 'a' });
      for (const [which, sent] of Object.entries(OTHERS)) {
        const n = seen.length + 1;
        expect(await get({ id: which, ...sent }), which).toMatchObject({ status: 200, id: which, n });
        expect(await get({ id: 'c' }), which).toMatchObject({ mark: 'hit', id: 'c', n: 1 });
        expect(seen).toHaveLength(n);
      }
    });

    it('forwards every call of a tool', async () => {
      const { get } = await start(idFirst);
      for (const n of [1, 2, 3])
        expect(await get({ id: n, method: 'tools/call', params: { name: 'echo' } })).toMatchObject({
          id: n,
          n,
          mark: undefined,
        });
    });

    it('does not keep a refusal', async () => {
      const { get } = await start((response, asked, hints) =>
        asked.n === 1 ? response.writeHead(401).end() : idFirst(response, asked, hints),
      );
      expect(await get()).toMatchObject({ status: 401, mark: 'miss' });
      expect(await get()).toMatchObject({ status: 200, mark: 'miss', n: 2 });
      expect(await get()).toMatchObject({ status: 200, mark: 'hit', n: 2 });
    });

    it('gives nothing after ttlMs, and fetches it then', async () => {
      const { get } = await start(idFirst, shortMs);
      await get();
      const receivedUs = systemClock.now();
      for (let n: unknown = 1; n === 1; ) {
        const askedUs = systemClock.now();
        const answer = await get();
        n = answer.n;
        if (n !== 1) expect(answer).toMatchObject({ mark: 'miss', reason: 'expired' });
        else expect(askedUs).toBeLessThan(receivedUs + shortMs * 1000);
        await setTimeout(5);
      }
    });

    it('keeps what it has when an instance joins', async () => {
      const { balancer, get, seen } = await start(idFirst);
      await get();
      const { port } = await upstream((_, response) => response.end());
      await balancer.addUpstream({ id: 'i1', url: `http://127.0.0.1:${port}/mcp` });
      expect(await get({ id: 9 })).toMatchObject({ mark: 'hit', id: 9, n: 1 });
      expect(seen).toHaveLength(1);
    });
  });
}
