import { describe, expect, it } from 'vitest';
import { CACHEABLE_METHODS } from '../../protocol/caching/methods.ts';
import {
  ALL_PAGES,
  type Answer,
  caching,
  callOf,
  ECHO,
  LIST,
  readOf,
  result,
  rpcError,
  type ServerRequest,
} from './cache-layer.case.ts';

const fixed = (answer: Answer) => (): Answer => answer;

/** Two pages, whose second has the cursor of the version that the first one had. */
const pagesOf =
  (versionAt: (atMs: number) => number, ttlMs: unknown = 60_000) =>
  ({ cursor }: ServerRequest, atMs: number): Answer => {
    const version = versionAt(atMs);
    if (cursor === undefined) return result(ttlMs, { nextCursor: `c${version}` }, version);
    return cursor === `c${version}` ? result(ttlMs, {}, version) : rpcError(-32602);
  };

describe('results that are kept', () => {
  it.each([
    ...CACHEABLE_METHODS.filter((method) => method !== 'resources/read').map(callOf),
    readOf('x://1'),
  ])('are those of %j', async (call) => {
    const agent = caching({ calls: [call], answer: fixed(result(1000)) });
    await agent.callAt(0, 0);
    expect((await agent.callAt(999, 0)).cached).toBe(true);
    expect(agent.sent()).toHaveLength(1);
  });

  it('are not those of calls of tools', async () => {
    const agent = caching({ calls: [ECHO], answer: fixed(result(1000)) });
    await agent.callAt(0, 0);
    await agent.callAt(1, 0);
    expect(agent.sent()).toEqual(['tools/call echo', 'tools/call echo']);
  });

  it.each<[string, Answer]>([
    ['that ask for input', { ...result(1000, { resultType: 'input_required' }), outcome: 'input-required' }],
    ['that ask for input, taken for complete', result(1000, { resultType: 'input_required' })],
    ['that are errors of JSON-RPC', { ...result(1000), outcome: 'rpc-error', code: -32603 }],
    ['that are errors of HTTP', { outcome: 'http-error', status: 500 }],
    ['that were refused', { outcome: 'unauthorized', status: 401 }],
    ['with ttlMs 0', result(0)],
    ['with a negative ttlMs', result(-1)],
    ['with less than a millisecond', result(0.9)],
    ['with ttlMs as text', result('1000')],
    ['without ttlMs', result(undefined)],
  ])('are not those %s', async (_, answer) => {
    const agent = caching({ answer: fixed(answer) });
    await agent.callAt(0, 0);
    expect((await agent.callAt(0, 0)).cached).toBeUndefined();
    expect(agent.sent()).toHaveLength(2);
  });

  it('are fresh before received + ttlMs, not from the request on, and not at that time', async () => {
    const agent = caching({ answer: fixed({ ...result(1000), takesUs: 200_000 }) });
    await agent.call(0);
    expect((await agent.callAt(1199, 0)).cached).toBe(true);
    await agent.callAt(1200, 0);
    expect(agent.sent()).toHaveLength(2);
  });

  it('are fetched when they are needed, and not before', async () => {
    const agent = caching({ answer: fixed(result(10)) });
    await agent.callAt(0, 0);
    agent.advanceTo(10_000);
    await agent.clock.run();
    expect(agent.sent()).toHaveLength(1);
  });

  it('are for no longer than 24 hours', async () => {
    const agent = caching({ answer: fixed(result(1e15)) });
    await agent.callAt(0, 0);
    await agent.callAt(86_399_999, 0);
    await agent.callAt(86_400_000, 0);
    expect(agent.sent()).toHaveLength(2);
  });

  it('are of one URI', async () => {
    const agent = caching({ calls: [readOf('x://1'), readOf('x://2')], answer: fixed(result(1000)) });
    for (const call of [0, 1, 0, 1]) await agent.call(call);
    expect(agent.sent()).toEqual(['resources/read x://1', 'resources/read x://2']);
  });

  it.each(['private', 'public', undefined, 'unknown'])(
    'with scope %s are of one agent',
    async (cacheScope) => {
      const agent = caching({ answer: fixed(result(1000, { cacheScope })) });
      for (const which of [0, 1, 0, 1]) await agent.call(0, which);
      expect(agent.sent()).toHaveLength(2);
    },
  );

  it('end in the same turn as nothing that was sent: no body, no instance, no time', async () => {
    const agent = caching({
      answer: fixed({ ...result(1000, { nextCursor: 'a' }), servedBy: '1', takesUs: 10 }),
    });
    await agent.call(0);
    agent.advanceTo(500);
    let within = true;
    const ending = agent.begin(0).then((end) => [within, end] as const);
    within = false;
    const [endedWithin, end] = await ending;
    expect(endedWithin).toBe(false);
    expect(end).toMatchObject({
      outcome: 'ok',
      cached: true,
      nextCursor: 'a',
      sentUs: 500_000,
      doneUs: 500_000,
    });
    expect([end.body, end.servedBy, end.serverTiming]).toEqual([undefined, undefined, undefined]);
  });
});

