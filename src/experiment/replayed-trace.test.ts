import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCapture } from '../capture/capture.ts';
import { type ReplayedCall, replaySchedule } from '../generator/schedule/replay.ts';
import type { Arrival } from '../generator/schedule/schedule.ts';
import type { Settings } from '../profile/settings.ts';
import { partsOf } from '../testbed/parts.ts';
import { startTestbed } from '../testbed/testbed.ts';
import { openTrace } from '../trace/read.ts';
import type { TracedCall } from '../trace/trace.ts';
import { scratch } from '../units/scratch.case.ts';
import { runExperiment } from './experiment.ts';
import { parseProfile } from './parse-profile.ts';
import { replayedCalls } from './replayed-trace.ts';
import { settingsInForce } from './settings-in-force.ts';

const HEADER = {
  schema: 'paceline/trace@1',
  paceline: '1.0.0',
  target: 'http://127.0.0.1:1/mcp',
  era: 'stateless',
  started: '2026-11-26T00:00:00.000Z',
};

type Line = Omit<TracedCall, 'call' | 'atUs' | 'agent'> & Partial<TracedCall>;

function fileWith(text: string): string {
  const path = join(scratch(), 'trace.jsonl');
  writeFileSync(path, text);
  return path;
}

function traceOf(...lines: readonly Line[]): string {
  const calls = lines.map((line, call) => ({ call, atUs: call * 1000, agent: 0, ...line }));
  return fileWith([HEADER, ...calls].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

const settingsOf = (trace: string, load = '') =>
  parseProfile(`{ version: 1, load: { replay: ${trace}${load} }, fleet: { server: lean } }`).variants[0]!
    .settings;

const ECHO: Line = { method: 'tools/call', name: 'echo', params: { name: 'echo', arguments: { text: 'a' } } };
const needs = (call: number): Line => ({
  ...ECHO,
  refs: [{ to: '/arguments/text', call, from: '/structuredContent/id' }],
});

const SUBSCRIPTION: Line = { method: 'subscriptions/listen', params: {} };
const kinds = (count: number): readonly Line[] =>
  Array.from({ length: count }, (_, at) => ({ ...ECHO, name: `tool-${at}` }));

describe('a trace as a load', () => {
  it('has a kind for each method and what it is applied to, the callers and the time of the trace', () => {
    const trace = traceOf(
      ECHO,
      { ...ECHO, agent: 2 },
      { method: 'resources/read', name: 'a://{{b}}', params: { uri: 'a://{{b}}' } },
      { method: 'tools/list' },
      { method: 'completion/complete', params: { ref: 1 } },
    );
    const settings = settingsOf(trace, ', speed: 2x');
    expect(settings.calls).toMatchObject([
      { name: 'tools/call echo', tool: 'echo' },
      { name: 'resources/read a://{{b}}', uri: 'a://\\{{b}}' },
      { name: 'tools/list', pages: 'first' },
      { name: 'completion/complete' },
    ]);
    expect(settings.calls.map(({ weight }) => weight)).toEqual([2, 1, 1, 1]);
    expect(settings.load).toMatchObject({ agents: 3, warmupUs: 0, durationUs: 3000 });
    expect(settings.load.shape).toEqual({
      kind: 'replay',
      trace,
      speed: 2,
      digest: expect.stringMatching(/^[0-9a-f]{12}$/),
      calls: 5,
      leftOut: [],
    });
    expect(replayedCalls(settings)!.map(({ call }) => call)).toEqual([0, 0, 1, 2, 3]);
  });

  it('has as many callers as a load may have agents, and no more', () => {
    const trace = traceOf(ECHO, { ...ECHO, agent: 99_999 });
    expect(settingsOf(trace).load).toMatchObject({ agents: 100_000 });
    const more = traceOf(ECHO, { ...ECHO, agent: 100_000 });
    expect(() => settingsOf(more)).toThrow(`${more}:3: the line is of caller 100000`);
  });

  it('is limited by the duration', () => {
    const { load } = settingsOf(traceOf(ECHO, ECHO, ECHO), ', duration: 2ms');
    expect(load).toMatchObject({ durationUs: 2000, shape: { calls: 2 } });
  });

  it('that lasts longer than a load may is told, with the calls that are not made', () => {
    const noticesOf = (years: number, over = '') =>
      parseProfile(
        `{ version: 1, load: { replay: ${traceOf(ECHO, { ...ECHO, atUs: years * 365 * 86_400e6 })}${over} }, fleet: { server: lean } }`,
      ).notices;
    expect(noticesOf(3)).toEqual([
      expect.stringMatching(/trace\.jsonl comes after 1095 days, .*: 1 of 2 calls lie beyond it/),
    ]);
    expect(noticesOf(3, ', speed: 100x')).toEqual([expect.stringContaining('after 11 days')]);
    expect(noticesOf(0.001)).toEqual([]);
  });

  it('is in a result by the name of its file and a hash of its calls, wherever it lies', () => {
    const effective = (path: string) => {
      const [variant] = parseProfile(
        `{ version: 1, load: { replay: ${path} }, fleet: { server: lean } }`,
      ).variants;
      return settingsInForce(variant!, undefined).effective!.load;
    };
    const one = effective(traceOf(ECHO, needs(0)));
    expect(one.shape).toMatchObject({ trace: 'trace.jsonl' });
    expect(effective(traceOf(ECHO, needs(0)))).toEqual(one);
    expect(effective(traceOf(ECHO, ECHO)).shape).not.toEqual(one.shape);
  });

  it('that has changed since the profile was read is not replayed', () => {
    const path = traceOf(ECHO);
    const settings = settingsOf(path);
    appendFileSync(path, `${JSON.stringify({ call: 1, atUs: 5, agent: 0, ...ECHO })}\n`);
    expect(() => replayedCalls(settings)).toThrow('has changed since the profile was read');
  });

  it('leaves out what cannot be made again, and says why', () => {
    const trace = traceOf(
      { method: 'tools/list' },
      { method: 'tools/list', params: { cursor: null } },
      { ...ECHO, hidden: ['/arguments/text'] },
      { method: 'tools/call', name: 'echo', omitted: { bytes: 70_000 } },
      { ...ECHO, params: { name: 'echo', requestState: 'x', inputResponses: {} } },
      { method: 'tasks/get', params: { taskId: 'x' } },
      { method: 'subscriptions/listen', params: {} },
      needs(2),
      needs(7),
    );
    appendFileSync(trace, '{"call":9,"atUs":');
    const { calls, load } = settingsOf(trace);
    expect(calls).toMatchObject([{ name: 'tools/list', pages: 'all' }]);
    expect(load.shape).toMatchObject({
      calls: 1,
      leftOut: [
        { reason: 'later pages of lists', calls: 1 },
        { reason: 'calls with values that are hidden in the trace', calls: 1 },
        { reason: 'calls with parameters that are not in the trace', calls: 1 },
        { reason: 'retries after a server asked back', calls: 1 },
        { reason: 'calls of tasks', calls: 1 },
        { reason: 'subscriptions', calls: 1 },
        { reason: 'calls that need the result of one left out', calls: 2 },
        { reason: 'calls that are not complete in the trace', calls: 1 },
      ],
    });
  });

  it.each([
    ['a file that is not there', () => 'nothing.jsonl', 'nothing.jsonl: the file does not exist'],
    ['a folder', () => scratch(), 'is a folder'],
    ['a file that is no trace', () => fileWith('version: 1\n'), 'is no trace'],
    ['a trace with a bad line', () => fileWith(`${JSON.stringify(HEADER)}\n{}\n`), ':2: the line is neither'],
    ['a trace without calls', () => traceOf(), 'load.replay: '],
    ['a trace without calls that can be made', () => traceOf(SUBSCRIPTION), 'no call that can be made again'],
    ['too many kinds of calls', () => traceOf(...kinds(1001)), 'has 1001 kinds of calls'],
  ])('is an error: %s', (_, trace, problem) => {
    expect(() => settingsOf(trace())).toThrow(problem);
  });
});

/** The calls of the trace at `path`. */
const callsIn = (path: string): readonly TracedCall[] =>
  [...openTrace(path).lines].filter((line) => 'call' in line);

/** What a caller asks for, whoever it is and whenever it does. */
const askedIn = (path: string): readonly string[] =>
  callsIn(path)
    .filter(({ method }) => method === 'tools/call')
    .map(({ params, refs = [] }) => JSON.stringify([params, refs.map(({ to, from }) => [to, from])]))
    .toSorted();

function arrivalsOf({ load, calls }: Settings, replayed: readonly ReplayedCall[]): readonly Arrival[] {
  if (load.shape.kind !== 'replay') throw new Error('no replay');
  const schedule = replaySchedule(replayed, load.shape.speed, load.durationUs);
  const arrivals: Arrival[] = [];
  for (let next = schedule.next(); next !== undefined; next = schedule.next()) arrivals.push(next);
  return arrivals.filter(({ call }) => calls[call]!.method === 'tools/call');
}

describe('a recorded load', () => {
  it.each([
    ['stateless', 1],
    ['sessions', 2],
  ])('is made again in the era %s at %sx: the same calls at the same times, all ok', async (era, speed) => {
    const fleet = `fleet: { server: lean, era: ${era}, instances: 1, state: { kind: memory } }`;
    const bed = parseProfile(`{ version: 1, load: { rate: 1/s }, calls: [{ list: tools }], ${fleet} }`);
    const tls = { tls: { insecure: false } };
    const server = await startTestbed(partsOf(bed.variants[0]!.settings, 1, tls), {});
    const recorded = async (load: string) => {
      const out = join(scratch(), 'trace.jsonl');
      const target = new URL(server.endpoint.url);
      const capture = await startCapture({ target, out, ...tls, onFailure: () => undefined });
      const to = `target: { url: "${capture.url}", era: ${era} }`;
      const read = parseProfile(`{ version: 1, ${to}, ${load} }`);
      const document = await runExperiment({ profile: read }).result();
      await capture.close();
      const { settings } = read.variants[0]!;
      return { out, settings, summary: document.variants[0]!.summary! };
    };
    try {
      const first = await recorded(
        `load: { rate: 20/s, warmup: 0s, duration: 1s, agents: 3, connections: 4, timeout: 60s },
calls: [{ tool: echo, arguments: { text: "n {{seq}}" } }, { name: order, flow: [
  { tool: create_basket, save: { basket: $.basket_id } }, { think: 100ms },
  { tool: add_to_basket, arguments: { basket_id: "{{saved.basket}}", item: tea }, repeat: 2 },
  { tool: get_basket, arguments: { basket_id: "{{saved.basket}}" } }] }]`,
      );
      const second = await recorded(`load: { replay: ${first.out}, speed: ${speed}x, timeout: 60s }`);
      const asked = askedIn(first.out);
      expect(asked.filter((call) => call.includes('/arguments/basket_id')).length).toBeGreaterThan(5);
      expect(askedIn(second.out)).toEqual(asked);
      const { calls, replay } = second.summary;
      expect([calls.details, calls.ok, replay]).toEqual([[], calls.due, { leftOut: 0 }]);
      const made = callsIn(first.out).filter(({ method }) => method === 'tools/call');
      const arrivals = arrivalsOf(second.settings, replayedCalls(second.settings)!);
      expect(arrivals.map(({ dueUs, agent }) => [dueUs, agent])).toEqual(
        made.map(({ atUs, agent }) => [atUs / speed, agent]),
      );
    } finally {
      await server.stop();
    }
  });
});
