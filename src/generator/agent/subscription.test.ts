import { describe, expect, it } from 'vitest';
import { type SimulatedDriver, simulatedDriver, type Treatment } from '../../driver/simulated.case.ts';
import type { CallSettings } from '../../profile/settings.ts';
import type { SubscriptionFilter } from '../../protocol/caching/subscriptions.ts';
import { SubscriptionTally } from '../../recording/measure/subscription-tally.ts';
import type { Micros } from '../../units/time.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { DriverCaller } from './driver-caller.ts';
import { OwnIds } from './own-request.ts';
import { filterFor, Subscription, subscriptionOptions } from './subscription.ts';

const FILTER: SubscriptionFilter = { toolsListChanged: true, resourceSubscriptions: ['x://1'] };
/** Longer than all that passes in a test but one. */
const TIMEOUT: Micros = 1000e6;
const CHANGED = 'notifications/tools/list_changed';
const UPDATED = 'notifications/resources/updated';

interface Bench {
  readonly clock: VirtualClock;
  readonly driver: SimulatedDriver;
  readonly tally: SubscriptionTally;
  readonly subscription: Subscription;
  /** What the listener was told. */
  readonly told: readonly unknown[];
  /** A message on the newest stream: a notification of its subscription. */
  notify(method: string, params?: object): void;
  acknowledge(honoured?: SubscriptionFilter): void;
  /** Any message on the newest stream. */
  say(message: object): void;
  /** The newest stream ends. */
  end(retryMs?: number): void;
  /** Opens it and has it acknowledged. */
  hold(): Promise<void>;
}

function bench(treat: () => Treatment = () => ({ takesUs: 0 })): Bench {
  const clock = new VirtualClock();
  const driver = simulatedDriver(clock, treat);
  const tally = new SubscriptionTally();
  const told: unknown[] = [];
  const options = subscriptionOptions(
    FILTER,
    {},
    {
      now: () => clock.now(),
      after: (delay, wake) => clock.at(clock.now() + delay, wake),
      timeoutUs: TIMEOUT,
      tally,
    },
  );
  const subscription = new Subscription(new DriverCaller(driver), new OwnIds(), options, {
    acknowledged: (honoured) => told.push(['acknowledged', honoured]),
    reopened: (honoured) => told.push(['reopened', honoured]),
    refused: (status, detail) => told.push(['refused', status, detail]),
    notification: (method, uri, atUs) => told.push([method, uri, atUs]),
    lost: () => told.push(['lost']),
  });
  const stream = (): SimulatedDriver['streams'][number] => driver.streams.at(-1)!;
  const id = (): number => (JSON.parse(stream().request.body) as { id: number }).id;
  const say = (message: object): void =>
    stream().listener.onMessage?.(JSON.stringify({ jsonrpc: '2.0', ...message }));
  const notify = (method: string, params: object = {}): void =>
    say({ method, params: { _meta: { 'io.modelcontextprotocol/subscriptionId': id() }, ...params } });
  const acknowledge = (notifications = FILTER): void =>
    notify('notifications/subscriptions/acknowledged', { notifications });
  return {
    clock,
    driver,
    tally,
    subscription,
    told,
    say,
    notify,
    acknowledge,
    end: (retryMs) =>
      stream().listener.onEnd('closed', retryMs === undefined ? undefined : { lastEventId: '1', retryMs }),
    async hold() {
      const opened = subscription.open();
      clock.advance(0);
      acknowledge();
      await opened;
    },
  };
}

/** Lets time pass until a stream has been asked for again, or for 100 s. */
function goOn({ clock, driver }: Bench): void {
  const before = driver.streams.length;
  for (let step = 0; step < 10_000 && driver.streams.length === before; step += 1) clock.advance(10_000);
}

/** The times in seconds at which streams are asked for, when each is treated by `then`. */
function attempts(one: Bench, count: number, then: () => void): readonly number[] {
  return Array.from({ length: count }, () => {
    then();
    goOn(one);
    return one.clock.now() / 1e6;
  });
}

