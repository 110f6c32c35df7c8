import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type SimulatedDriver, simulatedDriver, type Treatment } from '../../driver/simulated.case.ts';
import type { CallSettings, LoadSettings, Shape } from '../../profile/settings.ts';
import { OUTCOMES, type Outcome } from '../../protocol/outcome.ts';
import type { Request } from '../../protocol/request.ts';
import { decodeHistogram, percentileOf } from '../../recording/histogram.ts';
import { connectionWait } from '../../recording/measure/connection-wait.ts';
import { Tallies } from '../../recording/measure/tallies.ts';
import { Recorder } from '../../recording/recorder.ts';
import { countsOf, type Recording } from '../../recording/recording.ts';
import type { Cancel } from '../../units/clock.ts';
import { randomAt } from '../../units/random.ts';
import type { Micros } from '../../units/time.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { Agent } from '../agent/agent.ts';
import { createAgents } from '../agent/agents.ts';
import { createSchedule } from '../schedule/schedule.ts';
import { type Loop, startLoop } from './loop.ts';

interface Setup {
  readonly shape: Shape;
  readonly arrivals?: 'constant' | 'poisson';
  readonly warmupUs?: Micros;
  readonly durationUs?: Micros;
  readonly maxInFlight?: number;
  readonly seed?: number;
  readonly inRow?: boolean;
  readonly clock?: VirtualClock;
  readonly treat: (request: Request, atUs: Micros) => Treatment;
  readonly during?: (loop: Loop, clock: VirtualClock, driver: SimulatedDriver) => void;
}

const CALLS: readonly CallSettings[] = [
  {
    name: 'tools/call echo',
    method: 'tools/call',
    tool: 'echo',
    arguments: { text: 'hi {{agent}} {{seq}} {{randomInt 1 100}}' },
    weight: 3,
  },
  { name: 'tools/list', method: 'tools/list', weight: 1 },
];

/** A machine that gives the generator no time from 1 s to 1.5 s. */
class StoppedClock extends VirtualClock {
  override at(due: Micros, wake: () => void): Cancel {
    return super.at(due > 1e6 && due < 1.5e6 ? 1.5e6 : due, wake);
  }
}

async function load(setup: Setup): Promise<{ recording: Recording; driver: SimulatedDriver }> {
  const {
    shape,
    arrivals = 'constant',
    warmupUs = 0,
    durationUs = 10e6,
    maxInFlight = 1e6,
    seed = 1,
    inRow = true,
    clock = new VirtualClock(),
  } = setup;
  const driver = simulatedDriver(clock, setup.treat);
  const settings = { shape, arrivals, warmupUs, durationUs, agents: 8 } as LoadSettings;
  const now = (): Micros => clock.now();
  const tallies = new Tallies({ era: 'stateless' });
  const agents = createAgents({
    era: 'stateless',
    tallies,
    calls: CALLS,
    seed,
    driver,
    headers: {},
    timeoutUs: 5e6,
    now,
    measureFromUs: warmupUs,
  });
  const calls = CALLS.map(({ name }) => name);
  const recorder = new Recorder({ calls, startUs: warmupUs, durationUs, tallies });
  const weights = CALLS.map(({ weight }) => weight);
  const loop = startLoop({
    schedule: createSchedule({ load: settings, weights, seed, worker: 0, workers: 1, resident: false }),
    agents,
    recorder,
    clock,
    startUs: 0,
    endUs: warmupUs + durationUs,
    maxInFlight,
    ...(shape.kind === 'closed' ? { concurrency: shape.concurrency, inRow } : {}),
  });
  setup.during?.(loop, clock, driver);
  await clock.run();
  await loop.finished;
  return { recording: recorder.close({ endUs: clock.now() }), driver };
}

