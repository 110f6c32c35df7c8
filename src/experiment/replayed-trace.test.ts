import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCapture } from '../capture/capture.ts';
import type { Summary } from '../result/document.ts';
import { partsOf } from '../testbed/parts.ts';
import { startTestbed } from '../testbed/testbed.ts';
import { openTrace } from '../trace/read.ts';
import type { TracedCall } from '../trace/trace.ts';
import { scratch } from '../units/scratch.case.ts';
import { runExperiment } from './experiment.ts';
import { parseProfile } from './parse-profile.ts';
import { replayedCalls } from './replayed-trace.ts';

const HEADER = {
  schema: 'paceline/trace@1',
  paceline: '1.0.0',
  target: 'http://127.0.0.1:1/mcp',
  era: 'stateless',
  started: '2026-11-26T00:00:00.000Z',
};

type Line = Omit<TracedCall, 'call' | 'atUs' | 'agent'> & Partial<TracedCall>;

function traceOf(...lines: readonly Line[]): string {
  const path = join(scratch(), 'trace.jsonl');
  const calls = lines.map((line, call) => ({ call, atUs: call * 1000, agent: 0, ...line }));
  writeFileSync(path, [HEADER, ...calls].map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}

const settingsOf = (trace: string, load = '') =>
  parseProfile(`{ version: 1, load: { replay: ${trace}${load} }, fleet: { server: lean } }`).variants[0]!
    .settings;

const ECHO: Line = { method: 'tools/call', name: 'echo', params: { name: 'echo', arguments: { text: 'a' } } };
const needs = (call: number): Line => ({
  ...ECHO,
  refs: [{ to: '/arguments/text', call, from: '/structuredContent/id' }],
});

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
    expect(settings.load).toMatchObject({ agents: 3, warmupUs: 0, durationUs: 3000 });
    expect(settings.load.shape).toEqual({ kind: 'replay', trace, speed: 2, calls: 5, leftOut: [] });
    expect(replayedCalls(settings)!.map(({ call }) => call)).toEqual([0, 0, 1, 2, 3]);
  });

  it('is limited by the duration', () => {
    const { load } = settingsOf(traceOf(ECHO, ECHO, ECHO), ', duration: 2ms');
    expect(load).toMatchObject({ durationUs: 2000, shape: { calls: 2 } });
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
    const { calls, load } = settingsOf(trace);
    expect(calls).toMatchObject([{ name: 'tools/list', pages: 'all' }]);
    expect(load.shape).toMatchObject({
      calls: 1,
      leftOut: [
        { reason: 'later pages of lists', calls: 1 },
        { reason: 'with values that are hidden in the trace', calls: 1 },
        { reason: 'with parameters that are not in the trace', calls: 1 },
        { reason: 'retries after a server asked back', calls: 1 },
        { reason: 'of tasks', calls: 1 },
        { reason: 'subscriptions', calls: 1 },
        { reason: 'that need the result of a call left out', calls: 2 },
      ],
    });
  });

  it.each([
    ['a file that is not there', () => 'nothing.jsonl', 'does not exist'],
    ['a trace without calls', () => traceOf(), 'has no call that can be made again'],
  ])('is an error: %s', (_, trace, problem) => {
    expect(() => settingsOf(trace())).toThrow(problem);
  });
});

describe('a recorded load', () => {
  it.each([
    ['stateless', 1],
    ['sessions', 4],
  ])('is made again in the era %s: the same calls of each kind, all ok', async (era, speed) => {
    const fleet = `fleet: { server: lean, era: ${era}, instances: 1, state: { kind: memory } }`;
    const bed = parseProfile(`{ version: 1, load: { rate: 1/s }, calls: [{ list: tools }], ${fleet} }`);
    const tls = { tls: { insecure: false } };
    const server = await startTestbed(partsOf(bed.variants[0]!.settings, 1, tls), {});
    const out = join(scratch(), 'trace.jsonl');
    const target = new URL(server.endpoint.url);
    const capture = await startCapture({ target, out, ...tls, onFailure: () => undefined });
    const run = async (text: string): Promise<Summary> => {
      const document = await runExperiment({ profile: parseProfile(`{ version: 1, ${text} }`) }).result();
      return document.variants[0]!.summary!;
    };
    try {
      await run(`
load: { rate: 20/s, warmup: 0s, duration: 1s, agents: 3, connections: 1, maxConnections: 1, timeout: 60s },
target: { url: "${capture.url}", era: ${era} },
calls: [{ tool: echo, arguments: { text: "n {{seq}}" } }, { name: order, flow: [
  { tool: create_basket, save: { basket: $.basket_id } },
  { tool: add_to_basket, arguments: { basket_id: "{{saved.basket}}", item: tea }, repeat: 2 },
  { tool: get_basket, arguments: { basket_id: "{{saved.basket}}" } }] }]`);
      await capture.close();
      const recorded = [...openTrace(out).lines].filter((line) => 'call' in line);
      const { calls, byCall, replay } = await run(`
load: { replay: ${out}, speed: ${speed}x, timeout: 60s },
target: { url: "${server.endpoint.url}", era: ${era} }`);
      expect(calls.details).toEqual([]);
      const made = recorded.filter(({ method }) => method === 'tools/call');
      expect(made.filter(({ refs }) => refs !== undefined).length).toBeGreaterThan(5);
      for (const name of ['echo', 'create_basket', 'add_to_basket', 'get_basket'])
        expect(byCall[`tools/call ${name}`]!.ok).toBe(made.filter((call) => call.name === name).length);
      expect([replay, calls.ok]).toEqual([{ leftOut: 0 }, calls.due]);
    } finally {
      await server.stop();
    }
  });
});
