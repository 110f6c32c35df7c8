import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tagsOf } from '../../test/programs.ts';
import { parseProfile } from '../profile/profile.ts';
import type { EngineName } from '../profile/settings.ts';
import { systemClock } from '../units/clock.ts';
import { scratch } from '../units/scratch.case.ts';
import { playFaults } from './events/timeline.ts';
import { joiners } from './stage.ts';
import { type Rig, raiseRig } from './testbed.ts';

const FILE = join(import.meta.dirname, '../../profiles/profile.yaml');
const MINUTE = 60e6;

interface Raised extends Rig {
  readonly stage: NonNullable<Rig['stage']>;
}

async function raise(...lines: readonly string[]): Promise<Raised> {
  const text = ['version: 1', 'load: { rate: 10/s }', 'calls: [{ list: tools }]', ...lines].join('\n');
  const { settings } = parseProfile(text, FILE).variants[0]!;
  return (await raiseRig(settings, 1, { tls: { insecure: false } })) as Raised;
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

/** Who answered `count` calls, each well. */
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

const up: Rig[] = [];
afterEach(async () => {
  await Promise.all(up.splice(0).map((rig) => rig.stop()));
});

const OURS = 'lean';
const COMMAND = '{ command: [node, your-server.mjs] }';

for (const engine of ['embedded', 'haproxy', 'nginx'] as const) {
  const tags = tagsOf(engine);
  for (const server of [OURS, COMMAND])
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
  let rig: Raised;
  let urlOf: (id: string) => string;
  beforeAll(async () => {
    rig = await raise(
      `fleet: { server: ${server}, instances: 3 }`,
      `balancer: { engine: ${engine} }`,
      'faults: [{ at: 1s, add: 1 }]',
    );
    urlOf = (id) => rig.instances.find((each) => each.id === id)!.url;
  });
  afterAll(() => rig.stop());

  it('all serve', async () => {
    expect(await round(rig.url)).toEqual(['1', '2', '3']);
  });

  it.runIf(server === OURS)('slow: its answers wait, until that is over', async () => {
    await rig.stage.slow('2', MINUTE);
    expect(await heldUp(rig.url, (abort) => abort())).toEqual([['1', '3'], []]);
    await rig.stage.slow('2', 200_000);
    const startUs = systemClock.now();
    expect((await call(urlOf('2'))).status).toBe(200);
    expect(systemClock.now() - startUs).toBeGreaterThan(190_000);
    await rig.stage.slow('2', 0);
    expect(await round(rig.url, 6)).toEqual(['1', '2', '3']);
  });

  it.runIf(server === COMMAND)('slow: cannot be told to a command', async () => {
    await expect(rig.stage.slow('2', 1000)).rejects.toThrow('instance 2 cannot be told to be slow');
  });

  it('pause: its calls get no answer until it goes on', async () => {
    rig.stage.pause('1');
    expect(await heldUp(rig.url, () => rig.stage.resume('1'))).toEqual([
      ['2', '3'],
      ['1', '1'],
    ]);
  });

  it('drain: it lives, and no new call reaches it', async () => {
    await rig.stage.drain('2');
    expect(await round(rig.url)).toEqual(['1', '3']);
    expect((await call(urlOf('2'))).status).toBe(200);
  });

  it('add: the new one gets calls, under the next number', async () => {
    expect(await rig.stage.join()).toBe('4');
    // HAProxy lets a new server catch up for a few calls before all take turns again.
    expect(await round(rig.url, 36)).toEqual(['1', '3', '4']);
    await expect(rig.stage.join()).rejects.toThrow('no instance is left that could join');
  });

  it('kill: it is gone, calls go on without it, and that is no accident to be noted', async () => {
    const url = urlOf('3');
    await rig.stage.kill('3');
    expect(await isGone(url)).toBe(true);
    await expect.poll(() => round(rig.url), { timeout: 10_000, interval: 50 }).toEqual(['1', '4']);
    expect(rig.notes).toEqual([]);
  });
}

function testRollingRestart(engine: EngineName): void {
  it('replaces every instance, and no call fails', async () => {
    const rig = await raise(
      'fleet: { server: lean, instances: 2 }',
      `balancer: { engine: ${engine} }`,
      'faults: [{ at: 1s, restart: all, every: 400ms }]',
    );
    up.push(rig);
    const old = rig.instances.map(({ url }) => url);
    const seen = new Set(await round(rig.url, 6));
    const timeline = playFaults({
      faults: [{ kind: 'restart', atUs: 0, count: 0, forUs: 400_000, byUs: 0 }],
      seed: 1,
      clock: systemClock,
      startUs: systemClock.now(),
      stage: rig.stage,
    });
    do {
      for (const by of await round(rig.url, 6)) seen.add(by);
    } while (!(await Promise.all(old.map(isGone))).every(Boolean));
    expect(await round(rig.url)).toEqual(['3', '4']);
    await timeline.end();
    expect(timeline.events.map(({ instances, serving }) => [instances, serving])).toEqual([
      [['1'], ['2', '3']],
      [['2'], ['3', '4']],
    ]);
    expect([timeline.notes, rig.notes]).toEqual([[], []]);
    expect([...seen].sort()).toEqual(['1', '2', '3', '4']);
  });
}

function testSessions(engine: EngineName): void {
  it('stay on an instance that is drained, begin elsewhere, and are lost when it ends', async () => {
    const rig = await raise(
      'fleet: { server: sdk, era: sessions, instances: 2 }',
      `balancer: { engine: ${engine}, policy: sticky }`,
      'faults: [{ at: 1s, add: 1 }]',
    );
    up.push(rig);
    const open = (): Promise<Answer> => call(rig.url, 'initialize');
    const [first, second] = [await open(), await open()];
    expect([first.by, second.by].sort()).toEqual(['1', '2']);
    const leaving = first.by;
    await rig.stage.drain(leaving);
    for (const { session, by } of [first, second, first])
      expect(await call(rig.url, 'tools/list', session)).toMatchObject({ status: 200, by });
    for (const { status, by } of [await open(), await open(), await open()])
      expect([status, by]).toEqual([200, second.by]);

    expect(await rig.stage.join()).toBe('3');
    const later = [await open(), await open()];
    expect(later.map(({ by }) => by).sort()).toEqual([second.by, '3'].sort());
    for (const { session, by } of later)
      expect(await call(rig.url, 'tools/list', session)).toMatchObject({ status: 200, by });

    await rig.stage.kill(leaving);
    const lost = await call(rig.url, 'tools/list', first.session);
    expect([lost.status, lost.by === leaving]).toEqual([404, false]);
  });
}

describe('a command that something else kills', () => {
  it('is noted with its last words', async () => {
    const go = join(scratch(), 'go');
    const line = `node your-server.mjs & until [ -e ${go} ]; do sleep 0.02; done; echo out of memory >&2; kill -9 $$`;
    const rig = await raise(`fleet: { server: { command: ${JSON.stringify(line)} }, instances: 1 }`);
    up.push(rig);
    writeFileSync(go, '');
    await expect.poll(() => rig.notes, { timeout: 10_000, interval: 20 }).toHaveLength(1);
    expect(rig.notes[0]).toMatch(
      /^instance 1 was ended by SIGKILL in mid-run; its last words: .*out of memory$/s,
    );
  });
});

describe('one that would join', () => {
  it('is refused, and ended, when it goes by the name of another', async () => {
    const named = (name: string): string =>
      `fleet: { server: { command: [node, your-server.mjs], env: { NAME: ${name} } }, instances: 1, instanceHeader: x-pod }`;
    const faults = 'faults: [{ at: 1s, add: 1 }]';
    await expect(raise(named('host'), faults)).rejects.toThrow(
      'fleet.instanceHeader: instances 1 and 2 both answer with x-pod: host',
    );
    const rig = await raise(named('"pod-{{port}}"'), faults);
    up.push(rig);
    expect(await rig.stage.join()).toMatch(/^pod-\d+$/);
  });
});

describe('those that may join', () => {
  const plain = { atUs: 0, count: 0, forUs: 0, byUs: 0 };
  it.each([
    [[], 0],
    [[{ ...plain, kind: 'add', count: 2 }], 2],
    [[{ ...plain, kind: 'restart' }], 4],
    [
      [
        { ...plain, kind: 'add', count: 1 },
        { ...plain, kind: 'restart' },
      ],
      6,
    ],
    [
      [
        { ...plain, kind: 'restart' },
        { ...plain, kind: 'add', count: 1 },
      ],
      5,
    ],
    [[{ ...plain, kind: 'kill', count: 1 }], 0],
  ] as const)('%j to a fleet of four: %i', (faults, expected) => {
    expect(joiners(faults, 4)).toBe(expected);
  });
});
