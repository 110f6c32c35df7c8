import { Client, InMemoryResponseCacheStore, type Transport } from '@modelcontextprotocol/client';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keyOf } from '../../cache/key.ts';
import { ResponseCache } from '../../cache/response-cache.ts';
import { hintsOf } from '../../protocol/caching/hints.ts';
import { caching, callOf, LIST, readOf } from './cache-layer.case.ts';

/** What an answer says of being kept. */
interface Hints {
  readonly ttlMs?: number;
  readonly cacheScope?: 'public' | 'private';
}

type Step =
  | { readonly kind: 'ask'; readonly call: number; readonly caller: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'notify'; readonly method: string; readonly uri?: string };

/** The calls, by the method of the official client that makes them. */
const CALLS = [
  { setting: LIST, make: (client: Client) => client.listTools() },
  { setting: callOf('prompts/list'), make: (client: Client) => client.listPrompts() },
  { setting: callOf('resources/list'), make: (client: Client) => client.listResources() },
  { setting: callOf('resources/templates/list'), make: (client: Client) => client.listResourceTemplates() },
  { setting: readOf('x://1'), make: (client: Client) => client.readResource({ uri: 'x://1' }) },
  { setting: readOf('x://2'), make: (client: Client) => client.readResource({ uri: 'x://2' }) },
] as const;
const MEMBERS = {
  tools: [],
  prompts: [],
  resources: [],
  resourceTemplates: [],
  contents: [],
} as const;
const FILTER = {
  toolsListChanged: true,
  promptsListChanged: true,
  resourcesListChanged: true,
  resourceSubscriptions: ['x://1', 'x://2'],
} as const;
const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';

interface Message {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: { readonly uri?: string };
}

const nameOf = ({ method, params }: Message): string =>
  params?.uri === undefined ? method : `${method} ${params.uri}`;

/** The official client before a server in this process that answers with `hints`; `sent` gets what reaches the server. */
async function officialClient(
  hintsFor: (name: string) => Hints,
  sent: string[],
  options: ConstructorParameters<typeof Client>[1] = {},
): Promise<{ readonly client: Client; notify(method: string, uri?: string): void }> {
  let listening: Message['id'];
  const deliver = (message: object): void => transport.onmessage?.({ jsonrpc: '2.0', ...message } as never);
  const transport: Transport = {
    start: async () => undefined,
    close: async () => undefined,
    async send(raw) {
      const message = raw as Message;
      const { id, method } = message;
      if (method === 'subscriptions/listen') {
        listening = id;
        const params = { _meta: { [SUBSCRIPTION]: id }, notifications: FILTER };
        queueMicrotask(() => deliver({ method: 'notifications/subscriptions/acknowledged', params }));
      } else if (id !== undefined) {
        sent.push(nameOf(message));
        const result = { resultType: 'complete', ...MEMBERS, ...hintsFor(nameOf(message)) };
        queueMicrotask(() => deliver({ id, result }));
      }
    },
  };
  const client = new Client({ name: 'x', version: '1' }, options);
  const discover = {
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    serverInfo: { name: 's', version: '1' },
    capabilities: {
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
    },
    ttlMs: 0,
    cacheScope: 'private',
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: 's', version: '1' } },
  } as const;
  await client.connect(transport, { prior: { kind: 'modern', discover: discover as never } });
  await client.listen({ ...FILTER, resourceSubscriptions: [...FILTER.resourceSubscriptions] });
  const notify = (method: string, uri?: string): void =>
    deliver({ method, params: { _meta: { [SUBSCRIPTION]: listening }, ...(uri !== undefined && { uri }) } });
  return { client, notify };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What reaches the server when official clients, one for each caller, take these steps. It reads `Date.now`. */
async function bySdk(steps: readonly Step[], hintsAt: HintsAt): Promise<readonly string[]> {
  let nowMs = 1_700_000_000_000;
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  const sent: string[] = [];
  const clients = [];
  for (let caller = 0; caller < CALLERS; caller += 1)
    clients.push(await officialClient(() => hintsAt(sent.length), sent));
  for (const step of steps) {
    if (step.kind === 'wait') nowMs += step.ms;
    else if (step.kind === 'ask') await CALLS[step.call]!.make(clients[step.caller]!.client);
    else {
      for (const { notify } of clients) notify(step.method, step.uri);
      await turn();
    }
  }
  for (const { client } of clients) await client.close();
  return sent;
}

/** The same by agents with caches. */
async function byAgents(steps: readonly Step[], hintsAt: HintsAt): Promise<readonly string[]> {
  let answers = 0;
  const agents = caching({
    settings: { subscribe: true },
    calls: CALLS.map(({ setting }) => setting),
    answer({ method }) {
      if (method === 'subscriptions/listen') return {};
      answers += 1;
      return { result: { resultType: 'complete', ...MEMBERS, ...hintsAt(answers) } };
    },
  });
  const opening = agents.open(Array.from({ length: CALLERS }, (_, caller) => caller));
  await agents.clock.run();
  const say = (method: string, params: object): void => {
    for (const { request, listener } of agents.driver.streams) {
      const { id } = JSON.parse(request.body) as Message;
      listener.onMessage?.(
        JSON.stringify({ jsonrpc: '2.0', method, params: { _meta: { [SUBSCRIPTION]: id }, ...params } }),
      );
    }
  };
  say('notifications/subscriptions/acknowledged', { notifications: FILTER });
  await opening;
  for (const step of steps) {
    if (step.kind === 'wait') agents.clock.advance(step.ms * 1000);
    else if (step.kind === 'ask') await agents.call(step.call, step.caller);
    else say(step.method, step.uri === undefined ? {} : { uri: step.uri });
  }
  return agents.sent();
}

