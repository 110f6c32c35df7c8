import { describe, expect, it, vi } from 'vitest';
import { ask, RawClient } from '../peers.case.ts';
import {
  answered,
  answerTo,
  bed,
  events,
  json,
  message,
  numbered,
  type Respond,
  request,
  type Sent,
} from './messages.case.ts';
import { received } from './received.case.ts';

const PUBLIC = { ttlMs: 1000, cacheScope: 'public' };
const PRIVATE = { ttlMs: 1000, cacheScope: 'private' };

/** Answers when the test says so. */
function held(respond: Respond): { respond: Respond; release(): void; waiting(): number } {
  const waiting: (() => void)[] = [];
  return {
    respond: (...given) => waiting.push(() => respond(...given)),
    release: () => {
      for (const answer of waiting.splice(0)) answer();
    },
    waiting: () => waiting.length,
  };
}

describe('the cache of a gateway', () => {
  it('answers the same question from its cache until the end of ttlMs', async () => {
    const { get, clock, seen, proxy } = await bed(numbered(PUBLIC));
    const first = await get({ id: 'a' });
    expect(first).toMatchObject({
      status: 200,
      mark: 'miss',
      reason: 'cold',
      ageMs: undefined,
      id: 'a',
      n: 1,
    });
    expect(first.head).toContain('x-served-by: i0');
    clock.advance(999_999);
    const second = await get({ id: 7 });
    expect(second).toMatchObject({ status: 200, mark: 'hit', ageMs: 999.999, id: 7, n: 1 });
    expect(second.head).not.toContain('x-served-by');
    clock.advance(1);
    expect(await get({ id: 8 })).toMatchObject({ mark: 'miss', reason: 'expired', id: 8, n: 2 });
    expect(seen.map(({ id }) => id)).toEqual(['a', 8]);
    expect(proxy.stats()).toMatchObject({
      ownAnswers: 0,
      upstreams: [{ requests: 2 }],
      cache: { hit: 1, miss: 2, entries: 1, notKept: {} },
    });
  });

  it.each<[string, Sent]>([
    ['another method', { method: 'prompts/list' }],
    ['a cursor', { params: { cursor: 'x' } }],
    ['an empty cursor', { params: { cursor: '' } }],
    ['a resource', { method: 'resources/read', params: { uri: 'a:b c' } }],
  ])('keeps %s apart', async (_, other) => {
    const { get } = await bed(numbered(PUBLIC));
    await get();
    expect(await get(other)).toMatchObject({ mark: 'miss', n: 2 });
    expect(await get(other)).toMatchObject({ mark: 'hit', n: 2 });
    expect(await get()).toMatchObject({ mark: 'hit', n: 1 });
  });

  it('does not look at what has no effect on the result', async () => {
    const { get } = await bed(numbered(PUBLIC));
    await get({ fields: 'traceparent: 00-1\r\n' });
    const _meta = { ...JSON.parse(message()).params._meta, traceparent: '00-2', progressToken: 1 };
    expect(await get({ params: { _meta }, token: 't' })).toMatchObject({ mark: 'hit', n: 1 });
  });

  it.each<[string, Sent]>([
    ['a parameter that it does not know', { params: { filter: 'x' } }],
    ['a cursor that is no text', { params: { cursor: 1 } }],
    ['answers to an earlier input_required', { params: { inputResponses: {} } }],
    ['the state of an earlier request', { params: { requestState: 's' } }],
    ['another revision', { params: { _meta: { 'io.modelcontextprotocol/protocolVersion': '2025-11-25' } } }],
    ['a header that names another method', { named: 'prompts/list' }],
    ['no id', { id: null }],
    [
      'a name that is not its URI',
      { method: 'resources/read', params: { uri: 'a:b' }, fields: 'mcp-name: a:c\r\n' },
    ],
  ])('has no part in a request with %s', async (_, sent) => {
    const { get, proxy } = await bed(numbered(PUBLIC));
    for (const n of [1, 2]) expect(await get(sent)).toMatchObject({ mark: undefined, n });
    expect(proxy.stats().cache).toMatchObject({ pass: 2, miss: 0, entries: 0 });
  });

  it('has no part in requests of other methods, whatever their body is', async () => {
    const { get, cache, proxy } = await bed((_, response) => response.end('{}'));
    const look = vi.spyOn(cache, 'ask');
    await get({ method: 'tools/call', params: { name: 'echo' } });
    const client = new RawClient(proxy.port).send(ask(message(), ''));
    await client.until('{}');
    expect(look).not.toHaveBeenCalled();
  });

  it('reads a message that comes in parts, and forwards it whole', async () => {
    const { proxy, seen, clock } = await bed(numbered(PUBLIC));
    for (const [mark, id] of [
      ['miss', 1],
      ['hit', 2],
    ] as const) {
      const client = new RawClient(proxy.port);
      const bytes = request({ id, fields: 'connection: close\r\n' });
      for (const at of [0, 40, bytes.length - 60, bytes.length - 1]) {
        const next = [40, bytes.length - 60, bytes.length - 1, bytes.length].find((each) => each > at);
        client.send(bytes.slice(at, next));
        await new RawClient(proxy.port).send('nonsense').ended;
      }
      await client.ended;
      expect(received(client.text)).toMatchObject({ mark, id, n: 1 });
      clock.advance(1);
    }
    expect(seen).toHaveLength(1);
  });

  it('answers requests on one connection in their order, hits among them', async () => {
    const { proxy, get } = await bed(numbered(PUBLIC));
    await get();
    const requests = [
      request({ id: 1 }),
      request({ id: 2, method: 'tools/call' }),
      request({ id: 3 }),
      request({ id: 4, method: 'prompts/list' }),
      request({ id: 5, fields: 'connection: close\r\n' }),
    ];
    const client = new RawClient(proxy.port).send(requests.join(''));
    await client.ended;
    expect(client.text.match(/"id":\d/g)).toEqual([1, 2, 3, 4, 5].map((id) => `"id":${id}`));
    expect(client.text.match(/cache;desc=\w+/g)).toEqual(
      ['hit', 'hit', 'miss', 'hit'].map((each) => `cache;desc=${each}`),
    );
  });

  describe('gives', () => {
    it('public results to every token', async () => {
      const { get } = await bed(numbered(PUBLIC));
      await get({ token: 'a' });
      for (const token of ['b', undefined, 'a'])
        expect(await get({ ...(token && { token }) })).toMatchObject({ mark: 'hit', n: 1 });
    });

    it.each([
      ['private', PRIVATE],
      ['without a scope', { ttlMs: 1000 }],
      ['with an unknown scope', { ttlMs: 1000, cacheScope: 'all' }],
    ])(
      'results that are %s to their token only, and callers without a token count as one',
      async (_, hints) => {
        const { get } = await bed(numbered(hints));
        const tokens = ['a', 'b', undefined];
        for (const round of ['miss', 'hit'])
          for (const [index, token] of tokens.entries())
            expect(await get({ ...(token && { token }) })).toMatchObject({ mark: round, n: index + 1 });
      },
    );

    it('a result that has become private to its token only', async () => {
      let n = 0;
      const { get, clock } = await bed((seen, response) => {
        n += 1;
        answered(response, seen, { n, ...(n === 1 ? PUBLIC : PRIVATE) });
      });
      await get({ token: 'a' });
      clock.advance(1_000_000);
      await get({ token: 'a' });
      expect(await get({ token: 'b' })).toMatchObject({ mark: 'miss', n: 3 });
      expect(await get({ token: 'a' })).toMatchObject({ mark: 'hit', n: 2 });
    });
  });

  it.each<[string, Respond, string]>([
    [
      'an error',
      ({ id }, response) => json(response, { jsonrpc: '2.0', id, error: { code: -32603, message: 'x' } }),
      'error',
    ],
    [
      'a result that asks for input',
      (seen, response) => answered(response, seen, { ...PUBLIC, resultType: 'input_required' }),
      'hints',
    ],
    ['ttlMs 0', numbered({ ttlMs: 0, cacheScope: 'public' }), 'hints'],
    ['a negative ttlMs', numbered({ ttlMs: -1, cacheScope: 'public' }), 'hints'],
    ['no ttlMs', numbered({ cacheScope: 'public' }), 'hints'],
    ['a refusal', (seen, response) => answered(response, seen, PUBLIC, 401), 'status'],
    ['a server error', (seen, response) => answered(response, seen, PUBLIC, 500), 'failed'],
    [
      'the answer to another request',
      (seen, response) => answered(response, { ...seen, id: 'other' }, PUBLIC),
      'message',
    ],
    [
      'broken JSON',
      (_, response) => response.setHeader('content-type', 'application/json').end('{"id":1,"result":{'),
      'message',
    ],
    ['text', (_, response) => response.setHeader('content-type', 'text/plain').end(message()), 'type'],
    [
      'an encoded answer',
      (seen, response) => answered(response.setHeader('content-encoding', 'gzip'), seen, PUBLIC),
      'encoded',
    ],
    [
      'a stream with two messages',
      (seen, response) => events(response, [{ method: 'notifications/message' }, answerTo(seen.id, PUBLIC)]),
      'events',
    ],
    [
      'a stream that ends within its message',
      (seen, response) =>
        void response
          .setHeader('content-type', 'text/event-stream')
          .end(`data: ${JSON.stringify(answerTo(seen.id, PUBLIC))}\n`),
      'events',
    ],
    ['more than 8 MiB', numbered({ ...PUBLIC, text: 'x'.repeat(8 * 1024 * 1024) }), 'size'],
  ])('does not keep %s', async (_, respond, reason) => {
    const { get, seen, proxy } = await bed(respond);
    await get();
    expect((await get()).mark).toBe('miss');
    expect(seen).toHaveLength(2);
    expect(proxy.stats().cache).toMatchObject({ entries: 0, notKept: { [reason]: 2 } });
  });

  it('keeps an answer to the byte, whatever is in it', async () => {
    const text =
      '{ "result" : {"resultType":"complete","ttlMs":1000,"cacheScope":"public","n":1.50,"big":12345678901234567890,"s":"é\\u0041\\"id\\":3😀"} ,\n "id" : 1,"jsonrpc":"2.0"}';
    const { get } = await bed((_, response) =>
      response.setHeader('content-type', 'application/json; charset=utf-8').end(text),
    );
    expect((await get({ id: 1 })).body).toBe(text);
    expect((await get({ id: 'a"b' })).body).toBe(text.replace('"id" : 1', `"id" : ${JSON.stringify('a"b')}`));
  });

  it('keeps the only message of an event stream, and gives it as JSON', async () => {
    const { get } = await bed((seen, response) => events(response, [answerTo(seen.id, PUBLIC)]));
    await get();
    const hit = await get({ id: 2 });
    expect(hit).toMatchObject({ mark: 'hit', id: 2 });
    expect(hit.head).toContain('content-type: application/json\r\n');
  });

  it('drops all pages of a list whose cursor is invalid', async () => {
    let isStale = false;
    const { get, seen } = await bed((seen, response) => {
      if (seen.params['cursor'] === 'old' && isStale)
        json(response, { jsonrpc: '2.0', id: seen.id, error: { code: -32602, message: 'cursor' } });
      else answered(response, seen, PUBLIC);
    });
    const page = (cursor: string): Sent => ({ params: { cursor } });
    for (const sent of [{}, page('2'), { method: 'prompts/list' }]) await get(sent);
    isStale = true;
    await get(page('old'));
    expect((await get()).mark).toBe('miss');
    expect((await get(page('2'))).mark).toBe('miss');
    expect((await get({ method: 'prompts/list' })).mark).toBe('hit');
    expect(seen).toHaveLength(6);
  });

  it('has no more entries than its capacity', async () => {
    const { get, proxy } = await bed(numbered(PUBLIC), { capacity: 2 });
    const page = (cursor: string): Sent => ({ params: { cursor } });
    for (const cursor of ['a', 'b']) await get(page(cursor));
    await get(page('a'));
    await get(page('c'));
    expect(await get(page('a'))).toMatchObject({ mark: 'hit' });
    expect(await get(page('b'))).toMatchObject({ mark: 'miss', reason: 'evicted' });
    expect(proxy.stats().cache).toMatchObject({ entries: 2, evicted: 2 });
  });

  it('lets entries expire earlier with jitter, never later', async () => {
    const { get, clock } = await bed(numbered(PUBLIC), { jitter: 0.5 });
    const pages = Array.from({ length: 40 }, (_, index): Sent => ({ params: { cursor: `${index}` } }));
    for (const page of pages) await get(page);
    const fresh = async () => {
      const marks = await Promise.all(pages.map(async (page) => (await get(page)).mark));
      return marks.filter((mark) => mark === 'hit').length;
    };
    clock.advance(499_999);
    expect(await fresh()).toBe(40);
    clock.advance(250_001);
    const half = await fresh();
    expect(half).toBeGreaterThan(5);
    expect(half).toBeLessThan(35);
  });
});

