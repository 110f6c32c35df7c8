import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedDriver, type Treatment } from '../../driver/simulated.case.ts';
import type { CallSettings } from '../../profile/settings.ts';
import { replay as measure, type ReplayCounts } from '../../recording/measure/replay.ts';
import { Tallies } from '../../recording/measure/tallies.ts';
import { Recorder } from '../../recording/recorder.ts';
import { countsOf, type Recording } from '../../recording/recording.ts';
import type { Micros } from '../../units/time.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { createAgents } from '../agent/agents.ts';
import { ReplayedValues } from '../agent/replayed-values.ts';
import { type ReplayedCall, type ReplayedRef, replaySchedule } from '../schedule/replay.ts';
import { startLoop } from './loop.ts';
import { WaitingCalls } from './waiting-calls.ts';

const CALLS: readonly CallSettings[] = ['create', 'add'].map((tool) => ({
  name: `tools/call ${tool}`,
  method: 'tools/call',
  tool,
  weight: 1,
}));

interface Loaded {
  readonly recording: Recording;
  readonly sent: readonly { readonly atUs: Micros; readonly tool: string; readonly args: unknown }[];
  readonly counts: ReplayCounts;
}

interface Setup {
  readonly speed?: number;
  readonly treat?: (tool: string) => Treatment;
  readonly maxInFlight?: number;
  readonly spanUs?: Micros;
  readonly graceUs?: Micros;
}

const result = (value: unknown): string => JSON.stringify({ jsonrpc: '2.0', id: 1, result: value });

async function load(replay: readonly ReplayedCall[], setup: Setup = {}): Promise<Loaded> {
  const {
    speed = 1,
    treat = () => ({ takesUs: 10 }),
    maxInFlight = 1e6,
    spanUs = 1e9,
    graceUs = 5e6,
  } = setup;
  const clock = new VirtualClock();
  const driver = simulatedDriver(clock, (request) => treat(JSON.parse(request.body).params.name));
  const tallies = new Tallies({ era: 'stateless', calls: CALLS, replay });
  const replayed = new ReplayedValues(replay);
  const agents = createAgents({
    era: 'stateless',
    tallies,
    calls: CALLS,
    seed: 1,
    driver,
    replayed,
    headers: {},
    timeoutUs: 5e6,
    now: () => clock.now(),
    measureFromUs: 0,
  });
  const recorder = new Recorder({
    calls: CALLS.map(({ name }) => name),
    startUs: 0,
    warmupUs: 0,
    durationUs: spanUs,
    tallies,
  });
  const loop = startLoop({
    schedule: replaySchedule(replay, speed, spanUs),
    agents,
    recorder,
    clock,
    startUs: 0,
    endUs: spanUs,
    maxInFlight,
    replay: { waiting: new WaitingCalls(replayed, tallies.of(measure)), graceUs },
  });
  await clock.run();
  await loop.finished;
  const recording = recorder.close({ endUs: clock.now() });
  const sent = driver.sent.map(({ atUs, request }) => {
    const { name, arguments: args } = JSON.parse(request.body).params;
    return { atUs, tool: name as string, args: args as unknown };
  });
  return { recording, sent, counts: countsOf(recording, measure)! };
}

const create = (atUs: Micros): ReplayedCall => ({ atUs, agent: 0, call: 0, params: { arguments: { atUs } } });
const add = (atUs: Micros, ref: Partial<ReplayedRef> = {}): ReplayedCall => ({
  atUs,
  agent: 0,
  call: 1,
  params: { arguments: { id: null, item: 'tea' } },
  refs: [{ to: '/arguments/id', seq: 0, from: '/structuredContent/id', ...ref }],
});

const gives = (value: unknown, takesUs = 10) => ({ takesUs, body: result(value) });
const ID = { structuredContent: { id: 'basket-1' } };
const dueOf = ({ recording }: Loaded) =>
  recording.byCall.map(({ due, dropped, ok }) => ({ due, dropped, ok }));

describe('a replay', () => {
  it.each([1, 2, 0.5])('makes each call at its time, at %s times the speed', (speed) =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1e6), { minLength: 1, maxLength: 30 }), async (times) => {
        const sorted = times.sort((a, b) => a - b);
        const { sent } = await load(sorted.map(create), { speed });
        expect(sent.map(({ args }) => args)).toEqual(sorted.map((atUs) => ({ atUs })));
        for (const [index, { atUs }] of sent.entries()) expect(atUs).toBeCloseTo(sorted[index]! / speed, 6);
      }),
      { numRuns: 30 },
    ),
  );

  it('puts values of its own results where the trace has references', async () => {
    const text = { structuredContent: { id: 1 }, content: [{ type: 'text', text: '{"id":"basket-2"}' }] };
    const { sent } = await load([create(0), add(50, { from: '/content/0/text', within: '/id' })], {
      treat: () => gives(text),
    });
    expect(sent[1]).toEqual({ atUs: 50, tool: 'add', args: { id: 'basket-2', item: 'tea' } });
  });

  it('makes a call that needs a result when that is there, and not before its own time', async () => {
    const slow = { treat: (tool: string) => gives(ID, tool === 'create' ? 100 : 10) };
    const { sent, counts } = await load([create(0), add(20), add(300)], slow);
    expect(sent.map(({ atUs }) => atUs)).toEqual([0, 100, 300]);
    expect(counts).toEqual({ leftOut: 0 });
  });

  it.each<[string, Setup]>([
    ['fails', { treat: () => ({ takesUs: 100, outcome: 'timeout' }) }],
    ['lacks the value', { treat: () => gives({ structuredContent: {} }, 100) }],
    ['was not sent', { maxInFlight: 0 }],
    ['ends too late', { treat: () => gives(ID, 10_000), spanUs: 500, graceUs: 100 }],
  ])('leaves out what needs a call that %s, and what needs that in turn', async (_, setup) => {
    const loaded = await load([create(0), add(20), add(30, { seq: 1 }), add(200)], setup);
    expect(loaded.counts).toEqual({ leftOut: 3 });
    expect(dueOf(loaded)).toMatchObject([{ due: 1 }, { due: 0, dropped: 0 }]);
  });
});