/** The hints of the answer with this number. */
type HintsAt = (answer: number) => Hints;

const CALLERS = 2;
const NOTIFICATIONS = ['tools', 'prompts', 'resources'].map((list) => `notifications/${list}/list_changed`);
const UPDATED = 'notifications/resources/updated';
const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      call: fc.nat(CALLS.length - 1),
      caller: fc.nat(CALLERS - 1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 499, 500, 999, 1000, 4999, 5000, 86_400_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('notify' as const), method: fc.constantFrom(...NOTIFICATIONS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('notify' as const),
      method: fc.constant(UPDATED),
      uri: fc.constantFrom('x://1', 'x://2', 'x://3'),
    }),
  },
);
const HINTS: fc.Arbitrary<Hints> = fc.record({
  ttlMs: fc.constantFrom(0, 1, 500, 1000, 5000, 86_400_000, 1e15),
  cacheScope: fc.constantFrom('public', 'private'),
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the cache of the official client (@modelcontextprotocol/client)', () => {
  it('sends the same requests: any lists, times, hints, callers and notifications', async () => {
    let asked = 0;
    let sentInAll = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(STEP, { minLength: 10, maxLength: 60, size: 'max' }),
        fc.array(HINTS, { minLength: 1, maxLength: 5 }),
        async (steps, hints) => {
          const hintsAt: HintsAt = (answer) => hints[answer % hints.length]!;
          const expected = await bySdk(steps, hintsAt);
          expect(await byAgents(steps, hintsAt)).toEqual(expected);
          asked += steps.filter(({ kind }) => kind === 'ask').length;
          sentInAll += expected.length;
        },
      ),
      { numRuns: 20 },
    );
    // Otherwise nothing would have been compared.
    expect(sentInAll).toBeLessThan(asked * 0.9);
  });

  // It takes such an answer for an error, as the schema of the specification has it. An agent measures what servers do, and a list
  // without hints is a list: it counts their form, and keeps the answer for as long as it may.
  it.each<[string, Hints, number]>([
    ['no ttlMs', { cacheScope: 'private' }, 2],
    ['a negative ttlMs', { ttlMs: -1, cacheScope: 'private' }, 2],
    ['a ttlMs with a fraction', { ttlMs: 500.5, cacheScope: 'private' }, 1],
    ['no cacheScope', { ttlMs: 500 }, 1],
  ])('refuses an answer with %s, which agents take', async (_, hints, requests) => {
    const ask: Step = { kind: 'ask', call: 0, caller: 0 };
    const steps: readonly Step[] = [ask, { kind: 'wait', ms: 499 }, ask];
    await expect(bySdk(steps, () => hints)).rejects.toMatchObject({ code: 'INVALID_RESULT' });
    expect(await byAgents(steps, () => hints)).toHaveLength(requests);
  });

  it('shares what is public among principals, and keeps what is private apart, as a cache for all of them does', async () => {
    let nowMs = 1_700_000_000_000;
    vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
    const ask = fc.record({
      uri: fc.constantFrom('x://1', 'x://2'),
      caller: fc.nat(2),
      waitMs: fc.constantFrom(0, 0, 400, 1000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(ask, { maxLength: 40, size: 'max' }), async (asks) => {
        // A scope for each URI: a change of scope is another matter.
        const hintsFor = (name: string): Hints => ({
          ttlMs: 1000,
          cacheScope: name.endsWith('1') ? 'public' : 'private',
        });
        const [sent, ours]: [string[], string[]] = [[], []];
        const responseCacheStore = new InMemoryResponseCacheStore();
        const clients = [];
        for (const cachePartition of ['a', 'b', 'c'])
          clients.push(await officialClient(hintsFor, sent, { responseCacheStore, cachePartition }));
        const cache = new ResponseCache<string>();
        for (const { uri, caller, waitMs } of asks) {
          nowMs += waitMs;
          await clients[caller]!.client.readResource({ uri });
          const key = keyOf('resources/read', uri);
          if (typeof cache.find(key, `${caller}`, nowMs * 1000) !== 'string') continue;
          ours.push(key);
          const { ttlMs, cacheScope } = hintsFor(key);
          const result = { isComplete: true, hints: hintsOf(ttlMs, cacheScope) };
          cache.keep(key, `${caller}`, { value: key, result, stamp: cache.stampOf(key) }, nowMs * 1000);
        }
        expect(ours).toEqual(sent);
      }),
      { numRuns: 40 },
    );
  });
});