describe('with singleFlight', () => {
  it.each([
    ['without tokens', [{}, {}, {}]],
    ['with three tokens', [{ token: 'a' }, { token: 'b' }, { token: 'c' }]],
  ])('requests %s wait for the fetch that is under way', async (_, senders) => {
    const server = held(numbered(PUBLIC));
    const made = await bed(server.respond, { singleFlight: true });
    const first = made.get({ id: 1, ...senders[0] });
    await vi.waitFor(() => expect(server.waiting()).toBe(1));
    const others = senders.slice(1).map((sent, index) => made.get({ id: index + 2, ...sent }));
    await new RawClient(made.proxy.port).send('nonsense').ended;
    server.release();
    expect(await first).toMatchObject({ mark: 'miss', id: 1, n: 1 });
    expect(await Promise.all(others)).toMatchObject([
      { mark: 'wait', id: 2, n: 1 },
      { mark: 'wait', id: 3, n: 1 },
    ]);
    expect(made.seen).toHaveLength(1);
  });

  it('no private answer goes to another token, and each token fetches once', async () => {
    const server = held(numbered(PRIVATE));
    const made = await bed(server.respond, { singleFlight: true });
    const tokens = ['a', 'b', 'a', 'b', 'c', 'a'];
    const answers = tokens.map((token) => made.get({ token }));
    await vi.waitFor(() => expect(server.waiting()).toBe(1));
    server.release();
    await vi.waitFor(() => expect(made.seen).toHaveLength(3));
    server.release();
    const got = await Promise.all(answers);
    for (const [index, { n }] of got.entries()) {
      const owner = made.seen[Number(n) - 1]!.token;
      expect(owner).toBe(tokens[index]);
    }
  });

  it('requests go on by themselves when the fetch fails, or gives what may not be kept', async () => {
    for (const respond of [
      numbered({ ttlMs: 0, cacheScope: 'public' }),
      ((seen, response) => answered(response, seen, { n: 0, ...PUBLIC }, 503)) as Respond,
      ((_, response) => response.destroy()) as Respond,
    ]) {
      const server = held(respond);
      const made = await bed(server.respond, { singleFlight: true });
      const answers = [made.get(), made.get(), made.get()];
      await vi.waitFor(() => expect(server.waiting()).toBe(1));
      server.release();
      // At the same time: none waits for another failure.
      await vi.waitFor(() => expect(server.waiting()).toBe(2));
      server.release();
      await Promise.all(answers);
      expect(made.seen).toHaveLength(3);
    }
  });

  it('a request does not wait where the latest answer may not be kept', async () => {
    const server = held(numbered({ ttlMs: 0, cacheScope: 'public' }));
    const made = await bed(server.respond, { singleFlight: true });
    const first = made.get();
    await vi.waitFor(() => expect(server.waiting()).toBe(1));
    server.release();
    await first;
    const answers = [made.get(), made.get()];
    await vi.waitFor(() => expect(server.waiting()).toBe(2));
    server.release();
    await Promise.all(answers);
  });

  it('one of those who wait fetches when the client of the first has gone', async () => {
    const server = held(numbered(PUBLIC));
    const made = await bed(server.respond, { singleFlight: true });
    const gone = new RawClient(made.proxy.port).send(request());
    await vi.waitFor(() => expect(server.waiting()).toBe(1));
    const answers = [made.get({ id: 2 }), made.get({ id: 3 })];
    await new RawClient(made.proxy.port).send('nonsense').ended;
    gone.socket.destroy();
    await vi.waitFor(() => expect(server.waiting()).toBe(2));
    server.release();
    const marks = (await Promise.all(answers)).map(({ mark }) => mark).sort();
    expect(marks).toEqual(['miss', 'wait']);
    expect(made.seen).toHaveLength(2);
  });

  it('whoever leaves while it waits keeps no one waiting', async () => {
    const server = held(numbered(PUBLIC));
    const made = await bed(server.respond, { singleFlight: true });
    const first = new RawClient(made.proxy.port).send(request());
    await vi.waitFor(() => expect(server.waiting()).toBe(1));
    const second = new RawClient(made.proxy.port).send(request());
    await new RawClient(made.proxy.port).send('nonsense').ended;
    const third = made.get({ id: 3 });
    await new RawClient(made.proxy.port).send('nonsense').ended;
    // The second would fetch in place of the first, and has gone as well.
    second.socket.destroy();
    await vi.waitFor(() => expect(made.proxy.stats().cancelled).toBe(1));
    first.socket.destroy();
    await vi.waitFor(() => expect(server.waiting()).toBe(2));
    server.release();
    expect(await third).toMatchObject({ mark: 'miss', id: 3 });
  });
});