const totals = (recording: Recording): { due: number; dropped: number; done: number; outcomes: number } => ({
  due: recording.byCall.reduce((sum, call) => sum + call.due, 0),
  dropped: recording.byCall.reduce((sum, call) => sum + call.dropped, 0),
  done: recording.byCall.reduce((sum, call) => sum + call.done, 0),
  outcomes: Object.values(recording.outcomes).reduce((sum, count) => sum + count, 0),
});

const responseAt = (recording: Recording, percentile: number): Micros =>
  percentileOf(decodeHistogram(recording.byCall[0]!.responseTime.histogram), percentile);

describe('the open loop', () => {
  it('sends every arrival at its due time, however long answers take', async () => {
    const { driver } = await load({
      shape: { kind: 'rate', perSecond: 100 },
      treat: () => ({ takesUs: 3e6 }),
    });
    expect(driver.sent).toHaveLength(1000);
    expect(driver.sent.map(({ atUs }) => atUs)).toEqual(Array.from({ length: 1000 }, (_, k) => k * 10_000));
  });

  it('reads a server that always takes 100 ms as 100 ms', async () => {
    const { recording } = await load({
      shape: { kind: 'rate', perSecond: 1000 },
      treat: () => ({ takesUs: 100_000 }),
    });
    expect(responseAt(recording, 1)).toBeGreaterThanOrEqual(100_000);
    expect(responseAt(recording, 100)).toBeLessThan(100_200);
    expect(recording.sendLag.maxUs).toBe(0);
  });

  it('counts the wait for a connection as part of the response time, and not as send lag', async () => {
    const { recording } = await load({
      shape: { kind: 'rate', perSecond: 100 },
      treat: () => ({ takesUs: 1000, connectionWaitUs: 5000 }),
    });
    const [call] = recording.byCall;
    expect(recording.sendLag).toMatchObject({ count: 1000, maxUs: 0 });
    expect(call).toMatchObject({ responseTime: { maxUs: 6000 }, serviceTime: { maxUs: 1000 } });
    expect(countsOf(recording, connectionWait)).toMatchObject({ count: 1000, totalUs: 5e6, maxUs: 5000 });
  });

  it('sees a server that freezes 1 s in every 5 as the theory does: p90 0.5 s, p99 0.95 s, p99.9 0.995 s', async () => {
    const freezeEnds = (atUs: Micros): Micros => (atUs % 5e6 < 1e6 ? 1e6 - (atUs % 5e6) : 0);
    const { recording } = await load({
      shape: { kind: 'rate', perSecond: 2000 },
      durationUs: 50e6,
      treat: (_, atUs) => ({ takesUs: freezeEnds(atUs) }),
    });
    expect(responseAt(recording, 50)).toBeLessThan(1000);
    expect(responseAt(recording, 90) / 1e6).toBeCloseTo(0.5, 1);
    expect(responseAt(recording, 99) / 1e6).toBeCloseTo(0.95, 2);
    expect(responseAt(recording, 99.9) / 1e6).toBeCloseTo(0.995, 2);
  });

  it('counts what the in-flight cap keeps back as dropped, and goes on with the schedule', async () => {
    const { recording, driver } = await load({
      shape: { kind: 'rate', perSecond: 100 },
      maxInFlight: 10,
      treat: () => ({ takesUs: 1e6 }),
    });
    expect(totals(recording)).toEqual({ due: 1000, dropped: 900, done: 100, outcomes: 100 });
    expect(driver.sent.at(-1)!.atUs).toBeGreaterThan(9e6);
  });

  it('reads answers between portions of the calls that fell due while it was stopped', async () => {
    let [inFlight, most] = [0, 0];
    const clock = new StoppedClock();
    const { recording, driver } = await load({
      shape: { kind: 'rate', perSecond: 1000 },
      durationUs: 2e6,
      clock,
      treat: (_, atUs) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        clock.at(atUs, () => {
          inFlight -= 1;
        });
        return { takesUs: 0 };
      },
    });
    expect(most).toBe(32);
    expect(driver.sent.filter(({ atUs }) => atUs === 1.5e6)).toHaveLength(500);
    expect(totals(recording)).toEqual({ due: 2000, dropped: 0, done: 2000, outcomes: 2000 });
    expect(recording.sendLag.maxUs).toBe(499_000);
  });

  it('counts calls that wait for their portion as in flight', async () => {
    const { recording } = await load({
      shape: { kind: 'rate', perSecond: 1000 },
      durationUs: 2e6,
      maxInFlight: 100,
      clock: new StoppedClock(),
      treat: () => ({ takesUs: 1000 }),
    });
    expect(totals(recording)).toEqual({ due: 2000, dropped: 400, done: 1600, outcomes: 1600 });
  });

  it('sends the calls that wait for their portion when it is stopped: they were due', async () => {
    const { recording } = await load({
      shape: { kind: 'rate', perSecond: 1000 },
      durationUs: 2e6,
      clock: new StoppedClock(),
      treat: () => ({ takesUs: 1000 }),
      // After its first portion.
      during: (loop, clock) => void clock.at(1.5e6, () => void clock.at(1.5e6, () => loop.stop())),
    });
    expect(totals(recording)).toMatchObject({ due: 1501, dropped: 0, done: 1501 });
  });

  it('leaves the warm-up out of every figure', async () => {
    const { recording, driver } = await load({
      shape: { kind: 'rate', perSecond: 100 },
      warmupUs: 2e6,
      durationUs: 3e6,
      treat: (_, atUs) => ({ takesUs: 1000, outcome: atUs < 2e6 ? 'rpc-error' : 'ok' }),
    });
    expect(driver.sent).toHaveLength(500);
    expect(totals(recording).due).toBe(300);
    expect(recording.outcomes.ok).toBe(300);
  });

  it.each<[string, Shape, Micros, number]>([
    ['one call', { kind: 'rate', perSecond: 1 / 60 }, 2e6, 1],
    ['a call a second', { kind: 'rate', perSecond: 1 }, 3e6, 3],
    [
      'a pause at the end',
      {
        kind: 'stages',
        stages: [
          { durationUs: 1e6, fromPerSecond: 20, toPerSecond: 20 },
          { durationUs: 3e6, fromPerSecond: 0, toPerSecond: 0 },
        ],
      },
      4e6,
      20,
    ],
  ])('measures the whole of its time, not up to the last call: %s', async (_, shape, durationUs, due) => {
    const { recording } = await load({ shape, durationUs, treat: () => ({ takesUs: 1000 }) });
    expect([recording.measuredUs, recording.answeredInTime]).toEqual([durationUs, due]);
  });

  it('sends the same bytes in the same order under the same seed', async () => {
    const setup: Setup = {
      shape: { kind: 'rate', perSecond: 500 },
      arrivals: 'poisson',
      seed: 9,
      treat: () => ({ takesUs: 5000 }),
    };
    const [first, second, other] = await Promise.all([
      load(setup),
      load(setup),
      load({ ...setup, seed: 10 }),
    ]);
    const bytes = ({ driver }: { driver: SimulatedDriver }): string =>
      driver.sent.map(({ atUs, request }) => `${atUs} ${request.head.text}${request.body}`).join('\n');
    expect(bytes(first)).toBe(bytes(second));
    expect(bytes(first)).not.toBe(bytes(other));
  });

  it('gives every call a JSON-RPC id of its own', async () => {
    const { driver } = await load({
      shape: { kind: 'rate', perSecond: 500 },
      treat: () => ({ takesUs: 5000 }),
    });
    const ids = driver.sent.map(({ request }) => (JSON.parse(request.body) as { id: number }).id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('makes no further call once stopped, and counts what is aborted', async () => {
    const { recording } = await load({
      shape: { kind: 'rate', perSecond: 100 },
      treat: () => ({ takesUs: 60e6 }),
      during: (loop, clock, driver) => {
        clock.at(2e6 + 1, () => {
          loop.stop();
          void driver.close();
        });
      },
    });
    expect(totals(recording)).toEqual({ due: 201, dropped: 0, done: 201, outcomes: 201 });
    expect(recording.outcomes.aborted).toBe(201);
  });
});

describe('the closed loop', () => {
  it('keeps as many calls under way as asked, each following the one before', async () => {
    const { recording, driver } = await load({
      shape: { kind: 'closed', concurrency: 4 },
      treat: () => ({ takesUs: 100_000 }),
    });
    expect(driver.sent).toHaveLength(400);
    expect(recording.sendLag.maxUs).toBe(0);
    expect(recording.answeredInTime).toBeGreaterThanOrEqual(396);
  });

  it('makes each call at once after the answer before it, where the driver joins requests itself', async () => {
    const sentAfter: number[] = [];
    await load({
      shape: { kind: 'closed', concurrency: 4 },
      inRow: false,
      treat: () => ({ takesUs: 100_000 }),
      during(_, clock, driver) {
        for (const span of [0, 100_000]) {
          clock.advance(span);
          sentAfter.push(driver.sent.length);
        }
      },
    });
    expect(sentAfter).toEqual([4, 8]);
  });

  it('reads all answers that have come before it makes the next calls, which are due then', async () => {
    const sentAfter: number[] = [];
    const { recording } = await load({
      shape: { kind: 'closed', concurrency: 4 },
      treat: () => ({ takesUs: 100_000 }),
      during(_, clock, driver) {
        for (const span of [0, 100_000, 50_000]) {
          clock.advance(span);
          sentAfter.push(driver.sent.length);
        }
      },
    });
    expect(sentAfter).toEqual([4, 4, 4]);
    // The first calls of each of the four follow 50 ms late, and no time of a call shows that.
    expect(recording.byCall.reduce((sum, { due }) => sum + due, 0)).toBe(400);
    expect(Math.max(...recording.byCall.map(({ responseTime }) => responseTime.maxUs))).toBe(100_000);
    expect(recording.sendLag.maxUs).toBe(0);
  });
});

describe('slots', () => {
  it.each<[string, Shape, number]>([
    ['the open loop', { kind: 'rate', perSecond: 100 }, 3],
    ['the closed loop', { kind: 'closed', concurrency: 4 }, 4],
  ])(
    'of %s are as many as calls are in flight, and each makes its requests of one',
    async (_, shape, most) => {
      const [slots, requests] = [new Set<object>(), new Set<object | undefined>()];
      const { call } = Agent.prototype;
      const watched = vi.spyOn(Agent.prototype, 'call').mockImplementation(function (
        this: Agent,
        slot,
        ...rest
      ) {
        const request = call.call(this, slot, ...rest);
        slots.add(slot);
        requests.add(request);
        return request;
      });
      const { driver } = await load({ shape, treat: () => ({ takesUs: 25_000 }) });
      watched.mockRestore();
      expect(driver.sent.length).toBeGreaterThan(900);
      expect([slots.size, requests.size]).toEqual([most, most]);
    },
  );
});

describe('the books', () => {
  it('balance whatever happens to the calls', async () => {
    const failures: readonly Outcome[] = OUTCOMES;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom<Shape>({ kind: 'rate', perSecond: 300 }, { kind: 'closed', concurrency: 20 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 4_000_000 }),
        async (seed, shape, maxInFlight, stopAtUs) => {
          const random = randomAt(seed, 'service');
          const { recording } = await load({
            shape,
            arrivals: 'poisson',
            seed,
            warmupUs: 500_000,
            durationUs: 2e6,
            maxInFlight,
            treat: () => ({
              takesUs: 1 + random.below(400_000),
              outcome: failures[random.below(failures.length)]!,
            }),
            during: (loop, clock, driver) => {
              clock.at(stopAtUs, () => {
                loop.stop();
                void driver.close();
              });
            },
          });
          const { due, dropped, done, outcomes } = totals(recording);
          expect(due).toBe(dropped + done);
          expect(done).toBe(outcomes);
        },
      ),
      { numRuns: 40 },
    );
  });
});
