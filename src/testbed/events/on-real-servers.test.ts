import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tagsOf } from '../../../test/programs.ts';
import type { EngineName } from '../../profile/settings.ts';
import { systemClock } from '../../units/clock.ts';
import { scratch } from '../../units/scratch.case.ts';
import type { Controls } from '../part.ts';
import { settingsOf, startFor } from '../profile-testbed.case.ts';
import type { Testbed } from '../testbed.ts';
import { createTimeline } from './timeline.ts';

const MINUTE = 60e6;

/** A testbed whose controls are all there. */
interface Started extends Testbed {
  readonly controls: Controls;
}

async function start(...lines: readonly string[]): Promise<Started> {
  return (await startFor(settingsOf(...lines))) as Started;
}

interface Answer {
  readonly status: number;
  /** The instance that gave it. */
  readonly by: string;
  readonly session: string;
}

/** One call of its own connection, so that nothing but the balancer decides where it goes. */
async function call(
  url: string,
  method = 'tools/list',
  session?: string,
  signal?: AbortSignal,
): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(session === undefined ? { 'mcp-method': method } : { 'mcp-session-id': session }),
  };
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const opening = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  };
  const params = method === 'initialize' ? opening : session === undefined ? { _meta: meta } : {};
  const version = session === undefined && method !== 'initialize' ? '2026-07-28' : '2025-11-25';
  const sent = request(url, {
    method: 'POST',
    agent: false,
    ...(signal === undefined ? {} : { signal }),
    headers: { ...headers, 'mcp-protocol-version': version },
  }).end(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  await buffer(answer);
  const header = (name: string): string => String(answer.headers[name]);
  return { status: answer.statusCode!, by: header('x-served-by'), session: header('mcp-session-id') };
}

/** The instances that answered `count` calls, each with success. */
async function round(url: string, count = 12): Promise<readonly string[]> {
  const by: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const answer = await call(url);
    expect(answer.status).toBe(200);
    by.push(answer.by);
  }
  return [...new Set(by)].sort();
}

const isGone = (url: string): Promise<boolean> =>
  call(url).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
  );

/** Six calls, of which the two to one instance are held up until `release`: who answered before, and who after that. Those aborted answer nobody. */
async function heldUp(url: string, release: (abort: () => void) => unknown): Promise<readonly string[][]> {
  const answered: string[] = [];
  const over = new AbortController();
  const calls = Array.from({ length: 6 }, async () =>
    answered.push((await call(url, 'tools/list', undefined, over.signal)).by),
  );
  await expect.poll(() => answered.length, { timeout: 20_000, interval: 10 }).toBe(4);
  const before = [...new Set(answered)].sort();
  await release(() => over.abort());
  await Promise.allSettled(calls);
  return [before, answered.slice(4)];
}

const up: Testbed[] = [];
afterEach(async () => {
  await Promise.all(up.splice(0).map((testbed) => testbed.stop()));
});

const OURS = 'lean';
const COMMAND = '{ command: [node, your-server.mjs] }';

for (const engine of ['embedded', 'haproxy', 'nginx'] as const) {
  const tags = tagsOf(engine);
  // A balancer does not see what serves: one is enough for a command.
  for (const server of engine === 'embedded' ? [OURS, COMMAND] : [OURS])
    describe(`faults behind ${engine} on real servers: ${server}`, { tags }, () =>
      testFaults(engine, server),
    );
  describe(`a rolling restart behind ${engine}`, { tags }, () => testRollingRestart(engine));
}

for (const engine of ['embedded', 'haproxy'] as const)
  describe(`sessions on real servers behind ${engine}, sticky`, { tags: tagsOf(engine) }, () =>
    testSessions(engine),
  );

function testFaults(engine: EngineName, server: string): void {
  let testbed: Started;
  let url: string;
  let urlOf: (id: string) => string;
  beforeAll(async () => {
    testbed = await start(
      `fleet: { server: ${server}, instances: 3 }`,
      `balancer: { engine: ${engine} }`,
      'faults: [{ at: 1s, add: 1 }]',
    );
    const all = [...testbed.instances, ...testbed.standby];
    urlOf = (id) => all.find((each) => each.id === id)!.url;
    url = testbed.endpoint.url;
  });
  afterAll(() => testbed.stop());

  it('all serve', async () => {
    expect(await round(url)).toEqual(['1', '2', '3']);
  });

  it.runIf(server === OURS)('slow: its answers wait, until that is over', async () => {
    await testbed.controls.slow('2', MINUTE);
    expect(await heldUp(url, (abort) => abort())).toEqual([['1', '3'], []]);
    await testbed.controls.slow('2', 200_000);
    const startUs = systemClock.now();
    expect((await call(urlOf('2'))).status).toBe(200);
    expect(systemClock.now() - startUs).toBeGreaterThan(190_000);
    await testbed.controls.slow('2', 0);
    expect(await round(url, 6)).toEqual(['1', '2', '3']);
  });

  it.runIf(server === COMMAND)('slow: is refused before the load', () => {
    expect(testbed.controls).not.toHaveProperty('slow');
    const faults = [{ kind: 'slow', atUs: 0, count: 1, forUs: 1, byUs: 1 }] as const;
    const options = { faults, seed: 1, clock: systemClock, controls: testbed.controls, instances: ['1'] };
    expect(() => createTimeline(options)).toThrow('faults: slow needs the control "slow"');
  });

  it('pause: its calls get no answer until it goes on', async () => {
    testbed.controls.pause('1');
    expect(await heldUp(url, () => testbed.controls.resume('1'))).toEqual([
      ['2', '3'],
      ['1', '1'],
    ]);
  });

  it('drain: it lives, and no new call reaches it', async () => {
    await testbed.controls.drain('2');
    expect(await round(url)).toEqual(['1', '3']);
    expect((await call(urlOf('2'))).status).toBe(200);
  });

  it('add: the new one gets calls, under the next number', async () => {
    expect(await testbed.controls.join()).toBe('4');
    // HAProxy lets a new server catch up for a few calls before all take turns again.
    expect(await round(url, 36)).toEqual(['1', '3', '4']);
    await expect(testbed.controls.join()).rejects.toThrow('no standby instance is left to join');
  });

  it('kill: it is gone, calls go on without it, and that is no accident to be noted', async () => {
    await testbed.controls.kill('3');
    expect(await isGone(urlOf('3'))).toBe(true);
    await expect.poll(() => round(url), { timeout: 10_000, interval: 50 }).toEqual(['1', '4']);
    expect(testbed.notes()).toEqual([]);
  });
}

