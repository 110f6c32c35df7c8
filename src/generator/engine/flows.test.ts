import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SimulatedDriver, simulatedDriver, type Treatment } from '../../driver/simulated.case.ts';
import { parseProfile } from '../../profile/profile.ts';
import type { CacheSettings, LoadSettings, Settings, Shape } from '../../profile/settings.ts';
import type { Request } from '../../protocol/request.ts';
import { flows as measure, type RecordedFlow } from '../../recording/measure/flows.ts';
import { Tallies } from '../../recording/measure/tallies.ts';
import { Recorder } from '../../recording/recorder.ts';
import { countsOf, type Recording } from '../../recording/recording.ts';
import type { Micros } from '../../units/time.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { createAgents } from '../agent/agents.ts';
import { KEEP } from '../agent/cache-layer.case.ts';
import { TaskLimit } from '../agent/task-limit.ts';
import { createSchedule } from '../schedule/schedule.ts';
import { planFlows, strideOf } from './flow-plan.ts';
import { type Loop, startLoop } from './loop.ts';
import { ShareCache } from './share-cache.ts';

interface Setup {
  readonly calls: string;
  readonly shape?: Shape;
  readonly warmupUs?: Micros;
  readonly durationUs?: Micros;
  readonly maxInFlight?: number;
  readonly graceUs?: Micros;
  readonly seed?: number;
  readonly worker?: number;
  readonly workers?: number;
  /** Agents take tasks. */
  readonly tasks?: boolean;
  /** Of the agents' caches; absent: they have none. */
  readonly cache?: Partial<CacheSettings>;
  readonly groupOf?: (agent: number) => number;
  readonly treat?: (tool: string, request: Request, atUs: Micros) => Treatment;
  readonly during?: (loop: Loop, clock: VirtualClock, driver: SimulatedDriver) => void;
}

interface Loaded {
  readonly recording: Recording;
  /** What was sent: when, the tool, and its arguments. */
  readonly sent: readonly { readonly atUs: Micros; readonly tool: string; readonly args: unknown }[];
  readonly bodies: readonly string[];
  readonly flow: RecordedFlow;
  readonly endedUs: Micros;
}

/** The JSON text of an answer with this result. */
const resultText = (result: object): string => JSON.stringify({ jsonrpc: '2.0', id: 1, result });

/** The JSON text of an answer whose structured content is `value`. */
const answer = (value: unknown): string => resultText({ content: [], structuredContent: value });

function settingsOf(calls: string): Settings {
  const text = `version: 1\nload: { rate: 1/s }\nfleet: {}\ncalls: ${calls}\n`;
  return parseProfile(text, 'p.yaml').variants[0]!.settings;
}

async function load(setup: Setup): Promise<Loaded> {
  const { shape = { kind: 'rate', perSecond: 1 }, warmupUs = 0, durationUs = 10e6, seed = 1 } = setup;
  const { worker = 0, workers = 1, maxInFlight = 1e6, graceUs = 5e6 } = setup;
  const { calls, flows = [] } = settingsOf(setup.calls);
  const clock = new VirtualClock();
  const treat = setup.treat ?? (() => ({ takesUs: 1000 }));
  const driver = simulatedDriver(clock, (request, atUs) =>
    treat(JSON.parse(request.body).params.name ?? '', request, atUs),
  );
  const tallies = new Tallies({ era: 'stateless', calls, flows });
  const cache = setup.cache && {
    settings: { ...KEEP, ...setup.cache },
    changes: [],
    keepsLookupLog: false,
  };
  const caches = cache && new ShareCache({ calls, flows, cache, seed, worker }, 0, tallies);
  const agents = createAgents({
    era: 'stateless',
    tallies,
    calls,
    seed,
    driver,
    headers: {},
    timeoutUs: 5e6,
    now: () => clock.now(),
    after: (us, wake) => clock.at(clock.now() + us, wake),
    measureFromUs: warmupUs,
    ...(setup.tasks && {
      tasks: {
        settings: { via: 'poll', cancel: 0 },
        limit: new TaskLimit(),
        epochMsOf: (us: Micros) => us / 1000,
      },
    }),
    cache: caches?.sharing,
  });
  const settings = { shape, arrivals: 'constant', warmupUs, durationUs, agents: 8 } as LoadSettings;
  const recorder = new Recorder({
    calls: calls.map(({ name }) => name),
    startUs: warmupUs,
    warmupUs,
    durationUs,
    tallies,
  });
  const tally = tallies.of(measure)!;
  tally.begin(warmupUs);
  const weights = [...calls, ...flows].map(({ weight }) => weight);
  const stride = strideOf(flows);
  const loop = startLoop({
    schedule: createSchedule({ load: settings, weights, stride, seed, worker, workers, resident: false }),
    agents,
    recorder,
    clock,
    startUs: 0,
    endUs: warmupUs + durationUs,
    maxInFlight,
    flows: {
      plans: planFlows(flows),
      firstIndex: calls.length,
      seed,
      graceUs,
      tally,
      groupOf: setup.groupOf,
    },
    ...(shape.kind === 'closed' && { concurrency: shape.concurrency }),
  });
  setup.during?.(loop, clock, driver);
  await clock.run();
  await loop.finished;
  const recording = recorder.close({ endUs: clock.now() });
  const bodies = driver.sent.map(({ request }) => request.body);
  const sent = driver.sent.map(({ atUs, request }) => {
    const { name, arguments: args } = JSON.parse(request.body).params;
    return { atUs, tool: name, args };
  });
  return { recording, sent, bodies, flow: countsOf(recording, measure)![0]!, endedUs: clock.now() };
}

