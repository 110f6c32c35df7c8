import { describe, expect, it } from 'vitest';
import type { SubscriptionFilter } from '../../protocol/caching/subscriptions.ts';
import { type Caching, caching, callOf, KEEP, LIST, readOf, result } from './cache-layer.case.ts';

const CALLS = [
  LIST,
  callOf('prompts/list'),
  callOf('resources/list'),
  callOf('resources/templates/list'),
  readOf('x://1'),
  readOf('x://2'),
  callOf('server/discover'),
];
const EVERYTHING: SubscriptionFilter = {
  toolsListChanged: true,
  promptsListChanged: true,
  resourcesListChanged: true,
  resourceSubscriptions: ['x://1', 'x://2'],
};

const idOf = (body: string): number => (JSON.parse(body) as { readonly id: number }).id;

/** What the server says on the newest stream. */
function say(agent: Caching, method: string, params: object = {}): void {
  const { request, listener } = agent.driver.streams.at(-1)!;
  const _meta = { 'io.modelcontextprotocol/subscriptionId': idOf(request.body) };
  listener.onMessage?.(JSON.stringify({ jsonrpc: '2.0', method, params: { _meta, ...params } }));
}

const acknowledge = (agent: Caching, notifications: SubscriptionFilter): void =>
  say(agent, 'notifications/subscriptions/acknowledged', { notifications });

/** An agent with a stream of which the server honours `honoured`, and everything kept. */
async function subscribed(honoured: SubscriptionFilter = EVERYTHING): Promise<Caching> {
  const agent = caching({
    settings: { subscribe: true },
    calls: CALLS,
    answer: () => result(3_600_000),
    changes: [{ event: 0, what: 'tools', notify: true }],
  });
  const opening = agent.open([0]);
  await agent.clock.run();
  acknowledge(agent, honoured);
  await opening;
  for (const call of CALLS.keys()) await agent.call(call);
  return agent;
}

/** Which of the calls are fetched again. */
async function refetched(agent: Caching): Promise<readonly string[]> {
  const before = agent.sent().length;
  for (const call of CALLS.keys()) await agent.call(call);
  return agent.sent().slice(before);
}

const ALL = [
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read x://1',
  'resources/read x://2',
  'server/discover',
];

describe('a notification makes stale at once', () => {
  it.each<[string, object, readonly string[]]>([
    ['notifications/tools/list_changed', {}, ['tools/list']],
    ['notifications/prompts/list_changed', {}, ['prompts/list']],
    ['notifications/resources/list_changed', {}, ['resources/list', 'resources/templates/list']],
    ['notifications/resources/updated', { uri: 'x://1' }, ['resources/read x://1']],
    ['notifications/resources/updated', { uri: 'x://3' }, []],
    ['notifications/resources/updated', {}, []],
    ['notifications/message', {}, []],
  ])('%s %j', async (method, params, expected) => {
    const agent = await subscribed();
    say(agent, method, params);
    expect(await refetched(agent)).toEqual(expected);
    expect(await refetched(agent)).toEqual([]);
  });

  it('only what the server has acknowledged', async () => {
    const agent = await subscribed({ promptsListChanged: true, resourceSubscriptions: ['x://2'] });
    for (const list of ['tools', 'prompts', 'resources']) say(agent, `notifications/${list}/list_changed`);
    for (const uri of ['x://1', 'x://2']) say(agent, 'notifications/resources/updated', { uri });
    expect(await refetched(agent)).toEqual(['prompts/list', 'resources/read x://2']);
    expect(agent.counts().subscriptions).toMatchObject({ held: 1, reduced: 1, notifications: 5 });
  });

  it('also an answer that is under way', async () => {
    const agent = caching({
      settings: { subscribe: true },
      answer: () => ({ ...result(60_000), takesUs: 1000 }),
    });
    const opening = agent.open([0]);
    await agent.clock.run();
    acknowledge(agent, EVERYTHING);
    await opening;
    const end = agent.begin(0);
    say(agent, 'notifications/tools/list_changed');
    await agent.clock.run();
    expect((await end).outcome).toBe('ok');
    expect((await agent.call(0)).cached).toBeUndefined();
    expect((await agent.call(0)).cached).toBe(true);
    expect(agent.countsOf('tools/list').fetches).toMatchObject({ cold: 1, invalidated: 1 });
  });

  it('and is counted, with its time from the change on', async () => {
    const agent = await subscribed();
    agent.sharing.tally.changes.begun(1, agent.clock.now());
    agent.clock.advance(5000);
    say(agent, 'notifications/tools/list_changed');
    agent.sharing.tally.changes.confirmed(1, agent.clock.now());
    const counts = agent.counts();
    expect(counts.invalidated).toBe(1);
    expect(counts.changes[0]?.fanOut).toMatchObject({ count: 1, maxUs: 5000 });
  });
});

describe('a stream that is lost', () => {
  it('leaves everything stale, and again what was kept until there is a new one', async () => {
    const agent = await subscribed();
    agent.driver.streams.at(-1)!.listener.onEnd('closed');
    expect(await refetched(agent)).toEqual(ALL);
    expect(agent.driver.streams).toHaveLength(2);
    acknowledge(agent, EVERYTHING);
    expect(await refetched(agent)).toEqual(ALL);
    expect(await refetched(agent)).toEqual([]);
    expect(agent.counts().subscriptions).toMatchObject({ lost: 1, reopened: 1 });
  });

  it('tells nothing until the new one is acknowledged', async () => {
    const agent = await subscribed();
    agent.driver.streams.at(-1)!.listener.onEnd('closed');
    await refetched(agent);
    say(agent, 'notifications/tools/list_changed');
    expect(await refetched(agent)).toEqual([]);
  });
});

describe('no stream is held', () => {
  it.each([
    ['by agents that keep nothing', { honour: false }],
    ['by agents of a gateway that keeps', { at: 'gateway' }],
    ['where it was not asked for', { subscribe: false }],
  ] as const)('%s', async (_, over) => {
    const settings = { ...KEEP, subscribe: true, ...over };
    const agent = caching({ settings, calls: CALLS, answer: () => result(1000) });
    await agent.open([0]);
    expect(agent.driver.streams).toHaveLength(0);
    expect(agent.counts().subscriptions).toBeUndefined();
  });

  it('after its agent has been closed', async () => {
    const agent = await subscribed();
    await agent.close();
    expect(agent.driver.streams.at(-1)!.closed).toBe(true);
  });
});
