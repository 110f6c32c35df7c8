import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
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

describe.concurrent('a command below its guard', () => {
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
  ])('that ends by %s reports so, with the end of its output', async (_, end, exit) => {
    const go = join(folder, `go-${end.replaceAll(/\W/g, '')}`);
    const running = await start({
      command: `echo out; echo err >&2; until [ -e ${go} ]; do sleep 0.02; done; ${end}`,
    });
    writeFileSync(go, '');
    expect(await running.exited).toEqual({ ...exit, log: 'out\nerr' });
    await running.stop();
  });

  it('is stopped with all that it started, even when it ignores SIGTERM', async () => {
    const running = await start({
      command: `trap '' TERM; sleep 1000 & echo child $!; while :; do sleep 0.05; done`,
    });
    await running.stop();
    const { log } = await running.exited;
    await gone(Number(/child (\d+)/.exec(log)?.[1]));
    expect(alive(running.pid)).toBe(false);
  });

  it('ends when its guard is killed', async () => {
    const running = await start({ command: `echo guard $PPID; exec sleep 1000` });
    process.kill(parentOf(running.pid), 'SIGKILL');
    await running.exited;
    await gone(running.pid);
  });
});

describe.concurrent('a command that does not start', () => {
  it.each([
    [
      'there is no such program',
      { command: ['no-such-program-here'] },
      'the command: program not found: "no-such-program-here"',
    ],
    [
      'there is no such folder',
      { command: ['true'], cwd: '/no/such' },
      'the command: folder not found: "/no/such"',
    ],
    [
      'it ends',
      { command: 'echo bad option; exit 2', answers: async () => false },
      'the command: exited with code 2 while starting (last lines of output:\nbad option)',
    ],
    [
      'it never answers',
      { command: 'echo busy; exec sleep 1000', answers: async () => false, readyWithinUs: 4 * SECOND },
      'the command: did not answer within 4 s (last lines of output:\nbusy)',
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

describe.concurrent('what a command writes', () => {
  it('is added to a file when one is given', async () => {
    const outputFile = join(folder, 'output.log');
    const lines = (): readonly string[] => readFileSync(outputFile, 'utf8').trim().split('\n');
    const written = async (count: number): Promise<boolean> =>
      existsSync(outputFile) && lines().length === count;
    for (const [index, text] of ['first', 'second'].entries()) {
      const command = `echo ${text}; echo ${text} >&2; exec sleep 1000`;
      const running = await start({ command, outputFile, answers: () => written(2 * index + 2) });
      await running.stop();
    }
    expect(lines()).toEqual(['first', 'first', 'second', 'second']);
  });

  it('costs nothing but itself where the file cannot be written', async () => {
    const running = await start({
      command: 'exec sleep 1000',
      outputFile: join(folder, 'no', 'such', 'folder'),
    });
    await running.stop();
  });
});

describe.concurrent('a parent that is killed', () => {
  it.each([
    ['up', 'true', 'SIGKILL'],
    ['still starting', 'false', 'SIGKILL'],
    ['up, when its terminal closes,', 'true', 'SIGHUP'],
    ['up, when all in its terminal are told to quit,', 'true', 'SIGQUIT'],
  ] as const)('takes a command with it that is %s', async (_, answer, signal) => {
    // Through a file: what the command prints belongs to the guard.
    const note = join(folder, `pids-${answer}-${signal}`);
    const script = `import { startCommand } from '${compiledModule(import.meta.url, './command').href}';
      await startCommand({ name: 'c', command: 'sleep 1000 & echo $$ $! > ${note}.new; mv ${note}.new ${note}; wait', readyWithinUs: 60e6,
        answers: async () => ${answer} });`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: 'ignore',
      detached: true,
    });
    await vi.waitFor(() => expect(existsSync(note)).toBe(true), { timeout: 10_000, interval: 20 });
    const pids = readFileSync(note, 'utf8').trim().split(' ').map(Number);
    expect(pids.map(alive)).toEqual([true, true]);
    // A terminal tells the whole group, of which kill -9 is for one.
    process.kill(signal === 'SIGKILL' ? parent.pid! : -parent.pid!, signal);
    await gone(...pids);
  });
});

/** A port that is taken. */
async function listening(): Promise<{ readonly port: number } & Disposable> {
  const server = createServer((socket) => socket.unref()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.dispose]: () => server.close() };
}

describe('a free port', () => {
  it('is looked for again when another process was faster, and only then', async () => {
    using taken = await listening();
    const free = await freePort();
    const offers = [taken.port, free];
    const command = [process.execPath, server, '{{port}}'] as const;
    const running = await onFreePort(
      (offered) => start({ command: [...command], port: offered, answers: answersOn(offered) }),
      async () => offers.shift()!,
    );
    expect((await fetch(`http://127.0.0.1:${free}/`)).status).toBe(200);
    expect(offers).toEqual([]);
    await running.stop();
    let tries = 0;
    const other = onFreePort(async () => {
      tries += 1;
      throw new UserError({ where: 'x', what: 'broken' });
    });
    await expect(other).rejects.toThrow('broken');
    expect(tries).toBe(1);
  });

  it('is looked for again when the command stayed up without it', async () => {
    using taken = await listening();
    const offers = [taken.port, await freePort()];
    const started: number[] = [];
    const running = await onFreePort(
      async (port) => {
        started.push(port);
        const [readyWithinUs, answers] = port === taken.port ? [SECOND / 2, false] : [20 * SECOND, true];
        return start({ command: 'exec sleep 1000', answers: async () => answers, readyWithinUs });
      },
      async () => offers.shift()!,
    );
    expect(started).toHaveLength(2);
    await running.stop();
  });

  it.each([
    ['exited with 0: it holds the port itself, in the background', 0],
    ['exited for another reason, with the port still free', 3],
  ])('is not looked for again when the command %s', async (_, code) => {
    using taken = await listening();
    let tries = 0;
    const starting = onFreePort(
      async () => {
        tries += 1;
        return start({ command: `exit ${code}`, answers: async () => false });
      },
      code === 0 ? async () => taken.port : freePort,
    );
    await expect(starting).rejects.toThrow(`exited with code ${code} while starting`);
    expect(tries).toBe(1);
  });
});