function testRollingRestart(engine: EngineName): void {
  it('replaces every instance, and no call fails', async () => {
    const testbed = await start(
      'fleet: { server: lean, instances: 2 }',
      `balancer: { engine: ${engine} }`,
      'faults: [{ at: 1s, restart: all, every: 400ms }]',
    );
    up.push(testbed);
    const { endpoint, controls, instances } = testbed;
    const { url } = endpoint;
    const old = instances.map((each) => each.url);
    const seen = new Set(await round(url, 6));
    const timeline = createTimeline({
      faults: [{ kind: 'restart', atUs: 0, count: 0, forUs: 400_000, byUs: 0 }],
      seed: 1,
      clock: systemClock,
      controls,
      instances: instances.map(({ id }) => id),
    });
    timeline.start(systemClock.now());
    do {
      for (const by of await round(url, 6)) seen.add(by);
    } while (!(await Promise.all(old.map(isGone))).every(Boolean));
    expect(await round(url)).toEqual(['3', '4']);
    await timeline.end();
    const injected = timeline.injected();
    expect(injected.events.map((event) => [event.instances, event.serving])).toEqual([
      [['1'], ['2', '3']],
      [['2'], ['3', '4']],
    ]);
    expect([injected.notes, testbed.notes()]).toEqual([[], []]);
    expect([...seen].sort()).toEqual(['1', '2', '3', '4']);
  });
}

function testSessions(engine: EngineName): void {
  it('stay on an instance that is drained, begin elsewhere, and are lost when it ends', async () => {
    const testbed = await start(
      'fleet: { server: lean, era: sessions, instances: 2 }',
      `balancer: { engine: ${engine}, policy: sticky }`,
      'faults: [{ at: 1s, add: 1 }]',
    );
    up.push(testbed);
    const { url } = testbed.endpoint;
    const open = (): Promise<Answer> => call(url, 'initialize');
    const [first, second] = [await open(), await open()];
    expect([first.by, second.by].sort()).toEqual(['1', '2']);
    const leaving = first.by;
    await testbed.controls.drain(leaving);
    for (const { session, by } of [first, second, first])
      expect(await call(url, 'tools/list', session)).toMatchObject({ status: 200, by });
    for (const { status, by } of [await open(), await open(), await open()])
      expect([status, by]).toEqual([200, second.by]);

    expect(await testbed.controls.join()).toBe('3');
    const later = [await open(), await open()];
    expect(later.map(({ by }) => by).sort()).toEqual([second.by, '3'].sort());
    for (const { session, by } of later)
      expect(await call(url, 'tools/list', session)).toMatchObject({ status: 200, by });

    await testbed.controls.kill(leaving);
    const lost = await call(url, 'tools/list', first.session);
    expect([lost.status, lost.by === leaving]).toEqual([404, false]);
  });
}

describe('a command that something else kills', () => {
  it('is noted with the end of its output', async () => {
    const go = join(scratch(), 'go');
    const line = `node your-server.mjs & until [ -e ${go} ]; do sleep 0.02; done; echo out of memory >&2; kill -9 $$`;
    const testbed = await start(`fleet: { server: { command: ${JSON.stringify(line)} }, instances: 1 }`);
    up.push(testbed);
    writeFileSync(go, '');
    await expect.poll(() => testbed.notes(), { timeout: 10_000, interval: 20 }).toHaveLength(1);
    expect(testbed.notes()).toEqual([
      {
        kind: 'exited',
        part: 'fleet',
        instance: '1',
        code: null,
        signal: 'SIGKILL',
        output: expect.stringMatching(/out of memory$/),
      },
    ]);
  });
});

describe('one that would join', () => {
  it('is refused, and ended, when it goes by the name of another', async () => {
    const named = (name: string): string =>
      `fleet: { server: { command: [node, your-server.mjs], env: { NAME: ${name} } }, instances: 1, instanceHeader: x-pod }`;
    const faults = 'faults: [{ at: 1s, add: 1 }]';
    await expect(start(named('host'), faults)).rejects.toThrow(
      'fleet.instanceHeader: instances 1 and 2 both send the header x-pod: host',
    );
    const testbed = await start(named('"pod-{{port}}"'), faults);
    up.push(testbed);
    expect(await testbed.controls.join()).toMatch(/^pod-\d+$/);
  });
});
