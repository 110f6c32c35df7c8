import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../units/scratch.case.ts';
import { UserError } from '../units/user-error.ts';
import type { Preparation } from './preparation.ts';
import { settingsOf, startFor } from './profile-testbed.case.ts';
import type { Testbed } from './testbed.ts';

const testbeds: Testbed[] = [];
afterEach(async () => {
  await Promise.all(testbeds.splice(0).map((testbed) => testbed.stop()));
});

async function start(...lines: readonly string[]): Promise<Testbed> {
  const testbed = await startFor(settingsOf(...lines));
  testbeds.push(testbed);
  return testbed;
}

const fleet = (server: string, rest = 'era: stateless, instances: 2'): string =>
  `fleet: { server: { command: ${server} }, ${rest} }`;

async function faultOf(...lines: readonly string[]): Promise<string> {
  const error = await start(...lines).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

/** Which instance answers one `tools/list` of the stateless era, by the header `name`. */
async function served(url: string, name = 'x-served-by'): Promise<string | null> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
  const headers = { 'content-type': 'application/json', 'mcp-method': 'tools/list' };
  const response = await fetch(url, { method: 'POST', headers, body });
  expect(await response.json()).toMatchObject({ id: 1, result: { tools: [{ name: 'echo' }] } });
  return response.headers.get(name);
}

const round = async (url: string, name?: string): Promise<readonly (string | null)[]> =>
  [await served(url, name), await served(url, name)].sort();

