import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import type { GuardInput } from '../guard/guard.ts';
import { compiledModule } from '../units/compiled.ts';
import { UserError } from '../units/user-error.ts';
import { startBalancer } from './balancer.ts';
import { ask, atEnd, RawClient, upstream } from './proxy/peers.case.ts';

const settings = { engine: 'embedded', policy: 'round-robin' } as const;

/** Resolves when nothing listens on `port` any more; the end of a process takes its listening sockets with it. */
async function refused(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (!open) return;
  }
}

async function threeUpstreams(): Promise<{ readonly id: string; readonly url: string }[]> {
  return Promise.all(
    ['a', 'b', 'c'].map(async (id) => {
      const { port } = await upstream((_, response) => response.end(`<${id}>`));
      return { id, url: `http://127.0.0.1:${port}/mcp` };
    }),
  );
}

describe('a balancer in its own process', () => {
  it.each(['nginx', 'haproxy'] as const)(
    'does not start without the check that %s cannot make',
    async (engine) => {
      const upstreams = [{ id: 'a', url: 'http://127.0.0.1:9/mcp' }];
      const guard = { instance: 'balancer' } as unknown as GuardInput;
      const started = startBalancer({
        settings: { engine, policy: 'round-robin' },
        upstreams,
        seed: 1,
        guard,
      });
      await expect(started).rejects.toThrow(`${engine} cannot check tokens`);
    },
  );

  it('balances, counts, and ends on stop', async () => {
    const balancer = await startBalancer({ settings, upstreams: await threeUpstreams(), seed: 1 });
    atEnd(() => balancer.stop());
    const url = new URL(balancer.url);
    expect(url.pathname).toBe('/mcp');
    expect(balancer.pid).not.toBe(process.pid);
    const client = new RawClient(Number(url.port));
    const text = await client.send(ask() + ask() + ask() + ask()).until('<a>', 2);
    expect(text.match(/<.>/g)).toEqual(['<a>', '<b>', '<c>', '<a>']);
    const { upstreams, ...counts } = (await balancer.stats())!;
    expect(upstreams.map(({ id, requests, inFlight }) => [id, requests, inFlight])).toEqual([
      ['a', 2, 0],
      ['b', 1, 0],
      ['c', 1, 0],
    ]);
    expect(counts).toEqual({ ownAnswers: 0, cancelled: 0 });
    await balancer.stop();
    expect(await balancer.exited).toMatchObject({ code: 0, signal: null });
    await refused(Number(url.port));
    await expect(balancer.stats()).rejects.toThrow('balancer');
  });

  it('gives work to an added instance, and none to a draining one', async () => {
    const [first, second, third] = await threeUpstreams();
    const balancer = await startBalancer({ settings, upstreams: [first!, second!], seed: 1 });
    atEnd(() => balancer.stop());
    const client = new RawClient(Number(new URL(balancer.url).port));
    await client.send(ask() + ask()).until('<b>');
    await balancer.addUpstream(third!);
    await client.send(ask() + ask() + ask()).until('<b>', 2);
    await balancer.drain('a');
    const text = await client.send(ask() + ask() + ask() + ask()).until('<c>', 3);
    expect(text.match(/<.>/g)!.join('')).toMatch(/^<a><b><c><a><b><c><b><c>/);
    const { upstreams } = (await balancer.stats())!;
    expect(upstreams.map(({ id, live }) => [id, live])).toEqual([
      ['a', false],
      ['b', true],
      ['c', true],
    ]);
    await expect(balancer.drain('x')).rejects.toThrow('there is no upstream x');
  });

  it('reports its exit when it is killed', async () => {
    const balancer = await startBalancer({ settings, upstreams: await threeUpstreams(), seed: 1 });
    process.kill(balancer.pid, 'SIGKILL');
    expect(await balancer.exited).toMatchObject({ code: null, signal: 'SIGKILL' });
    await balancer.stop();
  });

  it('does not outlive a parent that is killed', async () => {
    const module = compiledModule(import.meta.url, './balancer').href;
    const upstreams = JSON.stringify(await threeUpstreams());
    const script = `import { startBalancer } from '${module}';
      const balancer = await startBalancer({ settings: ${JSON.stringify(settings)}, upstreams: ${upstreams}, seed: 1 });
      process.stdout.write(balancer.url + '\\n');`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
    const port = Number(new URL(line).port);
    await new RawClient(port).send(ask()).until('<a>');
    parent.kill('SIGKILL');
    await refused(port);
  });

  it.each([['two paths', ['http://127.0.0.1:1/mcp', 'http://127.0.0.1:2/other'], 'has a different path']])(
    'rejects invalid upstreams: %s',
    async (_, urls, words) => {
      const upstreams = urls.map((url, index) => ({ id: `i${index}`, url }));
      const start = startBalancer({ settings, upstreams, seed: 1 });
      await expect(start).rejects.toThrow(UserError);
      await expect(start).rejects.toThrow(words);
    },
  );

  it('is not started when the signal is already aborted', async () => {
    const start = startBalancer(
      { settings, upstreams: await threeUpstreams(), seed: 1 },
      AbortSignal.abort('no more'),
    );
    await expect(start).rejects.toBe('no more');
  });
});