const ORDER = `[{ name: order, flow: [
  { tool: create, save: { basket: $.id } },
  { tool: add, arguments: { id: "{{saved.basket}}", note: "for {{saved.basket}}" }, repeat: 2 },
  { think: 200ms },
  { parallel: [{ tool: get }, { tool: list }] },
  { tool: close }] }]`;

/** Each tool takes a time of its own; `create` gives the number of the basket. */
const shop = (tool: string, request: Request): Treatment => ({
  takesUs: { create: 1000, add: 2000, get: 3000, list: 4000, close: 5000 }[tool] ?? 0,
  body: answer({ id: JSON.parse(request.body).id }),
});

const counted = ({ recording }: Loaded): Record<'due' | 'dropped' | 'done' | 'outcomes', number> => ({
  due: recording.byCall.reduce((sum, call) => sum + call.due, 0),
  dropped: recording.byCall.reduce((sum, call) => sum + call.dropped, 0),
  done: recording.byCall.reduce((sum, call) => sum + call.done, 0),
  outcomes: Object.values(recording.outcomes).reduce((sum, count) => sum + count, 0),
});

describe('a flow in the open loop', () => {
  it('makes each call when the one before has ended, after its think time', async () => {
    const { sent } = await load({ calls: ORDER, durationUs: 1e6, treat: shop });
    expect(sent.map(({ atUs, tool }) => [tool, atUs])).toEqual([
      ['create', 0],
      ['add', 1000],
      ['add', 3000],
      ['get', 205_000],
      ['list', 205_000],
      ['close', 209_000],
    ]);
  });

  it('goes on with the result of the task that a call became', async () => {
    const task = { taskId: 't', ttlMs: null, pollIntervalMs: 10 };
    const { sent, flow } = await load({
      calls: `[{ flow: [{ tool: report, save: { id: $.id } }, { tool: add, arguments: { id: "{{saved.id}}" } }] }]`,
      durationUs: 1e6,
      tasks: true,
      treat: (tool) => ({
        takesUs: 1000,
        ...(tool === 'report' && {
          outcome: 'task' as const,
          body: resultText({ ...task, resultType: 'task', status: 'working' }),
        }),
        ...(tool === '' && {
          body: resultText({ ...task, status: 'completed', result: { structuredContent: { id: 7 } } }),
        }),
      }),
    });
    expect(sent.map(({ tool, args }) => [tool, args])).toEqual([
      ['report', {}],
      [undefined, undefined],
      ['add', { id: 7 }],
    ]);
    expect(flow).toMatchObject({ due: 1, completed: 1 });
  });

  it('begins at its due time, however long others take', async () => {
    const { sent } = await load({
      calls: ORDER,
      treat: (tool) => ({ takesUs: tool === 'close' ? 3e6 : 0, body: answer({ id: 1 }) }),
    });
    const begun = sent.filter(({ tool }) => tool === 'create');
    expect(begun.map(({ atUs }) => atUs)).toEqual(Array.from({ length: 10 }, (_, second) => second * 1e6));
  });

  it('gives later calls what earlier ones saved, with its JSON type', async () => {
    const { sent } = await load({ calls: ORDER, durationUs: 2e6, treat: shop });
    const added = sent.filter(({ tool }) => tool === 'add');
    expect(added.map(({ args }) => args)).toEqual([
      { id: 0, note: 'for 0' },
      { id: 0, note: 'for 0' },
      { id: 6, note: 'for 6' },
      { id: 6, note: 'for 6' },
    ]);
  });

  it('gives every call a number of its own', async () => {
    const { bodies } = await load({ calls: ORDER, treat: shop });
    const ids = bodies.map((body) => JSON.parse(body).id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('measures calls from when they are due, and the flow with and without its think time', async () => {
    const { recording, flow } = await load({ calls: ORDER, treat: shop });
    const byName = Object.fromEntries(recording.byCall.map((call) => [call.name, call]));
    expect(byName['order / tools/call add']).toMatchObject({
      due: 20,
      responseTime: { count: 20, maxUs: 2000 },
    });
    expect(byName['order / tools/call close']).toMatchObject({ due: 10, responseTime: { maxUs: 5000 } });
    expect(recording.sendLag.maxUs).toBe(0);
    expect(flow).toMatchObject({
      name: 'order',
      due: 10,
      completed: 10,
      failed: 0,
      responseTime: { count: 10, maxUs: 214_000 },
      busyTime: { maxUs: 14_000 },
    });
  });

  it.each(['create', 'add', 'get', 'list', 'close'])('ends with a failure of %s', async (failing) => {
    const loaded = await load({
      calls: ORDER,
      durationUs: 1e6,
      treat: (tool, request) =>
        tool === failing ? { takesUs: 1000, outcome: 'tool-error' } : shop(tool, request),
    });
    const { flow, recording, sent } = loaded;
    expect(flow).toMatchObject({ due: 1, completed: 0, failed: 1 });
    expect(flow.steps.filter(({ failed }) => Object.keys(failed).length > 0)).toEqual([
      { name: `order / tools/call ${failing}`, failed: { 'tool-error': 1 } },
    ]);
    // Calls in parallel with it are made; those after it are not, and do not count as due.
    const made = { create: 1, add: 2, get: 5, list: 5, close: 6 }[failing];
    expect(sent).toHaveLength(made!);
    expect(recording.byCall.reduce((sum, { due }) => sum + due, 0)).toBe(made);
  });

  it('ends as malformed where the result lacks what is saved', async () => {
    const { recording, flow, sent } = await load({
      calls: ORDER,
      durationUs: 1e6,
      treat: () => ({ takesUs: 1000, body: answer({ other: 1 }) }),
    });
    expect(sent).toHaveLength(1);
    expect(flow.steps[0]).toEqual({ name: 'order / tools/call create', failed: { malformed: 1 } });
    expect(recording.details).toEqual([
      { outcome: 'malformed', detail: 'the result has nothing at $.id', count: 1 },
    ]);
  });

  it('ends where a call exceeds those that may be in flight', async () => {
    const loaded = await load({
      calls: ORDER,
      maxInFlight: 1,
      treat: (tool, request) => shop(tool, request),
    });
    // The second call in parallel is dropped; the first one is made.
    expect(loaded.flow).toMatchObject({ due: 10, completed: 0, failed: 10 });
    expect(loaded.flow.steps.find(({ name }) => name.endsWith('list'))!.failed).toEqual({ dropped: 10 });
    const { due, dropped, done } = counted(loaded);
    expect([due, dropped, done]).toEqual([50, 10, 40]);
  });

  it.each<[string, Shape]>([
    ['an open loop', { kind: 'rate', perSecond: 100_000 }],
    ['a closed loop', { kind: 'closed', concurrency: 100 }],
  ])(
    'sends steps that are due at one time in portions, between which answers are read: %s',
    async (_, shape) => {
      let [now, inFlight, most] = [0, 0, 0];
      let at: VirtualClock['at'] = () => () => undefined;
      const { flow } = await load({
        shape,
        durationUs: 1000,
        calls: '[{ flow: [{ tool: a }, { think: 1s }, { tool: b }] }]',
        treat(tool, _request, atUs) {
          if (tool === 'b') {
            if (atUs !== now) [now, inFlight] = [atUs, 0];
            inFlight += 1;
            most = Math.max(most, inFlight);
            at(atUs, () => {
              inFlight -= 1;
            });
            return { takesUs: 0 };
          }
          // All think from one moment on.
          return { takesUs: 5000 - atUs };
        },
        during(_loop, clock) {
          at = (due, wake) => clock.at(due, wake);
        },
      });
      expect(most).toBe(32);
      expect(flow.completed).toBe(100);
    },
  );

  it('draws think times from the seed', async () => {
    const calls = '[{ flow: [{ tool: a }, { think: 100ms..300ms }, { tool: b }] }]';
    const thinks = async (seed: number): Promise<readonly Micros[]> => {
      const { sent } = await load({
        calls,
        seed,
        shape: { kind: 'rate', perSecond: 100 },
        treat: () => ({ takesUs: 0 }),
      });
      const [a, b] = ['a', 'b'].map((wanted) =>
        sent.filter(({ tool }) => tool === wanted).map(({ atUs }) => atUs),
      );
      return b!.map((atUs, index) => atUs - a![index]!).sort((x, y) => x - y);
    };
    const once = await thinks(1);
    expect(await thinks(1)).toEqual(once);
    expect(await thinks(2)).not.toEqual(once);
    expect(once).toHaveLength(1000);
  });
});

describe('a step whose result a cache gives', () => {
  const READ = `[{ name: guide, flow: [
    { read: "x://guide", save: { topic: "$.contents[0].text" } },
    { tool: search, arguments: { topic: "{{saved.topic}}" } }] }, { read: "x://guide" }]`;
  const PAGES = `[{ flow: [
    { list: tools, pages: all, save: { last: "$.tools[0].name" } },
    { tool: search, arguments: { topic: "{{saved.last}}" } }] }]`;

  const resultOf = (ttlMs: number, members: object): string =>
    JSON.stringify({ jsonrpc: '2.0', id: 1, result: { resultType: 'complete', ttlMs, ...members } });
  const guide = (tool: string): Treatment => ({
    takesUs: 1000,
    body: tool === 'search' ? answer({}) : resultOf(60_000, { contents: [{ text: 'bees' }] }),
  });

  it.each<[string, Partial<CacheSettings>]>([
    ['that keeps it', {}],
    ['that lets calls wait for one answer', { singleFlight: true }],
  ])('saves the same value: %s', async (_, cache) => {
    const { flow, sent } = await load({
      calls: READ,
      cache,
      shape: { kind: 'rate', perSecond: 2000 },
      durationUs: 1e6,
      treat: guide,
    });
    const searched = sent.filter(({ tool }) => tool === 'search');
    expect(flow).toMatchObject({ due: searched.length, completed: searched.length, failed: 0 });
    expect(searched.length).toBeGreaterThan(500);
    expect(new Set(searched.map(({ args }) => JSON.stringify(args)))).toEqual(new Set(['{"topic":"bees"}']));
    // Far fewer than there were flows: agents have asked for it while they had no answer.
    expect(sent.length - searched.length).toBeLessThan(100);
  });

  it('saves it of an entry that is given in place of a failure', async () => {
    const { flow, sent } = await load({
      calls: READ,
      cache: { staleIfErrorUs: 60e6 },
      shape: { kind: 'rate', perSecond: 20 },
      durationUs: 60e6,
      treat: (tool, _, atUs) =>
        tool === 'search' || atUs < 30e6
          ? {
              ...guide(tool),
              ...(tool !== 'search' && { body: resultOf(1, { contents: [{ text: 'bees' }] }) }),
            }
          : { takesUs: 1000, outcome: 'http-error', status: 503 },
    });
    expect(flow.failed).toBe(0);
    expect(sent.filter(({ tool }) => tool === 'search')).toHaveLength(flow.due);
  });

  it.each([
    ['the first page', 60_000, 1],
    ['the last page', 1, 60_000],
    ['both pages', 60_000, 60_000],
  ])('saves it of the last page where the cache gives %s', async (_, firstMs, lastMs) => {
    const { flow, sent } = await load({
      calls: PAGES,
      cache: {},
      durationUs: 60e6,
      treat(tool, request) {
        if (tool === 'search') return guide(tool);
        const { cursor } = JSON.parse(request.body).params;
        const body =
          cursor === undefined
            ? resultOf(firstMs, { tools: [{ name: 'first' }], nextCursor: 'b' })
            : resultOf(lastMs, { tools: [{ name: 'last' }] });
        return { takesUs: 1000, body };
      },
    });
    expect(flow).toMatchObject({ due: 60, completed: 60 });
    const searched = sent.filter(({ tool }) => tool === 'search');
    expect(new Set(searched.map(({ args }) => JSON.stringify(args)))).toEqual(new Set(['{"topic":"last"}']));
    expect(sent.length).toBeLessThan(180);
  });
});

describe('a step that is stolen', () => {
  const stealing = (share: number): string => `[{ flow: [
    { tool: create, arguments: { by: "{{agent}}" }, save: { basket: $.id } },
    { tool: use, arguments: { id: "{{saved.basket}}", by: "{{agent}}" }, stolen: ${share} },
    { tool: close, arguments: { by: "{{agent}}" } }] }]`;
  const refusing = (tool: string, request: Request): Treatment =>
    tool === 'use' ? { takesUs: 1000, outcome: 'tool-error' } : shop(tool, request);
  /** Who made each call of a tool, by the order of the flows. */
  const callers = ({ sent }: Loaded, wanted: string): readonly number[] =>
    sent.filter(({ tool }) => tool === wanted).map(({ args }) => (args as { by: number }).by);

  it('is made by an agent that has begun a flow before, and its flow goes on however it ends', async () => {
    const loaded = await load({ calls: stealing(1), durationUs: 100e6, treat: refusing });
    const [owners, users, closers] = ['create', 'use', 'close'].map((tool) => callers(loaded, tool));
    expect(owners).toHaveLength(100);
    const first = owners!.findIndex((owner) => owner !== owners![0]);
    expect(closers).toEqual(owners!.slice(first));
    // Until a second agent has begun a flow, there is nobody who could steal: the call is the flow's own, and ends it.
    expect(loaded.flow).toMatchObject({ due: 100, completed: 100 - first, failed: first });
    for (const [index, user] of users!.entries()) {
      if (index >= first) expect(user).not.toBe(owners![index]);
      expect(owners!.slice(0, index + 1)).toContain(user);
    }
  });

  it('is as many of these calls as its share', async () => {
    const loaded = await load({ calls: stealing(0.25), durationUs: 400e6, treat: shop });
    const [owners, users] = ['create', 'use'].map((tool) => callers(loaded, tool));
    const stolen = users!.filter((user, index) => user !== owners![index]).length;
    // 400 draws of one in four, from a seed: 100, give or take 26 (three standard deviations).
    expect(Math.abs(stolen - 100)).toBeLessThan(26);
    expect(loaded.flow).toMatchObject({ due: 400, completed: 400 });
  });

  it('is made by an agent of another group, where there are groups', async () => {
    const groupOf = (agent: number): number => agent % 2;
    const loaded = await load({ calls: stealing(1), durationUs: 100e6, treat: shop, groupOf });
    const [owners, users] = ['create', 'use'].map((tool) => callers(loaded, tool));
    const first = owners!.findIndex((owner) => groupOf(owner) !== groupOf(owners![0]!));
    for (const [index, user] of users!.entries()) {
      if (index >= first) expect(groupOf(user)).not.toBe(groupOf(owners![index]!));
    }
  });
});

describe('the end of a load with flows', () => {
  it('lets flows under way finish', async () => {
    const { flow, endedUs } = await load({
      calls: ORDER,
      durationUs: 1e6,
      shape: { kind: 'rate', perSecond: 100 },
      treat: shop,
    });
    expect(flow).toMatchObject({ due: 100, completed: 100 });
    expect(endedUs).toBe(990_000 + 214_000);
  });

  it('leaves a flow unfinished whose next call would be due too late', async () => {
    const calls = '[{ flow: [{ tool: a }, { think: 1h }, { tool: b }] }]';
    const { flow, recording, endedUs } = await load({ calls });
    expect(flow).toMatchObject({ due: 10, completed: 0, failed: 0 });
    expect(recording.byCall.map(({ due }) => due)).toEqual([10, 0]);
    expect(endedUs).toBe(10e6);
  });

  it('leaves flows unfinished when it is stopped, also those that think', async () => {
    const calls = '[{ flow: [{ tool: a }, { think: 1s }, { tool: b }] }]';
    const { flow, recording } = await load({
      calls,
      treat: (tool) => ({ takesUs: tool === 'b' ? 30e6 : 1000 }),
      during: (loop, clock, driver) =>
        clock.at(4_500_000, () => {
          loop.stop();
          void driver.close();
        }),
    });
    expect(flow).toMatchObject({ due: 5, completed: 0, failed: 0 });
    expect(recording.outcomes).toMatchObject({ ok: 5, aborted: 4 });
  });

  it('measures all calls of a flow that was due in the measured time, and none of one of the warm-up', async () => {
    const calls = '[{ flow: [{ tool: a }, { think: 3s }, { tool: b }] }]';
    const { recording, flow } = await load({ calls, warmupUs: 5e6 });
    expect(flow).toMatchObject({ due: 10, completed: 10 });
    expect(recording.byCall.map(({ due, ok }) => [due, ok])).toEqual([
      [10, 10],
      [10, 10],
    ]);
  });
});

describe('a flow in the closed loop', () => {
  it('takes one place until it is over', async () => {
    const { sent, flow } = await load({
      calls: ORDER,
      shape: { kind: 'closed', concurrency: 2 },
      durationUs: 1e6,
      treat: shop,
    });
    const begun = sent.filter(({ tool }) => tool === 'create').map(({ atUs }) => atUs);
    expect(begun).toEqual([0, 0, 214_000, 214_000, 428_000, 428_000, 642_000, 642_000, 856_000, 856_000]);
    expect(flow).toMatchObject({ due: 10, completed: 10 });
  });
});

describe('any mix with flows', () => {
  const MIX = `[{ name: a, weight: 2, flow: [{ tool: x, save: { v: $.v } }, { think: 1ms..900ms },
    { parallel: [{ tool: y, arguments: { v: "{{saved.v}}" }, repeat: 2 }, { tool: z }] }] },
    { name: b, flow: [{ tool: y }, { tool: x }] }, { tool: single, weight: 3 }]`;
  const OUTCOMES = ['ok', 'ok', 'ok', 'tool-error', 'timeout', 'refused'] as const;

  const treatment = fc.record({
    takesUs: fc.integer({ min: 0, max: 3e6 }),
    outcome: fc.constantFrom(...OUTCOMES),
    body: fc.constantFrom(answer({ v: { deep: [1] } }), answer({})),
  });

  it('accounts for every call and every flow', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(treatment, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.option(fc.integer({ min: 1, max: 12e6 })),
        fc.integer({ min: 0, max: 1000 }),
        async (treatments, maxInFlight, stopUs, seed) => {
          let turn = 0;
          const loaded = await load({
            calls: MIX,
            maxInFlight,
            seed,
            warmupUs: 2e6,
            durationUs: 5e6,
            shape: { kind: 'rate', perSecond: 5 },
            treat() {
              turn += 1;
              return treatments[turn % treatments.length]!;
            },
            during(loop, clock, driver) {
              if (stopUs === null) return;
              clock.at(stopUs, () => {
                loop.stop();
                void driver.close();
              });
            },
          });
          const { due, dropped, done, outcomes } = counted(loaded);
          expect(due).toBe(dropped + done);
          expect(outcomes).toBe(done);
          for (const flow of countsOf(loaded.recording, measure)!) {
            const unfinished = flow.due - flow.completed - flow.failed;
            expect(unfinished).toBeGreaterThanOrEqual(0);
            const failures = flow.steps.flatMap(({ failed }) => Object.values(failed));
            expect(failures.reduce((sum, count) => sum + count, 0)).toBe(flow.failed);
            expect(flow.responseTime.count).toBe(flow.completed);
            if (stopUs === null) expect(unfinished).toBe(0);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('sends the same on any number of workers, byte for byte', async () => {
    const treat = (): Treatment => ({ takesUs: 1000, body: answer({ v: 1 }) });
    const one = await load({ calls: MIX, treat });
    const shares = await Promise.all(
      [0, 1, 2].map((worker) => load({ calls: MIX, treat, worker, workers: 3 })),
    );
    expect(shares.flatMap(({ bodies }) => bodies).sort()).toEqual([...one.bodies].sort());
    expect(one.bodies.length).toBeGreaterThan(20);
  });
});
