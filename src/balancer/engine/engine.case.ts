/** @module The conformance suite of engines, with real processes. Every engine runs all of it, and gives a reason for each test that it cannot pass. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, type RequestListener, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tagsOf } from '../../../test/programs.ts';
import { alive, gone } from '../../process/processes.case.ts';
import { type EngineName, POLICY_NAMES, type PolicyName, supportOf } from '../../profile/balancer-kinds.ts';
import { compiledModule } from '../../units/compiled.ts';
import { UserError } from '../../units/user-error.ts';
import { startBalancer } from '../balancer.ts';
import { ask, atEnd, listening, RawClient, rawUpstream, upstream } from '../proxy/peers.case.ts';
import type { Balancer } from './engine.ts';

/** What an engine does not support, each with the reason. */
export interface EngineExceptions {
  /** Learns which instance owns a session. */
  readonly learns?: string;
  /** Counts per upstream. */
  readonly counts?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** One request over kept connections. */
async function send(
  url: string,
  headers: Record<string, string> = {},
  { method = 'POST', body = '' as string | Buffer, agent = new Agent() } = {},
): Promise<Answer> {
  const sent = request(url, { method, headers, agent });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode!, headers: answer.headers, body: await buffer(answer) };
}

/** An instance of the sessions era: creates a session for a request without one, and knows only its own sessions. */
function sessionServer(): RequestListener {
  const own = new Set<string>();
  return (message, response) => {
    message.resume();
    const asked = message.headers['mcp-session-id'];
    if (asked === undefined) {
      const minted = randomUUID();
      own.add(minted);
      response.setHeader('mcp-session-id', minted);
    } else if (!own.has(String(asked))) response.statusCode = 404;
    message.on('end', () => response.end());
  };
}

/** Opens `count` sessions, makes `calls` calls in each; the share of calls that reached the owner. */
async function ownerHits(url: string, count: number, calls = 1): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const one = async (): Promise<number> => {
    const session = String((await send(url, {}, { agent })).headers['mcp-session-id']);
    let hits = 0;
    for (let call = 0; call < calls; call += 1) {
      if ((await send(url, { 'mcp-session-id': session }, { agent })).status === 200) hits += 1;
    }
    return hits;
  };
  const hits = await Promise.all(Array.from({ length: count }, one));
  agent.destroy();
  return hits.reduce((sum, each) => sum + each, 0) / (count * calls);
}

const echoName =
  (name: string): RequestListener =>
  (message, response) => {
    message.resume();
    message.on('end', () => response.end(name));
  };

/** The names of the instances that `count` requests reached; fewer when `enough` have been reached. */
async function reached(
  url: string,
  headers: (index: number) => Record<string, string>,
  count = 12,
  enough = Number.POSITIVE_INFINITY,
) {
  const names: string[] = [];
  for (let index = 0; index < count && new Set(names).size < enough; index += 1)
    names.push(String((await send(url, headers(index))).headers['x-served-by']));
  return names;
}

/** Requests after which a policy that draws has reached each of a few instances. */
const MANY = 60;

/** Headers that differ in each request, for every key that a policy uses. */
const DISTINCT_CALLER = (index: number): Record<string, string> => ({
  authorization: `Bearer ${index}`,
  'mcp-method': index % 2 === 0 ? 'tools/list' : 'tools/call',
  'mcp-session-id': `session ${index}`,
  'mcp-name': `tool-${index}`,
});

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** The balancer before one instance, for a group of tests. Each of them says what the instance does. */
function useOne(engine: EngineName): { readonly url: string; listener: RequestListener } {
  const one = { url: '', listener: echoName('') };
  beforeAll(async () => {
    const { port, stop } = await listening((message, response) => one.listener(message, response));
    const balancer = await startBalancer({
      settings: { engine, policy: 'round-robin' },
      upstreams: [{ id: 'i0', url: `http://127.0.0.1:${port}/mcp` }],
      seed: 1,
    });
    one.url = balancer.url;
    return async () => {
      await balancer.stop();
      await stop();
    };
  });
  return one;
}