describe('pages', () => {
  it('are entries of their own, each with its own time', async () => {
    const answer = ({ cursor }: ServerRequest): Answer =>
      cursor === undefined ? result(1000, { nextCursor: '2' }) : result(5000);
    const agent = caching({ calls: [ALL_PAGES], answer });
    await agent.callAt(0, 0);
    const end = await agent.callAt(2000, 0);
    expect(agent.sent()).toEqual(['tools/list', 'tools/list 2', 'tools/list']);
    // The request with the number of the call was sent.
    expect([end.cached ?? false, end.unsent]).toEqual([false, undefined]);
    expect((await agent.callAt(2500, 0)).cached).toBe(true);
  });

  it('whose first one was given make a call that was not sent itself', async () => {
    const answer = ({ cursor }: ServerRequest): Answer =>
      cursor === undefined ? result(5000, { nextCursor: '2' }) : result(1000);
    const agent = caching({ calls: [ALL_PAGES], answer });
    await agent.callAt(0, 0);
    const end = await agent.callAt(2000, 0);
    expect(agent.sent()).toEqual(['tools/list', 'tools/list 2', 'tools/list 2']);
    expect([end.cached, end.unsent]).toEqual([undefined, true]);
  });

  it('with the cursor "" are other ones than the first', async () => {
    const answer = ({ cursor }: ServerRequest): Answer =>
      result(1000, cursor === undefined ? { nextCursor: '' } : {});
    const agent = caching({ calls: [ALL_PAGES], answer });
    await agent.callAt(0, 0);
    await agent.callAt(1, 0);
    expect(agent.sent()).toEqual(['tools/list', 'tools/list ']);
  });

  it.each([true, false])('begin again when a change comes between two of them (kept: %s)', async (honour) => {
    const versionAt = (atMs: number): number => (atMs < 1000 ? 1 : 2);
    const answer = (request: ServerRequest, atMs: number): Answer => ({
      ...pagesOf(versionAt)(request, atMs),
      takesUs: 1e6,
    });
    const agent = caching({ settings: { honour }, calls: [ALL_PAGES], answer });
    expect((await agent.call(0)).outcome).toBe('ok');
    expect(agent.sent()).toEqual(['tools/list', 'tools/list c1', 'tools/list', 'tools/list c2']);
  });

  it('drop all pages once a cursor is invalid, and begin again from the first one', async () => {
    const versionAt = (atMs: number): number => (atMs < 1000 ? 1 : 2);
    // The second page is not kept, so that its old cursor is sent.
    const answer = (request: ServerRequest, atMs: number): Answer =>
      pagesOf(versionAt, request.cursor === undefined ? 60_000 : 0)(request, atMs);
    const agent = caching({ calls: [ALL_PAGES], answer });
    await agent.callAt(0, 0);
    const end = await agent.callAt(2000, 0);
    expect(end.outcome).toBe('ok');
    expect(agent.sent()).toEqual([
      'tools/list',
      'tools/list c1',
      'tools/list c1',
      'tools/list',
      'tools/list c2',
    ]);
    expect(agent.counts().pagesDropped).toBe(1);
    expect(agent.countsOf('tools/list').fetches).toMatchObject({ invalidated: 1 });
  });

  it('begin again no more than once', async () => {
    const answer = ({ cursor }: ServerRequest): Answer =>
      cursor === undefined ? result(60_000, { nextCursor: 'x' }) : rpcError(-32602);
    const agent = caching({ calls: [ALL_PAGES], answer });
    expect((await agent.callAt(0, 0)).outcome).toBe('rpc-error');
    expect(agent.sent()).toEqual(['tools/list', 'tools/list x', 'tools/list', 'tools/list x']);
    // The next list may begin again.
    expect((await agent.callAt(1, 0)).outcome).toBe('rpc-error');
    expect(agent.sent()).toHaveLength(8);
  });
});

