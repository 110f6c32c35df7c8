/** @module Agents with the built-in servers: every call that a mix can have, all pages of every list, and streams on which changes are told. */
import { describe, expect, it } from 'vitest';
import type { Driver } from '../../src/driver/driver.ts';
import { loadDriver } from '../../src/driver/drivers.ts';
import { createAgents } from '../../src/generator/agent/agents.ts';
import type { CallEnd } from '../../src/generator/agent/caller.ts';
import { DriverCaller } from '../../src/generator/agent/driver-caller.ts';
import { OwnIds } from '../../src/generator/agent/own-request.ts';
import { Subscription, subscriptionOptions } from '../../src/generator/agent/subscription.ts';
import type { Era } from '../../src/profile/kinds.ts';
import { completeOffer } from '../../src/profile/section/offer.ts';
import type { CallSettings } from '../../src/profile/settings.ts';
import { mismatches } from '../../src/recording/measure/mismatches.ts';
import { pages } from '../../src/recording/measure/pages.ts';
import { SubscriptionTally } from '../../src/recording/measure/subscription-tally.ts';
import { Tallies } from '../../src/recording/measure/tallies.ts';
import { type Running, startHere, startProcess, TOOLS } from '../../src/server/ask.case.ts';
import type { CatalogueChange } from '../../src/server/catalogue-change.ts';
import { type InstanceInput, MCP_PATH } from '../../src/server/instance.ts';
import { after, systemClock } from '../../src/units/clock.ts';

const SERVERS = ['lean', 'sdk'] as const;
const DRIVERS = ['wire', 'undici'] as const;
const EVERY = SERVERS.flatMap((server) => DRIVERS.map((driver) => ({ server, driver })));

interface Bed extends AsyncDisposable {
  readonly instance: Running;
  readonly driver: Driver;
}

/** An instance with 25 tools, 5 resources, 2 templates and 4 prompts, 3 of each on a page; and a driver for it. */
async function bed(
  server: 'lean' | 'sdk',
  name: 'wire' | 'undici',
  era: Era,
  start = startHere,
  more: Partial<InstanceInput['offer']> = {},
): Promise<Bed> {
  const lists = { pageSize: 3, resources: 5, templates: 2, prompts: 4, resourceBytes: '64B', hints: {} };
  const input: InstanceInput = {
    ...{ id: '1', index: 0, seed: 1, tools: TOOLS, guard: undefined },
    offer: { ...completeOffer(TOOLS, lists), ...more },
  };
  const instance = await start({ server, era }, input);
  const create = await loadDriver(name);
  const driver = create({
    url: `http://127.0.0.1:${instance.ready.port}${MCP_PATH}`,
    ...{ connections: 1, timeoutUs: 10e6, checkIds: true, clock: systemClock },
    ...{ instanceHeader: 'x-served-by', tls: { insecure: false } },
  });
  return {
    instance,
    driver,
    async [Symbol.asyncDispose]() {
      await driver.close();
      await instance.stop();
    },
  };
}

const CALLS: readonly (Omit<CallSettings, 'name' | 'weight'> & { readonly pagesRead: number })[] = [
  { method: 'tools/call', tool: 'echo', arguments: { text: 'x' }, pagesRead: 0 },
  { method: 'tools/list', pages: 'all', pagesRead: 9 },
  { method: 'tools/list', pages: 'first', pagesRead: 0 },
  { method: 'resources/list', pages: 'all', pagesRead: 2 },
  { method: 'resources/templates/list', pages: 'all', pagesRead: 1 },
  { method: 'prompts/list', pages: 'all', pagesRead: 2 },
  { method: 'resources/read', uri: 'paceline://resource/{{randomInt 1 5}}', pagesRead: 0 },
  { method: 'server/discover', pagesRead: 0 },
];

