import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { VariantResult } from '../../src/result/document.ts';
import { openTrace } from '../../src/trace/read.ts';
import type { TracedCall, TracedEnd } from '../../src/trace/trace.ts';
import { scratch } from '../../src/units/scratch.case.ts';
import { run } from './in-process.ts';
import { paceline, profileFile, type Running, start, WENT_WELL } from './paceline.ts';

const running: Running[] = [];
afterEach(async () => {
  for (const each of running.splice(0).reverse()) {
    each.process.kill('SIGTERM');
    await each.ended;
  }
});

/** Starts a command that prints a line with a URL when it is ready. */
async function ready(
  ...args: readonly string[]
): Promise<{ readonly url: string; readonly command: Running }> {
  const command = start(...args, '--json');
  running.push(command);
  let line = '';
  command.process.stdout!.on('data', (chunk: Buffer) => {
    line += chunk.toString();
  });
  await command.said('"url"');
  return { url: (JSON.parse(line) as { readonly url: string }).url, command };
}

function linesOf(path: string): {
  readonly calls: readonly TracedCall[];
  readonly ends: readonly TracedEnd[];
} {
  const lines = [...openTrace(path).lines];
  return {
    calls: lines.filter((line) => 'call' in line),
    ends: lines.filter((line) => 'end' in line),
  };
}

/** The profile that docs/record.md writes with its example. */
function documentedReplay(): string {
  const text = readFileSync(join(import.meta.dirname, '../../docs/record.md'), 'utf8');
  return /<<'END'\n(.*?)^END$/ms.exec(text)![1]!;
}

describe('the example of a replay', () => {
  it('makes the recorded calls again, as fast and twice as fast', async () => {
    const load = 'load: { rate: 60/s, warmup: 0s, duration: 500ms, agents: 3, connections: 3 }';
    const calls = 'calls: [{ tool: echo, arguments: { text: "hi {{seq}}" } }]';
    const bed = profileFile(`version: 1\n${load}\n${calls}\nfleet: { server: lean, instances: 1 }\n`);
    const fleet = await ready('fleet', bed);
    const folder = scratch();
    const out = join(folder, 'trace.jsonl');
    const recording = await ready('record', '--target', fleet.url, '--out', out);
    expect(WENT_WELL).toContain((await run({}, bed, '--target', recording.url)).code);
    recording.command.process.kill('SIGINT');
    await recording.command.ended;
    const echoes = linesOf(out).calls.filter(({ name }) => name === 'echo');
    const profile = join(folder, 'replay.yaml');
    writeFileSync(profile, documentedReplay().replace('http://127.0.0.1:3000/mcp', fleet.url));
    const { code, stdout } = await run({}, profile, '--repetitions', '1', '--json');
    expect(WENT_WELL).toContain(code);
    const variants = JSON.parse(stdout).variants as readonly VariantResult[];
    expect(variants.map(({ name }) => name)).toEqual(['as recorded', 'twice as fast']);
    for (const { summary } of variants) {
      expect(summary!.byCall['tools/call echo']).toMatchObject({ calls: echoes.length, ok: echoes.length });
      expect(summary!.replay).toEqual({ leftOut: 0 });
    }
    const [slow, fast] = variants.map(({ settings }) => settings.effective!.load);
    expect(slow!.durationUs / fast!.durationUs).toBeCloseTo(2, 1);
    expect(JSON.stringify(variants)).not.toContain(folder);
  });
});