describe('a server by its command', () => {
  it.each([
    ['a line for the shell', 'exec node your-server.mjs'],
    ['a line that names the port itself', '"PORT=$((0 + {{port}})) node your-server.mjs"'],
  ])('comes up several times, as %s, and is named by the balancer', async (_, command) => {
    const { endpoint, instances } = await start(fleet(command));
    expect(endpoint.era).toBe('stateless');
    expect(instances.map(({ id }) => id)).toEqual(['1', '2']);
    expect(await round(endpoint.url)).toEqual(['1', '2']);
  });

  it.each([
    ['stateless', 'auto', 2],
    ['sessions', 'auto', 2],
    ['sessions', 'sessions', 1],
  ])('comes up as a list, and speaks %s where the profile says %s', async (era, said, count) => {
    const env = era === 'sessions' ? '{ ERA: sessions }' : '{}';
    const server = `{ command: [node, your-server.mjs], env: ${env} }`;
    const { endpoint, instances } = await start(
      `fleet: { server: ${server}, era: ${said}, instances: ${count} }`,
    );
    expect([endpoint.era, instances.length]).toEqual([era, count]);
  });

  it('needs neither server/discover nor initialize in the stateless era', async () => {
    const code = `require("http").createServer((q, r) => { let b = ""; q.on("data", (c) => { b += c; }).on("end", () => { const m = JSON.parse(b);
      if (!m.method.startsWith("tools/")) return r.writeHead(500).end();
      r.setHeader("content-type", "application/json"); r.end(JSON.stringify({ jsonrpc: "2.0", id: m.id, result: { tools: [{ name: "echo" }] } })); }); })
      .listen(process.env.PORT, "127.0.0.1")`;
    const command = JSON.stringify(['node', '-e', code]);
    const { endpoint } = await start(fleet(command, 'instances: 1'));
    expect(endpoint.era).toBe('stateless');
    expect(await served(endpoint.url)).toBe('1');
    const undetected = `fleet: { server: { command: ${command}, ready: 2s }, era: auto, instances: 1 }`;
    expect(await faultOf(undetected)).toMatch(/server\/discover with an error \(500/);
  });

  it('is known by its own name when it sends the header that is asked for', async () => {
    const { endpoint, instances } = await start(
      'fleet: { server: { command: [node, your-server.mjs], env: { NAME: "pod-{{port}}" } }, instances: 2, instanceHeader: X-Pod }',
    );
    const names = instances.map((instance) => `pod-${new URL(instance.url).port}`);
    expect(instances.map(({ id }) => id)).toEqual(names);
    expect(await round(endpoint.url, 'x-pod')).toEqual(names.sort());
  });

  it('is refused when all copies go by one name', async () => {
    const server = 'server: { command: [node, your-server.mjs], env: { NAME: host } }';
    expect(await faultOf(`fleet: { ${server}, instances: 2, instanceHeader: x-pod }`)).toBe(
      'fleet.instanceHeader: instances 1 and 2 both send the header x-pod: host; expected a header that differs for each instance (choose another header; the balancer adds one that the instances do not send)',
    );
  });

  it('that ends during the run is noted with the end of its output', async () => {
    const folder = scratch();
    const go = join(folder, 'go');
    const line = `echo first words >&2; node your-server.mjs & until [ -e ${go} ]; do sleep 0.02; done; echo last words >&2; exit 7`;
    const testbed = await start(fleet(JSON.stringify(line), 'instances: 1'));
    writeFileSync(go, '');
    await expect.poll(() => testbed.notes(), { timeout: 10_000, interval: 20 }).toHaveLength(1);
    expect(testbed.notes()).toEqual([
      {
        kind: 'exited',
        part: 'fleet',
        instance: '1',
        code: 7,
        signal: null,
        output: expect.stringMatching(/^first words\n(.*\n)*last words$/),
      },
    ]);
  });
});

describe('a server that does not come up', () => {
  it.each([
    [
      'dies',
      '"echo no licence >&2; exit 3"',
      /^instance \d: exited with code 3 while starting \(it must stay in the foreground.*last lines of output:\nno licence\)$/s,
    ],
    [
      'is not there',
      'no-such-server',
      /^instance \d: exited with code 127 while starting .*no-such-server.*not found/s,
    ],
    ['is not there, as a list', '[no-such-server]', /program not found: "no-such-server"/],
    [
      'listens on a port that all instances share',
      '"echo listen EADDRINUSE 127.0.0.1:3000 >&2; exit 1"',
      /it tried to listen on a port that is taken, and not on the one that it was given: .*pass \{\{port\}\} or the variable PORT to it; last lines of output:\nlisten EADDRINUSE/s,
    ],
    [
      'goes into the background',
      '"node your-server.mjs & exit 0"',
      /exited with code 0 while starting \(it must stay in the foreground/,
    ],
  ])('because it %s', async (_, command, message) => {
    expect(await faultOf(fleet(command, 'instances: 1'))).toMatch(message);
  });

  it('because it speaks another era, which is reported at once', async () => {
    const server = 'server: { command: [node, your-server.mjs], env: { ERA: sessions }, ready: 10m }';
    expect(await faultOf(`fleet: { ${server}, instances: 1 }`)).toBe(
      'instance 1: the server speaks the MCP era sessions, not stateless (set fleet.era: sessions)',
    );
  });
});

// Each of these waits until it is too late.
describe.concurrent('a server that does not come up in time', () => {
  it.each([
    [
      'listens on another port',
      '"PORT=0 exec node your-server.mjs"',
      /no answer \(.*\(it must listen on 127\.0\.0\.1 .*last lines of output:\nlistening on 0\)$/s,
    ],
    [
      'is no MCP server',
      `"exec node -e 'require(\\"http\\").createServer((_, r) => r.end(\\"hello\\")).listen(process.env.PORT)'"`,
      /the server does not speak MCP .*speak the MCP era stateless/s,
    ],
  ])('because it %s', async (_, command, message) => {
    const text = await faultOf(`fleet: { server: { command: ${command}, ready: 1500ms }, instances: 1 }`);
    expect(text).toMatch(
      /^instance 1: did not answer within 1\.5 s as MCP at http:\/\/127\.0\.0\.1:\d+\/mcp: /,
    );
    expect(text).toMatch(message);
  });

  it('tells soon what it answers, while it is asked again', async () => {
    const code =
      'require("http").createServer((_, r) => r.writeHead(500).end("no database")).listen(process.env.PORT)';
    const command = JSON.stringify(['node', '-e', code]);
    const told: Preparation[] = [];
    const settings = settingsOf(`fleet: { server: { command: ${command}, ready: 3s }, instances: 1 }`);
    const starting = startFor(settings, { onPreparing: (preparation) => told.push(preparation) });
    await expect(starting).rejects.toThrow(/^instance 1: did not answer within 3 s as MCP at .*\(500/);
    expect(told).toEqual([
      {
        what: 'instance',
        instance: '1',
        hasAnswered: true,
        seen: expect.stringMatching(
          /^the server responds to server\/discover with an error \(500.*no database/,
        ),
        withinUs: 3e6,
      },
    ]);
  });
});

describe('instances that run already', () => {
  let lean: readonly string[];
  let sdk: string;
  beforeAll(async () => {
    const fleets = await Promise.all(
      ['lean, instances: 2', 'sdk, era: sessions, instances: 1'].map((server) =>
        startFor(settingsOf(`fleet: { server: ${server} }`)),
      ),
    );
    const urls = fleets.map(({ instances }) => instances.map(({ url }) => url));
    lean = urls[0]!;
    sdk = urls[1]![0]!;
    return () => Promise.all(fleets.map((testbed) => testbed.stop()));
  });

  // The engines are tested with all of them. The second is meant for another era than that of the instances.
  it.each(['random-two', 'sticky'])('are joined behind a balancer of ours: %s', async (policy) => {
    // The two call themselves 1 and 2 in x-served-by; in a header that they do not send, the balancer names them.
    const target = `target: { instances: ${JSON.stringify(lean)}, instanceHeader: x-replica }`;
    const { endpoint, instances: joined } = await start(target, `balancer: { policy: ${policy} }`);
    expect([endpoint.era, joined, endpoint.headers]).toEqual([
      'stateless',
      lean.map((each, index) => ({ id: String(index + 1), url: each })),
      {},
    ]);
    const response = await fetch(endpoint.url, { method: 'POST', body: '{}' });
    expect(response.headers.get('x-replica')).toBe(response.headers.get('x-served-by'));
  });

  it('must all be there', async () => {
    const urls = [lean[0], 'http://127.0.0.1:1/mcp'];
    expect(await faultOf(`target: { instances: ${JSON.stringify(urls)} }`)).toMatch(
      /^http:\/\/127\.0\.0\.1:1\/mcp: no answer/,
    );
  });

  it('cannot be loaded by autocannon when they turn out to have sessions', async () => {
    const settings = settingsOf(`target: { url: "${sdk}" }`);
    const load = { ...settings.load, driver: 'autocannon' } as const;
    await expect(startFor({ ...settings, load })).rejects.toThrow(
      'load.driver: autocannon does not support the era sessions, which the server speaks (use load.driver wire or undici)',
    );
  });

  it('are noted when their answers do not name them', async () => {
    const unnamed = await start(`target: { url: "${sdk}", instanceHeader: x-none }`);
    expect(unnamed.notes()).toEqual([{ kind: 'instances-unnamed', part: 'target', header: 'x-none' }]);
    const named = await start(`target: { url: "${sdk}" }`);
    expect(named.notes()).toEqual([]);
  });
});