describe.each(['stateless', 'sessions'] as const)('the calls of a mix (%s)', (era) => {
  it.each(EVERY)('are all answered by $server, over $driver', async ({ server, driver: name }) => {
    await using one = await bed(server, name, era);
    const mix = CALLS.filter(({ method }) => era === 'stateless' || method !== 'server/discover');
    const tallies = new Tallies({ era });
    const agents = createAgents({
      ...{ era, tallies, driver: one.driver, headers: {}, seed: 1, timeoutUs: 10e6, measureFromUs: 0 },
      calls: mix.map((call) => ({ ...call, name: call.method, weight: 1 })),
      now: () => systemClock.now(),
    });
    await agents.open([0]);
    let read = 0;
    for (const [call, { method, pagesRead }] of mix.entries()) {
      const arrival = { seq: call, dueUs: systemClock.now(), agent: 0, call };
      const end = await new Promise<CallEnd>((resolve) => {
        agents.of(0).call(arrival, (valid) => resolve({ ...valid }));
      });
      expect(end, method).toMatchObject({ outcome: 'ok' });
      read += pagesRead;
      expect(tallies.of(pages)!.counts().pages, method).toBe(read);
    }
    await agents.close();
  });
});

describe('a call of a tool whose mirrored parameters have changed since the server was found', () => {
  it.each(EVERY)('is refused by $server over $driver, and made again', async ({ server, driver: name }) => {
    // One of the fixtures of the conformance suite is a tool of which a parameter is mirrored.
    await using one = await bed(server, name, 'stateless', startHere, { conformance: true });
    const tallies = new Tallies({ era: 'stateless', foreign: { tools: [] } });
    const tool = 'test_mirrored_argument';
    const agents = createAgents({
      ...{ era: 'stateless', tallies, driver: one.driver, headers: {}, seed: 1, timeoutUs: 10e6 },
      ...{ measureFromUs: 0, foreign: { tools: [] }, now: () => systemClock.now() },
      calls: [{ method: 'tools/call', tool, arguments: { region: 'eu' }, name: tool, weight: 1 }],
    });
    await agents.open([0]);
    const made = (seq: number): Promise<CallEnd> =>
      new Promise((resolve) => {
        const arrival = { seq, dueUs: systemClock.now(), agent: 0, call: 0 };
        agents.of(0).call(arrival, (valid) => resolve({ ...valid }));
      });
    // The second call is made as the list says at once.
    for (const seq of [0, 1]) {
      expect(await made(seq)).toMatchObject({ outcome: 'ok' });
      expect(tallies.of(mismatches)!.counts()).toEqual({ refused: 1, lists: 1, again: 1 });
    }
    await agents.close();
  });
});

describe('a stream of changes', () => {
  it.each(EVERY)('is held with $server over $driver, and lost with it', async ({ server, driver: name }) => {
    await using one = await bed(server, name, 'stateless', startProcess);
    const uri = 'paceline://resource/2';
    const tally = new SubscriptionTally();
    const waiting: ((event: unknown) => void)[] = [];
    const next = (): Promise<unknown> => new Promise((resolve) => waiting.push(resolve));
    const tell = (event: unknown): void => waiting.shift()?.(event);
    const filter = { toolsListChanged: true, resourceSubscriptions: [uri] } as const;
    const times = { now: () => systemClock.now(), after, timeoutUs: 10e6 };
    const options = subscriptionOptions(filter, {}, { ...times, tally });
    const subscription = new Subscription(new DriverCaller(one.driver), new OwnIds(), options, {
      acknowledged: (honoured) => tell(honoured),
      reopened: () => tell('reopened'),
      refused: (status, detail) => tell([status, detail]),
      notification: (method, uri) => tell([method, uri]),
      lost: () => tell('lost'),
    });
    const acknowledged = next();
    await subscription.open();
    expect(await acknowledged).toEqual(filter);

    const changes: readonly (readonly [CatalogueChange, unknown])[] = [
      [
        { version: 1, what: 'tools', added: 1, notify: true },
        ['notifications/tools/list_changed', undefined],
      ],
      [{ version: 2, what: 'resource', uri, notify: true }, ['notifications/resources/updated', uri]],
    ];
    for (const [change, told] of changes) {
      const notified = next();
      await one.instance.ask({ kind: 'catalogue', change });
      expect(await notified).toEqual(told);
    }
    // Neither asked for nor told: the next thing that is heard is the loss.
    const last = next();
    await one.instance.ask({
      kind: 'catalogue',
      change: { version: 3, what: 'prompts', added: 1, notify: true },
    });
    await one.instance.ask({
      kind: 'catalogue',
      change: { version: 4, what: 'tools', added: 1, notify: false },
    });
    await one.instance.stop();
    expect(await last).toBe('lost');
    subscription.close();
    expect(tally.counts()).toEqual({
      ...{ held: 1, refused: 0, reduced: 0, lost: 1, reopened: 0, notifications: 2, misaddressed: 0 },
    });
  });
});