describe('paceline record', () => {
  it.each([
    ['sdk', 'stateless'],
    ['sdk', 'sessions'],
  ])('records a load on a server that is %s, in the era %s', async (server, era) => {
    const bed = profileFile(`
version: 1
load: { rate: 60/s, warmup: 100ms, duration: 500ms, agents: 3, connections: 3 }
calls:
  - { tool: echo, arguments: { text: "hi {{seq}}" }, weight: 3 }
  - { list: tools, weight: 1 }
fleet: { server: ${server}, era: ${era}, instances: 1 }
`);
    const fleet = await ready('fleet', bed);
    const out = join(scratch(), 'trace.jsonl');
    const recording = await ready('record', '--target', fleet.url, '--out', out);
    const { code, stdout } = await run({}, bed, '--target', recording.url, '--json');
    expect(WENT_WELL).toContain(code);
    recording.command.process.kill('SIGINT');
    const { code: ended, stderr } = await recording.command.ended;
    expect([ended, stderr]).toEqual([0, expect.stringMatching(/recorded \d+ calls of \d+ callers/)]);
    const { due, dropped, ok } = JSON.parse(stdout).variants[0].summary.calls;
    expect([dropped, ok]).toEqual([0, due]);
    const { calls, ends } = linesOf(out);
    expect(openTrace(out).header).toMatchObject({ era, target: fleet.url });
    // Beside what was measured there were a warm-up of 6 calls, and what a run asks a server before.
    expect(calls.length).toBeGreaterThanOrEqual(due + 6);
    const texts = calls.flatMap(
      ({ params }) => (params?.['arguments'] as { readonly text: string } | undefined)?.text ?? [],
    );
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.length).toBeGreaterThan(due / 2);
    expect(ends.length).toBe(calls.length);
    // What a run asks an unknown server before the load may be refused.
    const ofLoad = new Set(calls.filter(({ name }) => name === 'echo').map(({ call }) => call));
    const outcomes = ends.filter(({ end }) => ofLoad.has(end)).map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['ok']));
    expect(readFileSync(out, 'utf8')).not.toMatch(/session-id|authorization/i);
  });

  it('passes an event on before its stream ends, and leaves a trace that can be read when it is killed', async () => {
    let finish = (): void => {};
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n');
      finish = () => response.end('data: {"jsonrpc":"2.0","id":1,"result":{"content":[]}}\n\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const out = join(scratch(), 'trace.jsonl');
    const recording = await ready('record', '--target', `http://127.0.0.1:${port}/mcp`, '--out', out);
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'slow' } };
    const answer = await fetch(recording.url, { method: 'POST', body: JSON.stringify(message) });
    const reader = answer.body!.getReader();
    const first = await reader.read();
    expect(Buffer.from(first.value!).toString()).toContain('notifications/message');
    expect(linesOf(out)).toMatchObject({ calls: [{ name: 'slow' }], ends: [] });
    finish();
    while (!(await reader.read()).done);
    recording.command.process.kill('SIGKILL');
    await recording.command.ended;
    expect(linesOf(out)).toMatchObject({ calls: [{ name: 'slow' }], ends: [{ end: 0, outcome: 'ok' }] });
    server.closeAllConnections();
    server.close();
  });

  it('says how many secrets it removed, on the terminal and in the first line of the trace', async () => {
    const server = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const out = join(scratch(), 'trace.jsonl');
    const recording = await ready('record', '--target', `http://127.0.0.1:${port}/mcp`, '--out', out);
    const text = `with ghp_${'a1B2c3D4e5'.repeat(4)} and the password: hunter22`;
    const message = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'ask', arguments: { text } },
    };
    await (await fetch(recording.url, { method: 'POST', body: JSON.stringify(message) })).text();
    expect(openTrace(out).header.secretsRemoved).toBeUndefined();
    recording.command.process.kill('SIGINT');
    const { stderr } = await recording.command.ended;
    expect(stderr).toContain('secrets removed: 2, from the parameters of 1 call\n');
    expect(openTrace(out).header.secretsRemoved).toBe(2);
    expect(linesOf(out).calls[0]!.params).toEqual({
      name: 'ask',
      arguments: { text: 'with (removed) and the password: (removed)' },
    });
    server.closeAllConnections();
    server.close();
  });

  it('ends and says so when the disk is full', async () => {
    const server = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const target = `http://127.0.0.1:${port}/mcp`;
    const recording = await ready('record', '--target', target, '--out', '/dev/full');
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    await fetch(recording.url, { method: 'POST', body: JSON.stringify(message) }).catch(() => undefined);
    expect(await recording.command.ended).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no space is left on that disk'),
    });
    server.closeAllConnections();
    server.close();
  });

  it.each([
    [['--target', 'ftp://a/'], 'is not an HTTP URL'],
    [['--target', 'http://127.0.0.1:1/mcp?key=hidden-key'], 'has a query string or a user in it'],
    [['--target', 'http://127.0.0.1:1/mcp'], 'no connection to 127.0.0.1:1 (ECONNREFUSED)'],
    [['--target', 'http://127.0.0.1:1/mcp', '--listen', '99999'], 'expected a whole number from 1 to 65535'],
  ])('refuses %j', async (args, problem) => {
    const { code, stderr } = await paceline('record', ...args, '--out', join(scratch(), 'trace.jsonl'));
    expect([code, stderr]).toEqual([2, expect.stringContaining(problem)]);
    expect(stderr).not.toContain('hidden-key');
  });

  it('replaces no file, and says that no call was made', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const out = join(scratch(), 'trace.jsonl');
    const args = ['record', '--target', `http://127.0.0.1:${port}/mcp`, '--out', out] as const;
    const { code, stdout } = await paceline(...args, '--duration', '50ms');
    expect([code, stdout]).toEqual([5, expect.stringContaining('no call was made')]);
    expect(existsSync(out)).toBe(false);
    const nowhere = await paceline(...args.slice(0, -1), 'no/such/trace.jsonl');
    expect([nowhere.code, nowhere.stderr]).toEqual([
      2,
      expect.stringContaining('--out: the folder no/such does not exist'),
    ]);
    writeFileSync(out, 'mine');
    const again = await paceline(...args);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('exists already')]);
    server.close();
  });
});
