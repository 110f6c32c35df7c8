import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compiledModule } from '../units/compiled.ts';
import { scratch } from '../units/scratch.case.ts';
import { SECOND } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { type CommandOptions, startCommand } from './command.ts';
import { freePort, onFreePort } from './free-port.ts';
import { alive, gone, parentOf } from './processes.case.ts';

const folder = realpathSync(scratch());

/** A server that answers with what it was given, on the port of its last argument. */
const SERVER = `import { createServer } from 'node:http';
const said = { args: process.argv.slice(2), port: process.env.PORT, extra: process.env.EXTRA, cwd: process.cwd() };
createServer((_, response) => response.end(JSON.stringify(said))).listen(Number(process.argv.at(-1)), '127.0.0.1');`;
const server = join(folder, 'server.mjs');
writeFileSync(server, SERVER);

const answersOn =
  (port: number) =>
  (signal: AbortSignal): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/`, { signal }).then(
      (response) => response.text().then(() => true),
      () => false,
    );

const start = (options: Partial<CommandOptions> & Pick<CommandOptions, 'command'>, signal?: AbortSignal) =>
  startCommand(
    { name: 'the command', answers: async () => true, readyWithinUs: 20 * SECOND, ...options },
    signal,
  );

async function messageOf(starting: Promise<unknown>): Promise<string> {
  const error = await starting.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

describe('a command on a leash', () => {
  it.each([
    ['a list of arguments', [process.execPath, server, 'a b', '{{port}}']],
    ['a line for the shell', `exec ${process.execPath} ${server} 'a b' {{port}}`],
  ] as const)('gets its port, environment and folder, as %s', async (_, command) => {
    const port = await freePort();
    const running = await start({
      command,
      port,
      env: { PORT: '{{ port }}', EXTRA: '\\{{yes}}' },
      cwd: folder,
      answers: answersOn(port),
    });
    const said: unknown = await (await fetch(`http://127.0.0.1:${port}/`)).json();
    expect(said).toEqual({ args: ['a b', String(port)], port: String(port), extra: '{{yes}}', cwd: folder });
    expect(alive(running.pid)).toBe(true);
    await Promise.all([running.stop(), running.stop()]);
    expect(alive(running.pid)).toBe(false);
    expect(await running.exited).toMatchObject({ code: 0, signal: null });
  });

  it.each([
    ['a code', 'exit 7', { code: 7, signal: null }],
    ['SIGKILL', 'kill -9 $$', { code: null, signal: 'SIGKILL' }],
    ['SIGTERM', 'kill -15 $$', { code: null, signal: 'SIGTERM' }],
    ['SIGINT', 'kill -2 $$', { code: null, signal: 'SIGINT' }],
  ])('that ends by %s says so, with its last words', async (_, end, exit) => {
    const go = join(folder, `go-${end.replaceAll(/\W/g, '')}`);
    const running = await start({
      command: `echo out; echo err >&2; until [ -e ${go} ]; do sleep 0.02; done; ${end}`,
    });
    writeFileSync(go, '');
    expect(await running.exited).toEqual({ ...exit, log: 'out\nerr' });
    await running.stop();
  });

  it('is stopped with all that it started, even when it does not care', async () => {
    const running = await start({
      command: `trap '' TERM; sleep 1000 & echo child $!; while :; do sleep 0.05; done`,
    });
    await running.stop();
    const { log } = await running.exited;
    await gone(Number(/child (\d+)/.exec(log)?.[1]));
    expect(alive(running.pid)).toBe(false);
  });

  it('goes when its leash is killed', async () => {
    const running = await start({ command: `echo leash $PPID; exec sleep 1000` });
    process.kill(parentOf(running.pid), 'SIGKILL');
    await running.exited;
    await gone(running.pid);
  });
});

describe('a command that does not start', () => {
  it.each([
    [
      'there is no such program',
      { command: ['no-such-program-here'] },
      'the command: there is no program "no-such-program-here"',
    ],
    [
      'there is no such folder',
      { command: ['true'], cwd: '/no/such' },
      'the command: there is no folder "/no/such"',
    ],
    [
      'it ends',
      { command: 'echo bad option; exit 2', answers: async () => false },
      'the command: exited with code 2 while starting (its last words:\nbad option)',
    ],
    [
      'it never answers',
      { command: 'echo busy; exec sleep 1000', answers: async () => false, readyWithinUs: SECOND },
      'the command: did not answer within 1 s (its last words:\nbusy)',
    ],
  ] as const)('because %s is reported', async (_, options, message) => {
    expect(await messageOf(start(options))).toBe(message);
  });

  it('because the start was aborted is ended', async () => {
    const abort = new AbortController();
    const starting = start(
      {
        command: 'exec sleep 1000',
        answers: async () => {
          abort.abort(new Error('interrupted'));
          return false;
        },
      },
      abort.signal,
    );
    await expect(starting).rejects.toThrow('interrupted');
    await expect(start({ command: 'true' }, abort.signal)).rejects.toThrow('interrupted');
  });
});

describe('a parent that is killed', () => {
  it.each([
    ['up', 'true', 'SIGKILL'],
    ['still starting', 'false', 'SIGKILL'],
    ['up, when its terminal closes,', 'true', 'SIGHUP'],
    ['up, when all in its terminal are told to quit,', 'true', 'SIGQUIT'],
  ] as const)('takes a command with it that is %s', async (_, answer, signal) => {
    // Through a file: what the command prints belongs to the leash.
    const note = join(folder, `pids-${answer}-${signal}`);
    const script = `import { startCommand } from '${compiledModule(import.meta.url, './command').href}';
      await startCommand({ name: 'c', command: 'sleep 1000 & echo $$ $! > ${note}.new; mv ${note}.new ${note}; wait', readyWithinUs: 60e6,
        answers: async () => ${answer} });`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: 'ignore',
      detached: true,
    });
    await expect.poll(() => existsSync(note), { timeout: 10_000, interval: 20 }).toBe(true);
    const pids = readFileSync(note, 'utf8').trim().split(' ').map(Number);
    expect(pids.map(alive)).toEqual([true, true]);
    // A terminal tells the whole group, of which kill -9 is for one.
    process.kill(signal === 'SIGKILL' ? parent.pid! : -parent.pid!, signal);
    await gone(...pids);
  });
});

describe('a free port', () => {
  it('is looked for again when somebody else was faster, and only then', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const free = await freePort();
    const offers = [port, free];
    const command = [process.execPath, server, '{{port}}'] as const;
    const running = await onFreePort(
      (offered) => start({ command: [...command], port: offered, answers: answersOn(offered) }),
      async () => offers.shift()!,
    );
    expect((await fetch(`http://127.0.0.1:${free}/`)).status).toBe(200);
    expect(offers).toEqual([]);
    await running.stop();
    taken.close();
    let tries = 0;
    const other = onFreePort(async () => {
      tries += 1;
      throw new UserError({ where: 'x', what: 'broken' });
    });
    await expect(other).rejects.toThrow('broken');
    expect(tries).toBe(1);
  });
});