export function testEngine(engine: EngineName, except: EngineExceptions = {}): void {
  const itUnless = (reason: string | undefined, title: string, test: () => Promise<void>): void => {
    if (reason === undefined) it(title, test);
    else it.skip(`${title} (cannot: ${reason})`, test);
  };

  /** The balancer before upstreams `i0`, `i1` ... on `ports`. */
  const startFor = async (
    ports: readonly number[],
    policy: PolicyName = 'round-robin',
  ): Promise<Balancer> => {
    const upstreams = ports.map((port, index) => ({ id: `i${index}`, url: `http://127.0.0.1:${port}/mcp` }));
    const balancer = await startBalancer({ settings: { engine, policy }, upstreams, seed: 1 });
    atEnd(() => balancer.stop());
    return balancer;
  };
  const servers = async (size: number, handler: (index: number) => RequestListener): Promise<number[]> =>
    (await Promise.all(Array.from({ length: size }, (_, index) => upstream(handler(index))))).map(
      ({ port }) => port,
    );
  const named = (size: number): Promise<number[]> => servers(size, (index) => echoName(`<${index}>`));

  const runnable = POLICY_NAMES.filter(
    (policy) =>
      supportOf(engine, policy).kind !== 'none' && (policy !== 'sticky' || except.learns === undefined),
  );

  describe(`engine ${engine}`, { tags: tagsOf(engine) }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'paceline-engine-'));
    const { TMPDIR } = process.env;
    beforeAll(() => {
      process.env['TMPDIR'] = folder;
    });
    afterAll(() => {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
      rmSync(folder, { recursive: true });
    });

    describe('before one instance', () => {
      const one = useOne(engine);

      it.each(['POST', 'GET', 'DELETE'])(
        'passes %s on with its headers, and the answer with its own',
        async (method) => {
          const seen: unknown[] = [];
          one.listener = (message, response) => {
            const { host, authorization } = message.headers;
            const mcp = Object.entries(message.headers).filter(([name]) => name.startsWith('mcp-'));
            seen.push(message.method, message.url, authorization, Object.fromEntries(mcp), host);
            message.resume();
            message.on('end', () =>
              response
                .writeHead(404, { 'Mcp-Session-Id': 'minted', 'WWW-Authenticate': 'Bearer x' })
                .end('{}'),
            );
          };
          const { url } = one;
          const mcp = {
            'mcp-method': 'tools/call',
            'mcp-name': 'echo',
            'mcp-protocol-version': '2026-07-28',
            'mcp-session-id': 'mine',
            'mcp-param-region': 'eu',
          };
          const body = method === 'POST' ? '{}' : '';
          const answer = await send(`${url}?a=b`, { authorization: 'Bearer t', ...mcp }, { method, body });
          expect(seen).toEqual([method, '/mcp?a=b', 'Bearer t', mcp, new URL(url).host]);
          expect(answer.status).toBe(404);
          expect(answer.headers).toMatchObject({
            'mcp-session-id': 'minted',
            'www-authenticate': 'Bearer x',
            'x-served-by': 'i0',
          });
          expect(answer.body.toString()).toBe('{}');
        },
      );

      it('keeps the name that an instance gives itself', async () => {
        one.listener = (_, response) => response.setHeader('x-served-by', 'me').end();
        expect((await send(one.url)).headers['x-served-by']).toBe('me');
      });

      it.each(['GET', 'POST'])(
        'forwards the first event of a %s stream before the second is sent',
        async (method) => {
          let next = (): void => {};
          one.listener = (message, response) => {
            message.resume();
            response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: one\n\n');
            next = () => response.end('data: two\n\n');
          };
          const client = new RawClient(Number(new URL(one.url).port));
          expect(await client.send(ask('', '', method)).until('data: one')).not.toContain('two');
          next();
          await client.until('data: two');
        },
      );

      it('forwards the first part of a request before the second is sent', async () => {
        let first = (): void => {};
        const came = new Promise<void>((resolve) => {
          first = resolve;
        });
        one.listener = (message, response) => {
          message.once('data', first);
          message.on('end', () => response.end('done'));
        };
        const client = new RawClient(Number(new URL(one.url).port));
        client.send('POST /mcp HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n');
        await came;
        await client.send('2\r\nde\r\n0\r\n\r\n').until('done');
      });

      it('carries 5 MB both ways', async () => {
        // Like MCP servers, it answers when it has the whole request: nginx stops forwarding a request once its answer has begun.
        one.listener = (message, response) => void buffer(message).then((all) => response.end(all));
        const body = Buffer.alloc(5_000_000, randomUUID());
        const answer = await send(one.url, {}, { body });
        expect(answer.status).toBe(200);
        expect(answer.body.equals(body)).toBe(true);
      });
    });

    it('names the instance in the configured header', async () => {
      const [silent, speaking] = await servers(2, (index) => (message, response) => {
        message.resume();
        if (index === 1) response.setHeader('X-Pod', 'me');
        response.setHeader('x-served-by', 'other').end();
      });
      const upstreams = [silent, speaking].map((port, index) => ({
        id: `i${index}`,
        url: `http://127.0.0.1:${port}/mcp`,
      }));
      const settings = { engine, policy: 'round-robin' } as const;
      const balancer = await startBalancer({ settings, upstreams, seed: 1, instanceHeader: 'x-pod' });
      atEnd(() => balancer.stop());
      const seen = [await send(balancer.url), await send(balancer.url)].map(({ headers }) => [
        headers['x-pod'],
        headers['x-served-by'],
      ]);
      expect(seen.sort()).toEqual([
        ['i0', 'other'],
        ['me', 'other'],
      ]);
    });

    it('reaches an instance by its host name', async () => {
      const [port] = await named(1);
      const upstreams = [{ id: 'i0', url: `http://localhost:${port}/mcp` }];
      const balancer = await startBalancer({
        settings: { engine, policy: 'round-robin' },
        upstreams,
        seed: 1,
      });
      atEnd(() => balancer.stop());
      const { status, headers } = await send(balancer.url);
      expect([status, headers['x-served-by']]).toEqual([200, 'i0']);
    });

    it('reuses its connections to the instances', async () => {
      const peers = new Set<number>();
      const [port] = await servers(1, () => (message, response) => {
        peers.add(message.socket.remotePort!);
        message.resume();
        message.on('end', () => response.end());
      });
      const { url } = await startFor([port!]);
      // From one client: HAProxy reuses connections only after the first request of a client.
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let index = 0; index < 20; index += 1) await send(url, {}, { agent });
      agent.destroy();
      expect(peers.size).toBeLessThan(3);
    });

    it('chooses each instance in turn with round-robin', async () => {
      const names = await reached((await startFor(await named(3))).url, () => ({}), 9);
      expect(names.slice(3)).toEqual(names.slice(0, 6));
      expect(sorted(names.slice(0, 3))).toEqual(['i0', 'i1', 'i2']);
    });

    it('keeps a caller, and callers without credentials by their address, on one instance with hash-identity', async () => {
      const { url } = await startFor(await named(3), 'hash-identity');
      for (const headers of [{ authorization: 'Bearer a' }, { authorization: 'Bearer b' }, {}])
        expect(sorted(await reached(url, () => headers as Record<string, string>))).toHaveLength(1);
    });

    it('sends lists and calls to separate pools with route-method, unless a pool is down', async () => {
      const ports = await named(4);
      const [first, ...rest] = await Promise.all([upstream(echoName('x')), ...ports.slice(1)]);
      const { url } = await startFor([first.port, ...(rest as number[])], 'route-method');
      const called = await reached(url, () => ({ 'mcp-method': 'tools/call' }), 24);
      expect(sorted(called)).toEqual(['i1', 'i2', 'i3']);
      expect(sorted(await reached(url, () => ({ 'mcp-method': 'tools/list' })))).toEqual(['i0']);
      expect(sorted(await reached(url, () => ({})))).toEqual(['i0']);
      await first.stop();
      for (const status of [await send(url), await send(url)].map((answer) => answer.status))
        expect(status).toBe(200);
    });

    it('keeps a tool on one instance and spreads requests without a name with name-affinity', async () => {
      const { url } = await startFor(await named(3), 'name-affinity');
      expect(sorted(await reached(url, () => ({ 'mcp-name': 'echo' })))).toHaveLength(1);
      expect(sorted(await reached(url, () => ({}), MANY, 3))).toEqual(['i0', 'i1', 'i2']);
    });

    itUnless(
      except.learns,
      'sends every call to the instance that created its session with sticky',
      async () => {
        const { url } = await startFor(await servers(3, sessionServer), 'sticky');
        expect(await ownerHits(url, 30, 3)).toBe(1);
      },
    );

    it.runIf(except.learns !== undefined)('rejects sticky and suggests another engine', async () => {
      await expect(startFor([1], 'sticky')).rejects.toThrow(/embedded or haproxy/);
      expect(readdirSync(folder)).toEqual([]);
    });

    it('misses the owner of about two sessions in three with hash-session', async () => {
      const { url } = await startFor(await servers(3, sessionServer), 'hash-session');
      // A request without a session has nothing to hash, and goes to all instances.
      expect(sorted(await reached(url, () => ({}), MANY, 3))).toEqual(['i0', 'i1', 'i2']);
      // Binomial(300, 1/3): standard deviation 0.027; five of them either way.
      const hits = await ownerHits(url, 300);
      expect(hits).toBeGreaterThan(0.19);
      expect(hits).toBeLessThan(0.47);
    });

    it.each(runnable)(
      'reaches every instance, also an added one, and gives no new work to a draining one, with %s',
      async (policy) => {
        const ports = await named(4);
        const balancer = await startFor(ports.slice(0, 3), policy);
        const all = (enough?: number) => reached(balancer.url, DISTINCT_CALLER, MANY, enough);
        expect(sorted(await all(3))).toEqual(['i0', 'i1', 'i2']);
        await balancer.addUpstream({ id: 'i3', url: `http://127.0.0.1:${ports[3]}/mcp` });
        expect(sorted(await all(4))).toEqual(['i0', 'i1', 'i2', 'i3']);
        await balancer.drain('i0');
        expect(sorted(await all())).toEqual(['i1', 'i2', 'i3']);
        const stats = await balancer.stats();
        if (stats !== undefined)
          expect(stats.upstreams.map(({ live }) => live)).toEqual([false, true, true, true]);
      },
    );

    itUnless(
      except.learns,
      'leaves a draining instance its sessions, and opens no new session on it',
      async () => {
        const { url, drain } = await startFor(await servers(2, sessionServer), 'sticky');
        const open = async (): Promise<readonly [string, unknown]> => {
          const { headers } = await send(url);
          return [String(headers['mcp-session-id']), headers['x-served-by']];
        };
        const before = await Promise.all(Array.from({ length: 8 }, open));
        expect(sorted(before.map(([, owner]) => String(owner)))).toEqual(['i0', 'i1']);
        await drain('i0');
        for (const [session, owner] of before) {
          const { status, headers } = await send(url, { 'mcp-session-id': session });
          expect([status, headers['x-served-by']]).toEqual([200, owner]);
        }
        expect((await Promise.all(Array.from({ length: 8 }, open))).map(([, owner]) => owner)).toEqual(
          Array(8).fill('i1'),
        );
      },
    );

    it('lets a draining instance finish its requests', async () => {
      let finish = (): void => {};
      const began = new Promise<void>((resolve) => {
        finish = resolve;
      });
      let answer = (): void => {};
      const slow = await upstream((message, response) => {
        message.resume();
        answer = () => response.end('done');
        finish();
      });
      const balancer = await startFor([slow.port, ...(await named(1))]);
      const kept = new Agent({ keepAlive: true });
      atEnd(() => kept.destroy());
      const under = send(balancer.url, {}, { agent: kept });
      await began;
      await balancer.drain('i0');
      for (let call = 0; call < 4; call += 1)
        expect((await send(balancer.url)).headers['x-served-by']).toBe('i1');
      answer();
      expect((await under).body.toString()).toBe('done');
    });

    it('applies simultaneous changes one after the other, and rejects invalid ones', async () => {
      const ports = await named(3);
      const balancer = await startFor(ports.slice(0, 2));
      await expect(balancer.drain('x')).rejects.toThrow('there is no upstream x');
      const odd = { id: 'i9', url: '127.0.0.1/mcp' };
      await expect(balancer.addUpstream(odd)).rejects.toThrow('Invalid URL');
      await Promise.all([
        balancer.addUpstream({ id: 'i2', url: `http://127.0.0.1:${ports[2]}/mcp` }),
        balancer.drain('i0'),
        balancer.drain('i1'),
      ]);
      expect(sorted(await reached(balancer.url, () => ({}), 6))).toEqual(['i2']);
    });

    it('survives the loss of an instance, and uses it again when it is back', async () => {
      const [first, second] = [await upstream(echoName('1')), await upstream(echoName('2'))];
      const { url } = await startFor([first.port, second.port]);
      expect(sorted(await reached(url, () => ({}), 4))).toEqual(['i0', 'i1']);
      await first.stop();
      for (let index = 0; index < 10; index += 1) {
        const answer = await send(url);
        expect([answer.status, answer.headers['x-served-by']]).toEqual([200, 'i1']);
      }
      await upstream(echoName('1'), first.port);
      await expect
        .poll(async () => (await send(url)).headers['x-served-by'], { timeout: 10_000, interval: 20 })
        .toBe('i0');
    });

    it('answers itself, without an instance name, when all instances are down', async () => {
      const only = await upstream(echoName('1'));
      const { url } = await startFor([only.port]);
      await send(url);
      await only.stop();
      const answer = await send(url);
      expect([502, 503]).toContain(answer.status);
      expect(answer.headers['x-served-by']).toBeUndefined();
    });

    it('does not retry a call that an instance may have executed', async () => {
      let executed = 0;
      const ports = await Promise.all(
        [0, 1].map(() =>
          rawUpstream((socket) =>
            socket.once('data', () => {
              executed += 1;
              socket.destroy();
            }),
          ),
        ),
      );
      const answer = await send((await startFor(ports.map(({ port }) => port))).url, {
        'mcp-method': 'tools/call',
      });
      expect([502, 503]).toContain(answer.status);
      expect(executed).toBe(1);
    });

    itUnless(except.counts, 'counts requests per instance', async () => {
      const dead = await upstream(echoName('3'));
      const balancer = await startFor([...(await named(2)), dead.port]);
      await dead.stop();
      await reached(balancer.url, () => ({}), 10);
      const { upstreams, ownAnswers, cancelled } = (await balancer.stats())!;
      expect(upstreams.map(({ id, requests, inFlight }) => [id, requests, inFlight])).toMatchObject([
        ['i0', 5, 0],
        ['i1', 5, 0],
        ['i2', expect.any(Number), 0],
      ]);
      expect(upstreams.map(({ live }) => live)).toEqual([true, true, false]);
      expect([ownAnswers, cancelled]).toEqual([0, 0]);
    });

    it('leaves no process and no file after stop, and rejects changes then', async () => {
      const ports = await named(2);
      const balancer = await startFor(ports.slice(0, 1));
      await send(balancer.url);
      expect(alive(balancer.pid)).toBe(true);
      await balancer.stop();
      expect(await balancer.exited).toMatchObject({ code: 0, signal: null });
      expect(alive(balancer.pid)).toBe(false);
      await expect(send(balancer.url)).rejects.toThrow('ECONNREFUSED');
      await expect(balancer.drain('i0')).rejects.toThrow();
      const late = { id: 'i1', url: `http://127.0.0.1:${ports[1]}/mcp` };
      await expect(balancer.addUpstream(late)).rejects.toThrow();
      expect(readdirSync(folder)).toEqual([]);
    });

    it('reports its exit when it is killed, and leaves no file', async () => {
      const balancer = await startFor(await named(1));
      process.kill(balancer.pid, 'SIGKILL');
      expect(await balancer.exited).toMatchObject({ code: null, signal: 'SIGKILL' });
      expect(readdirSync(folder)).toEqual([]);
    });

    it('leaves no process and no file after kill -9 of its parent', async () => {
      const [port] = await named(1);
      const script = `import { startBalancer } from '${compiledModule(import.meta.url, '../balancer').href}';
        const balancer = await startBalancer({ settings: { engine: '${engine}', policy: 'round-robin' }, seed: 1,
          upstreams: [{ id: 'a', url: 'http://127.0.0.1:${port}/mcp' }] });
        process.stdout.write(JSON.stringify({ url: balancer.url, pid: balancer.pid }) + '\\n');`;
      const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
      const { url, pid } = JSON.parse(line) as { url: string; pid: number };
      expect((await send(url)).status).toBe(200);
      parent.kill('SIGKILL');
      await gone(pid);
      await expect.poll(() => readdirSync(folder), { timeout: 10_000, interval: 20 }).toEqual([]);
    });

    it('is not started when the signal is aborted', async () => {
      const upstreams = [{ id: 'a', url: 'http://127.0.0.1:1/mcp' }];
      const settings = { engine, policy: 'round-robin' } as const;
      const start = startBalancer({ settings, upstreams, seed: 1 }, AbortSignal.abort('no more'));
      await expect(start).rejects.toBe('no more');
      expect(readdirSync(folder)).toEqual([]);
    });

    it.each([
      ...(engine === 'embedded' ? [] : [['https', ['https://127.0.0.1:1/mcp'], 'uses TLS'] as const]),
      ['two paths', ['http://127.0.0.1:1/mcp', 'http://127.0.0.1:2/other'], 'has a different path'],
    ] as const)('rejects invalid upstreams: %s', async (_, urls, words) => {
      const upstreams = urls.map((url, index) => ({ id: `i${index}`, url }));
      const start = startBalancer({ settings: { engine, policy: 'round-robin' }, upstreams, seed: 1 });
      await expect(start).rejects.toThrow(UserError);
      await expect(start).rejects.toThrow(words);
    });
  });
}