describe('with staleIfError', () => {
  const TEN_SECONDS = { staleIfErrorUs: 10e6 };

  it.each<[string, Respond]>([
    ['answers with a server error', (seen, response) => answered(response, seen, { n: 9, ...PUBLIC }, 503)],
    ['breaks the connection', (_, response) => response.destroy()],
  ])('gives an expired entry when the instance %s, until its time', async (_, fail) => {
    const good = numbered(PUBLIC);
    let failing = false;
    const { get, clock, proxy } = await bed((...given) => (failing ? fail : good)(...given), TEN_SECONDS);
    await get();
    failing = true;
    clock.advance(1_000_000);
    expect(await get({ id: 2 })).toMatchObject({ status: 200, mark: 'stale', ageMs: 1000, id: 2, n: 1 });
    clock.advance(9_999_999);
    expect(await get()).toMatchObject({ status: 200, mark: 'stale', n: 1 });
    clock.advance(1);
    expect((await get()).status).toBeGreaterThanOrEqual(500);
    failing = false;
    expect(await get()).toMatchObject({ status: 200, mark: 'miss', n: 2 });
    expect(proxy.stats().cache).toMatchObject({ stale: 2, miss: 3 });
  });

  it('gives it when there is no instance', async () => {
    const { get, clock, stop } = await bed(numbered(PUBLIC), TEN_SECONDS);
    await get();
    await stop();
    clock.advance(1_000_000);
    expect(await get()).toMatchObject({ status: 200, mark: 'stale', n: 1 });
  });

  it('gives it to those who wait, too', async () => {
    const good = numbered(PUBLIC);
    let failing = false;
    const server = held((...given) => (failing ? given[1].destroy() : good(...given)));
    const made = await bed(server.respond, { ...TEN_SECONDS, singleFlight: true });
    const first = made.get();
    await vi.waitFor(() => expect(server.waiting()).toBe(1));
    server.release();
    await first;
    failing = true;
    made.clock.advance(1_000_000);
    const answers = [made.get({ id: 5 }), made.get({ id: 6 })];
    await vi.waitFor(() => expect(server.waiting()).toBe(1));
    await new RawClient(made.proxy.port).send('nonsense').ended;
    server.release();
    expect(await Promise.all(answers)).toMatchObject([
      { mark: 'stale', id: 5, n: 1 },
      { mark: 'stale', id: 6, n: 1 },
    ]);
    expect(made.seen).toHaveLength(2);
  });

  it('does not give it in place of a refusal, nor to another token', async () => {
    let status = 200;
    const { get, clock } = await bed(
      (seen, response) => answered(response, seen, PRIVATE, status),
      TEN_SECONDS,
    );
    await get({ token: 'a' });
    clock.advance(1_000_000);
    status = 401;
    expect(await get({ token: 'a' })).toMatchObject({ status: 401, mark: 'miss' });
    status = 503;
    expect(await get({ token: 'b' })).toMatchObject({ status: 503, mark: 'miss' });
    expect(await get({ token: 'a' })).toMatchObject({ status: 200, mark: 'stale' });
  });
});