describe('options of a cache', () => {
  const slow = fixed({ ...result(1000), takesUs: 50_000 });

  it('singleFlight lets later calls wait for the answer that is under way', async () => {
    const agent = caching({ settings: { singleFlight: true }, answer: slow });
    const ends = [agent.begin(0), agent.begin(0), agent.begin(0)];
    await agent.clock.run();
    expect(agent.sent()).toHaveLength(1);
    expect((await Promise.all(ends)).map(({ cached, doneUs }) => [cached, doneUs])).toEqual([
      [undefined, 50_000],
      [true, 50_000],
      [true, 50_000],
    ]);
    expect(agent.countsOf('tools/list')).toMatchObject({ hits: 0, waits: 2, fetches: { cold: 1 } });
  });

  it('without it every call fetches', async () => {
    const agent = caching({ answer: slow });
    const ends = [agent.begin(0), agent.begin(0)];
    await agent.clock.run();
    await Promise.all(ends);
    expect(agent.sent()).toHaveLength(2);
  });

  it('singleFlight ends all who wait as the fetch fails', async () => {
    const agent = caching({
      settings: { singleFlight: true },
      answer: fixed({ outcome: 'http-error', status: 503, takesUs: 10 }),
    });
    const ends = [agent.begin(0), agent.begin(0)];
    await agent.clock.run();
    expect((await Promise.all(ends)).map(({ outcome }) => outcome)).toEqual(['http-error', 'http-error']);
  });

  it('singleFlight is of one agent', async () => {
    const agent = caching({ settings: { singleFlight: true }, answer: slow });
    const ends = [agent.begin(0, 0), agent.begin(0, 1)];
    await agent.clock.run();
    await Promise.all(ends);
    expect(agent.sent()).toHaveLength(2);
  });

  it('singleFlight gives all who wait a new list when a cursor is invalid', async () => {
    const versionAt = (atMs: number): number => (atMs < 1000 ? 1 : 2);
    const answer = (request: ServerRequest, atMs: number): Answer => ({
      ...pagesOf(versionAt, request.cursor === undefined ? 60_000 : 0)(request, atMs),
      takesUs: 1000,
    });
    const agent = caching({ settings: { singleFlight: true }, calls: [ALL_PAGES], answer });
    await agent.callAt(0, 0);
    agent.advanceTo(2000);
    const ends = [agent.begin(0), agent.begin(0)];
    await agent.clock.run();
    expect((await Promise.all(ends)).map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  });

  it('jitter ends freshness earlier, never later', async () => {
    const agent = caching({ settings: { jitter: 0.5 }, answer: fixed(result(1000)) });
    const agents = Array.from({ length: 200 }, (_, which) => which);
    for (const which of agents) await agent.call(0, which);
    agent.advanceTo(499);
    for (const which of agents) expect((await agent.call(0, which)).cached).toBe(true);
    agent.advanceTo(750);
    const fresh = [];
    for (const which of agents) fresh.push((await agent.call(0, which)).cached === true);
    const share = fresh.filter(Boolean).length / agents.length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
  });

  it('capacity lets the entry make room that was used longest ago', async () => {
    const calls = ['a', 'b', 'c'].map(readOf);
    const agent = caching({ settings: { capacity: 2 }, calls, answer: fixed(result(60_000)) });
    for (const call of [0, 1, 0, 2, 0, 1]) await agent.call(call);
    expect(agent.sent().map((name) => name.at(-1))).toEqual(['a', 'b', 'c', 'b']);
    expect(agent.counts().evicted).toBe(2);
    expect(agent.countsOf('resources/read').fetches).toMatchObject({ cold: 3, evicted: 1 });
  });

  it.each<[string, Answer, number, boolean]>([
    ['within its time', { outcome: 'http-error', status: 503 }, 1500, true],
    ['after a time-out', { outcome: 'timeout' }, 1500, true],
    ['without a connection', { outcome: 'refused' }, 1500, true],
    ['after an error of JSON-RPC', rpcError(-32603), 1500, true],
    ['not beyond its time', { outcome: 'http-error', status: 503 }, 3000, false],
    ['not to a caller that may not have it', { outcome: 'forbidden', status: 403 }, 1500, false],
    ['not to a caller that is not known', { outcome: 'unauthorized', status: 401 }, 1500, false],
    ['not when the run has ended', { outcome: 'aborted' }, 1500, false],
  ])('staleIfError gives an old entry in place of a failure: %s', async (_, failure, atMs, isGiven) => {
    const agent = caching({
      settings: { staleIfErrorUs: 2e6 },
      answer: (_request, at) => (at < 1000 ? result(1000, { nextCursor: 'n' }) : failure),
    });
    await agent.callAt(0, 0);
    const end = await agent.callAt(atMs, 0);
    expect(end.cached === true).toBe(isGiven);
    if (isGiven)
      expect(end).toMatchObject({ outcome: 'ok', nextCursor: 'n', failed: { outcome: failure.outcome } });
    else expect(end.outcome).toBe(failure.outcome);
    expect(agent.countsOf('tools/list')).toMatchObject({
      stale: isGiven ? 1 : 0,
      failed: 1,
      fetches: { cold: 1, expired: 1 },
    });
  });
});

describe('evidence that a list is stale', () => {
  it.each([-32601, -32602, -32020])('is the error %i of a call: the list is fetched early', async (code) => {
    const answer = ({ method }: ServerRequest): Answer =>
      method === 'tools/list' ? result(60_000) : rpcError(code);
    const agent = caching({ calls: [LIST, ECHO], answer });
    await agent.callAt(0, 0);
    await agent.callAt(10, 1);
    expect(agent.sent()).toEqual(['tools/list', 'tools/call echo', 'tools/list']);
    expect((await agent.callAt(20, 0)).cached).toBe(true);
    expect(agent.countsOf('tools/list')).toMatchObject({ hits: 1, fetches: { cold: 1, evidence: 1 } });
    expect(agent.counts().invalidated).toBe(1);
  });

  it.each<[string, Answer]>([
    ['another error', rpcError(-32603)],
    ['an error of the tool', { outcome: 'tool-error' }],
    ['a failure of HTTP', { outcome: 'http-error', status: 404 }],
  ])('is not %s', async (_, failure) => {
    const answer = ({ method }: ServerRequest): Answer =>
      method === 'tools/list' ? result(60_000) : failure;
    const agent = caching({ calls: [LIST, ECHO], answer });
    await agent.callAt(0, 0);
    await agent.callAt(10, 1);
    expect(agent.sent()).toHaveLength(2);
  });

  it('makes one list at a time', async () => {
    const answer = ({ method }: ServerRequest): Answer =>
      method === 'tools/list' ? { ...result(60_000), takesUs: 1000 } : rpcError(-32602);
    const agent = caching({ calls: [LIST, ECHO], answer });
    await agent.callAt(0, 0);
    const ends = [agent.begin(1), agent.begin(1), agent.begin(1)];
    await agent.clock.run();
    await Promise.all(ends);
    expect(agent.sent().filter((name) => name === 'tools/list')).toHaveLength(2);
  });

  it('has no consequence where nothing is kept', async () => {
    const answer = ({ method }: ServerRequest): Answer =>
      method === 'tools/list' ? result(60_000) : rpcError(-32602);
    const agent = caching({ settings: { honour: false }, calls: [LIST, ECHO], answer });
    await agent.callAt(0, 0);
    await agent.callAt(10, 1);
    expect(agent.sent()).toHaveLength(2);
  });
});

describe('a tool that gets another name', () => {
  const RENAMED = {
    event: 0,
    what: 'tools',
    notify: false,
    renamed: { from: 'echo', to: 'echo_v2' },
  } as const;
  const answer = ({ method, name }: ServerRequest, atMs: number): Answer => {
    const version = atMs < 1000 ? 0 : 1;
    if (method === 'tools/list') return result(2000, {}, version);
    return name === (version === 0 ? 'echo' : 'echo_v2') ? {} : rpcError(-32602);
  };

  it('is called by it once the agent has the new list, which the failed call makes it fetch', async () => {
    const agent = caching({ calls: [LIST, ECHO], answer, changes: [RENAMED] });
    await agent.callAt(0, 0);
    await agent.callAt(500, 1);
    agent.sharing.toolNames.begun(1);
    expect((await agent.callAt(1500, 1)).outcome).toBe('rpc-error');
    expect((await agent.callAt(1600, 1)).outcome).toBe('ok');
    expect(agent.sent()).toEqual([
      'tools/list',
      'tools/call echo',
      'tools/call echo',
      'tools/list',
      'tools/call echo_v2',
    ]);
    expect(agent.counts().failedByStaleList).toBe(1);
  });

  it('fails by a stale list only when the list is older than what all instances have', async () => {
    const agent = caching({ calls: [LIST, ECHO], answer, changes: [RENAMED] });
    await agent.callAt(0, 0);
    await agent.callAt(1500, 1);
    expect(agent.counts().failedByStaleList).toBe(0);
  });
});

describe('where nothing is kept', () => {
  it.each([
    ['the switch is off', { honour: false }],
    ['the gateway keeps it', { at: 'gateway' }],
  ] as const)('because %s, the agent sends every request and reads what servers say', async (_, settings) => {
    const agent = caching({ settings, calls: [ALL_PAGES], answer: pagesOf(() => 1) });
    await agent.callAt(0, 0);
    await agent.callAt(1, 0);
    expect(agent.sent()).toEqual(['tools/list', 'tools/list c1', 'tools/list', 'tools/list c1']);
    expect(agent.countsOf('tools/list')).toMatchObject({ hits: 0, ttl: { ok: 4 }, ttlMinMs: 60_000 });
    const log = agent.lookups.log();
    expect([...log.keys].map((key) => log.names[key])).toEqual(agent.sent());
  });

  it.each<[string, object]>([
    ['cache;desc=hit, cache-age;dur=7.5', { hits: 1, waits: 0, stale: 0, fetches: { cold: 0 } }],
    ['cache;desc=wait', { hits: 0, waits: 1, stale: 0, fetches: { cold: 0 } }],
    ['cache;desc=stale', { hits: 0, waits: 0, stale: 1, failed: 1, fetches: { expired: 1 } }],
    ['cache;desc=miss', { hits: 0, waits: 0, stale: 0, fetches: { cold: 1 } }],
    ['cache;desc=miss, cache-reason;desc=invalidated', { hits: 0, fetches: { cold: 0, invalidated: 1 } }],
    ['', { hits: 0, fetches: { cold: 1 } }],
  ])('the gateway says where an answer came from: %s', async (serverTiming, expected) => {
    const agent = caching({ settings: { at: 'gateway' }, answer: fixed({ ...result(1000), serverTiming }) });
    await agent.callAt(0, 0);
    expect(agent.countsOf('tools/list')).toMatchObject(expected);
    expect(agent.countsOf('tools/list').age.maxUs).toBe(serverTiming.includes('7.5') ? 7500 : 0);
  });
});
