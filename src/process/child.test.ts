import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { compiledModule } from '../units/compiled.ts';
import { scratch } from '../units/scratch.case.ts';
import { SECOND } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { startChild } from './child.ts';
import { alive, gone } from './processes.case.ts';

const folder = scratch();

const compiled = (name: string): string => compiledModule(import.meta.url, `./${name}`).href;

let written = 0;
/** A module of its own whose `main` is `body`; `input` is in scope. */
function child(body: string, prelude = ''): URL {
  written += 1;
  const file = join(folder, `child-${written}.mjs`);
  writeFileSync(
    file,
    `import { serveParent } from '${compiled('serve')}';\n${prelude}\nserveParent(async (input) => {${body}});\n`,
  );
  return pathToFileURL(file);
}

const start = (
  module: URL,
  options: { input?: unknown; readyWithinUs?: number; signal?: AbortSignal } = {},
) =>
  startChild<{ pid: number }>(
    {
      name: 'the child',
      module,
      input: options.input ?? null,
      readyWithinUs: options.readyWithinUs ?? 10 * SECOND,
    },
    options.signal,
  );

const faultOf = async (starting: Promise<unknown>): Promise<string> => {
  const error = await starting.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
};

const IMPORT_WRITE = `import { writeFileSync } from 'node:fs';`;
const FOREVER = 'setInterval(() => {}, 1e6);';

describe.concurrent('a child process', () => {
  it('gets its input, reports ready, answers questions and stops in order', async () => {
    const module = child(
      `${FOREVER} return { ready: { pid: process.pid, input },
        ask: async (n) => { if (n < 0) throw new Error('negative'); return n * 2; },
        stop: async () => { console.log('wound down'); } };`,
    );
    const running = await start(module, { input: { list: [1, undefined, 'ä'] } });
    expect(running.ready).toEqual({ pid: running.pid, input: { list: [1, undefined, 'ä'] } });
    expect(await Promise.all([running.ask(1), running.ask(2)])).toEqual([2, 4]);
    await expect(running.ask(-1)).rejects.toThrow('the child: negative');
    await Promise.all([running.stop(), running.stop()]);
    expect(await running.exited).toEqual({ code: 0, signal: null, log: 'wound down' });
    expect(alive(running.pid)).toBe(false);
    await expect(running.ask(1)).rejects.toThrow('the child: has ended and cannot answer');
    await running.stop();
  });

  it.each([
    ['never finishes stopping', `stop: () => new Promise(() => {})`, { code: 0, signal: null }],
    ['blocks its event loop for good', `stop: async () => { for (;;); }`, { code: null, signal: 'SIGKILL' }],
  ])('is stopped when it %s', async (_, stop, exit) => {
    const running = await start(child(`${FOREVER} return { ready: {}, ${stop} };`));
    await running.stop();
    expect(await running.exited).toMatchObject(exit);
  });

  it('ignores the SIGINT of a terminal, and winds down on SIGTERM', async () => {
    const running = await start(
      child(
        `${FOREVER} return { ready: {}, ask: async () => 'here', stop: async () => { console.log('wound down'); } };`,
      ),
    );
    process.kill(running.pid, 'SIGINT');
    expect(await running.ask('there?')).toBe('here');
    process.kill(running.pid, 'SIGTERM');
    expect(await running.exited).toEqual({ code: 0, signal: null, log: 'wound down' });
  });

  it('that exits reports how, with the end of its output, and fails the questions under way', async () => {
    const running = await start(
      child(`return { ready: {}, ask: async () => { console.error('out of luck'); process.exit(7); } };`),
    );
    await expect(running.ask('?')).rejects.toThrow(/exited with code 7 before it answered.*\n.*out of luck/);
    expect(await running.exited).toEqual({ code: 7, signal: null, log: 'out of luck' });
  });

  it('that floods stderr is read and bounded', async () => {
    const running = await start(
      child(
        `for (let i = 0; i < 20000; i += 1) process.stderr.write('line ' + i + ' ' + 'x'.repeat(500) + '\\n');
         return { ready: {}, ask: async () => { process.stderr.write('the last word', () => process.exit(1)); await new Promise(() => {}); } };`,
      ),
    );
    await running.ask('die').catch(() => {});
    const { log } = await running.exited;
    expect(log.endsWith('the last word')).toBe(true);
    expect(Buffer.byteLength(log)).toBeLessThanOrEqual(16 * 1024);
  });
});