describe('the stream of an agent', () => {
  it('is asked for with the filter, and open once it is acknowledged', async () => {
    const one = bench();
    let isOpen = false;
    const opened = one.subscription.open().then(() => {
      isOpen = true;
    });
    one.clock.advance(0);
    await Promise.resolve();
    expect(isOpen).toBe(false);
    one.acknowledge();
    await opened;
    expect(JSON.parse(one.driver.streams[0]!.request.body)).toMatchObject({
      method: 'subscriptions/listen',
      params: { notifications: FILTER },
    });
    expect(one.told).toEqual([['acknowledged', FILTER]]);
    expect(one.tally.counts()).toMatchObject({ held: 1, reduced: 0, reopened: 0 });
  });

  it('tells what has changed, and when', async () => {
    const one = bench();
    await one.hold();
    one.clock.advance(5e6);
    one.notify(CHANGED);
    one.notify(UPDATED, { uri: 'x://1' });
    expect(one.told.slice(1)).toEqual([
      [CHANGED, undefined, 5e6],
      [UPDATED, 'x://1', 5e6],
    ]);
    expect(one.tally.counts()).toMatchObject({ notifications: 2, misaddressed: 0 });
  });

  it('ignores and counts what is meant for another one', async () => {
    const one = bench();
    await one.hold();
    one.say({ method: CHANGED, params: {} });
    one.notify(CHANGED, { _meta: { 'io.modelcontextprotocol/subscriptionId': 1 } });
    expect(one.told).toHaveLength(1);
    expect(one.tally.counts()).toMatchObject({ notifications: 0, misaddressed: 2 });
  });

  it('says what of the filter is honoured', async () => {
    const one = bench();
    const opened = one.subscription.open();
    one.clock.advance(0);
    one.acknowledge({ toolsListChanged: true });
    await opened;
    expect(one.told).toEqual([['acknowledged', { toolsListChanged: true }]]);
    expect(one.tally.counts()).toMatchObject({ held: 1, reduced: 1 });
  });

  it('is given up when nothing of the filter is honoured', async () => {
    const one = bench();
    const opened = one.subscription.open();
    one.clock.advance(0);
    one.acknowledge({});
    await opened;
    goOn(one);
    expect(one.told).toEqual([['acknowledged', {}]]);
    expect(one.driver.streams).toMatchObject([{ closed: true }]);
    expect(one.tally.counts()).toMatchObject({ held: 0, reduced: 1, lost: 0 });
  });

  it.each<[what: string, end: (one: Bench) => void]>([
    ['it breaks', (one) => one.end()],
    [
      'the server completes it',
      (one) =>
        one.say({
          id: (JSON.parse(one.driver.streams[0]!.request.body) as { id: number }).id,
          result: { resultType: 'complete' },
        }),
    ],
  ])('is lost when %s, and asked for again with another id', async (_, end) => {
    const one = bench();
    await one.hold();
    end(one);
    expect(one.told.slice(1)).toEqual([['lost']]);
    goOn(one);
    expect(one.clock.now()).toBe(1e6);
    expect(one.driver.streams).toHaveLength(2);
    one.acknowledge();
    expect(one.told.slice(1)).toEqual([['lost'], ['reopened', FILTER]]);
    expect(one.tally.counts()).toMatchObject({ held: 1, lost: 1, reopened: 1, refused: 0 });
    const ids = one.driver.streams.map(({ request }) => (JSON.parse(request.body) as { id: number }).id);
    expect(new Set(ids).size).toBe(2);
  });

  it('comes back after the delay that the server has asked for', async () => {
    const one = bench();
    await one.hold();
    one.end(20);
    goOn(one);
    expect(one.clock.now()).toBe(20_000);
  });

  it('is asked for less and less often while it fails, and after the first delay once it was held', async () => {
    const one = bench();
    await one.hold();
    expect(attempts(one, 8, () => one.end())).toEqual([1, 3, 7, 15, 31, 61, 91, 121]);
    one.acknowledge();
    expect(attempts(one, 2, () => one.end())).toEqual([122, 124]);
    expect(one.tally.counts()).toMatchObject({ lost: 2, reopened: 1 });
  });

  it('does not hold up the opening of its agent when it cannot be opened', async () => {
    const one = bench();
    const opened = one.subscription.open();
    one.end();
    await opened;
    expect(one.told).toEqual([]);
    goOn(one);
    one.acknowledge();
    expect(one.told).toEqual([['acknowledged', FILTER]]);
  });

  it('holds up no agent for longer than a call may take, and may be acknowledged later', async () => {
    const one = bench();
    const opened = one.subscription.open();
    one.clock.advance(TIMEOUT);
    await opened;
    expect(one.told).toEqual([]);
    one.acknowledge();
    expect(one.driver.streams).toMatchObject([{ closed: false }]);
    expect(one.told).toEqual([['acknowledged', FILTER]]);
  });

  it('is lost with an error after its acknowledgement', async () => {
    const one = bench();
    await one.hold();
    one.say({ id: null, error: { code: -32603, message: 'gone' } });
    expect(one.told.slice(1)).toEqual([['lost']]);
    expect(one.tally.counts()).toMatchObject({ lost: 1, refused: 0 });
  });

  const refusal = (code: number): object => ({ id: null, error: { code, message: 'no' } });

  it.each<[status: number, code: number | undefined, detail: string, again: boolean]>([
    [404, -32601, '-32601 no', false],
    [200, -32601, '-32601 no', false],
    [400, -32602, '-32602 no', false],
    [405, undefined, 'HTTP 405', false],
    [401, undefined, 'HTTP 401', true],
    [429, undefined, 'HTTP 429', true],
    [503, undefined, 'HTTP 503', true],
    [500, -32603, '-32603 no', true],
  ])('refused with %s and %s is told as %s, and asked for again: %s', async (status, code, detail, again) => {
    const one = bench(() => ({ takesUs: 0, status }));
    const opened = one.subscription.open();
    one.clock.advance(0);
    if (code === undefined) one.driver.streams[0]!.listener.onEnd(undefined);
    else one.say(refusal(code));
    await opened;
    expect(one.told).toEqual([['refused', status, detail]]);
    expect(one.driver.streams[0]!.closed).toBe(true);
    goOn(one);
    expect(one.driver.streams).toHaveLength(again ? 2 : 1);
    expect(one.tally.counts()).toMatchObject({ held: 0, refused: 1, lost: 0 });
  });

  it('is not asked for again when a new instance refuses it', async () => {
    let status = 200;
    const one = bench(() => ({ takesUs: 0, status }));
    await one.hold();
    status = 404;
    one.end();
    goOn(one);
    one.say(refusal(-32601));
    goOn(one);
    expect(one.told.slice(1)).toEqual([['lost'], ['refused', 404, '-32601 no']]);
    expect(one.driver.streams).toHaveLength(2);
  });

  it.each<[when: string, prepare: (one: Bench) => Promise<void>]>([
    ['while it is held', (one) => one.hold()],
    [
      'while it waits to be asked for again',
      async (one) => {
        await one.hold();
        one.end();
      },
    ],
    [
      'before it is acknowledged',
      async (one) => {
        void one.subscription.open();
        one.clock.advance(0);
      },
    ],
  ])('ends with its agent, %s', async (_, prepare) => {
    const one = bench();
    await prepare(one);
    const before = one.told.length;
    one.subscription.close();
    goOn(one);
    expect(one.driver.streams).toHaveLength(1);
    expect(one.driver.streams[0]!.closed).toBe(true);
    expect(one.told).toHaveLength(before);
  });

  it('is held as often as agents hold one at the same time', async () => {
    const tally = new SubscriptionTally();
    tally.opened(false);
    tally.opened(false);
    tally.lost();
    tally.opened(true);
    tally.closed();
    tally.closed();
    expect(tally.counts()).toMatchObject({ held: 2, lost: 1, reopened: 1 });
  });
});

describe('what the agents of a mix are told', () => {
  const call = (method: CallSettings['method'], uri?: string): CallSettings => ({
    ...{ name: method, method, weight: 1 },
    ...(uri !== undefined && { uri }),
  });

  it.each<[calls: readonly CallSettings[], filter: SubscriptionFilter | undefined]>([
    [[call('tools/call')], undefined],
    [[call('server/discover')], undefined],
    [[call('tools/list'), call('tools/list')], { toolsListChanged: true }],
    [[call('prompts/list')], { promptsListChanged: true }],
    [[call('resources/list')], { resourcesListChanged: true }],
    [[call('resources/templates/list')], { resourcesListChanged: true }],
    [
      [call('resources/read', 'b'), call('resources/read', 'a'), call('resources/read', 'b')],
      { resourceSubscriptions: ['b', 'a'] },
    ],
    [[call('resources/read', 'x://{{agent}}')], undefined],
  ])('%j: %j', (calls, filter) => {
    expect(filterFor(calls)).toEqual(filter);
  });
});