describe.concurrent('a child process that does not start', () => {
  it('and exits is reported with the end of its output', async () => {
    const module = child('', `console.error('cannot go on'); process.exit(3);`);
    expect(await faultOf(start(module))).toMatch(
      /^the child: exited with code 3 while starting .*\ncannot go on/,
    );
  });

  it('and is a module that does not exist', async () => {
    expect(await faultOf(start(pathToFileURL(join(folder, 'none.mjs'))))).toMatch(
      /exited with code 1 while starting .*Cannot find module/s,
    );
  });

  it('because an address is taken says so in words', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const module = child(
      `const server = createServer();
       await new Promise((resolve, reject) => server.once('error', reject).listen(input, '127.0.0.1', resolve));
       return { ready: {} };`,
      `import { createServer } from 'node:net';`,
    );
    const message = await faultOf(start(module, { input: port }));
    taken.close();
    expect(message).toBe(`the child: could not start: the address 127.0.0.1:${port} is already in use`);
  });

  it('because of a fault of the user hands the fault on', async () => {
    const module = child(
      `throw new UserError({ where: 'fleet.era', what: 'no such era' });`,
      `import { UserError } from '${compiledModule(import.meta.url, '../units/user-error').href}';`,
    );
    expect(await faultOf(start(module))).toBe('fleet.era: no such era');
  });

  it('and is never ready is given up and killed', async () => {
    const module = child(`console.log('pid', process.pid); ${FOREVER} await new Promise(() => {});`);
    const message = await faultOf(start(module, { readyWithinUs: 5 * SECOND }));
    expect(message).toMatch(/^the child: was not ready within 5 s .*\npid \d+/);
    expect(alive(Number(/pid (\d+)/.exec(message)?.[1]))).toBe(false);
  });

  it('because a Ctrl-C reached it too early is reported', async () => {
    const module = child('', `process.kill(process.pid, 'SIGINT'); setInterval(() => {}, 1e6);`);
    expect(await faultOf(start(module))).toMatch(/was ended by SIGINT while starting/);
  });

  it('because the start was aborted is killed', async () => {
    const abort = new AbortController();
    const starting = start(child(`${FOREVER} await new Promise(() => {});`), { signal: abort.signal });
    abort.abort(new Error('interrupted'));
    await expect(starting).rejects.toThrow('interrupted');
    await expect(start(child(''), { signal: abort.signal })).rejects.toThrow('interrupted');
  });
});

describe.concurrent('a parent that ends', () => {
  /** Starts a parent with one child, and gives both. The parent does `then` as soon as the child is ready. */
  async function family(body: string, then: string) {
    const module = child(`${FOREVER} writeFileSync(input, String(process.pid)); ${body}`, IMPORT_WRITE);
    const note = join(folder, `pid-${written}`);
    const file = join(folder, `parent-${written}.mjs`);
    writeFileSync(
      file,
      `import { startChild } from '${compiled('child')}';
       await startChild({ name: 'c', module: new URL('${module.href}'), input: '${note}', readyWithinUs: 60e6 });
       ${then}`,
    );
    const parent = spawn(process.execPath, [file], { stdio: 'ignore' });
    const pidOf = (): number => (existsSync(note) ? Number(readFileSync(note, 'utf8')) : 0);
    await vi.waitFor(() => expect(pidOf()).toBeGreaterThan(0), { timeout: 10_000, interval: 20 });
    return { parent, pid: pidOf() };
  }

  it.each([
    ['ready', `return { ready: {} };`],
    ['still starting', `await new Promise(() => {});`],
  ])('by kill -9 takes a child with it that is %s', async (_, body) => {
    const { parent, pid } = await family(body, FOREVER);
    expect(alive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await gone(pid);
  });

  it.each([
    ['by a crash', `throw new Error('crash');`],
    ['by process.exit', `process.exit(0);`],
    ['by SIGTERM', `process.kill(process.pid, 'SIGTERM'); ${FOREVER}`],
  ])('%s takes its child with it', async (_, then) => {
    const { pid } = await family(`return { ready: {} };`, then);
    await gone(pid);
  });
});
