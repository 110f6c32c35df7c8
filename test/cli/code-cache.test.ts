/** @module The code cache of the command: used when it is whole and of the same source and Node, and harmless in every other case. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Use } from '../../src/units/code-cache.ts';
import { profileFile, scratch, WENT_WELL } from './paceline.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const LOADER = join(ROOT, 'bundle/units/code-cache.js');

/** Loads the file at `path`, as a process of this use; says whether V8 took the stored form, and what the code answers. */
const loading = (path: string, use: Use = 'run'): string => `
  const vm = require('node:vm');
  const { Script } = vm;
  let form = 'compiled';
  vm.Script = class extends Script {
    constructor(source, options) {
      super(source, options);
      if (options.cachedData !== undefined) form = this.cachedDataRejected ? 'rejected' : 'taken';
    }
  };
  const { loadWithCache, storeCompiled } = require(${JSON.stringify(LOADER)});
  const { answer } = loadWithCache(${JSON.stringify(path)});
  const said = form + ', ' + answer();
  storeCompiled('${use}');
  const { parentPort } = require('node:worker_threads');
  if (parentPort === null) console.log(said);
  else parentPort.postMessage(said);
`;

let folder: string;

const answerFile = (): string => join(folder, 'answer.js');

/** Loads it in a process of its own, with these flags of V8. */
const load = (...flags: readonly string[]): string =>
  execFileSync(process.execPath, [...flags, '-e', loading(answerFile())], { encoding: 'utf8' }).trim();

/** Loads it in a thread: it has an isolate of its own as a process has, and starts faster. */
async function loadInThread(use?: Use): Promise<string> {
  const thread = new Worker(loading(answerFile(), use), { eval: true });
  const [[said]] = await Promise.all([once(thread, 'message'), once(thread, 'exit')]);
  return said;
}

/** All stored forms. */
function stored(): readonly string[] {
  const cache = join(folder, 'cache');
  return existsSync(cache)
    ? readdirSync(cache, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.includes('answer.js'))
        .map((name) => join(cache, name))
    : [];
}

function damage(change: (bytes: Buffer) => Buffer): void {
  const [path] = stored();
  writeFileSync(path!, change(readFileSync(path!)));
}

beforeEach(() => {
  folder = scratch();
  writeFileSync(answerFile(), 'exports.answer = () => 41;');
});

describe('a file loaded with its code cache', () => {
  it('is compiled once, and taken from the cache after that', () => {
    expect(load()).toBe('compiled, 41');
    expect(stored()).toHaveLength(1);
    expect([load(), load()]).toEqual(['taken, 41', 'taken, 41']);
  });

  it('loads a large module of Node when it uses it', () => {
    writeFileSync(
      join(folder, 'answer.js'),
      `const crypto = require('node:crypto');
      const loaded = () => process.moduleLoadList.includes('NativeModule crypto');
      exports.answer = () => [loaded(), crypto.createHash('sha256').update('').digest('hex').slice(0, 8), loaded()];`,
    );
    expect(load()).toBe('compiled, false,e3b0c442,true');
  });

  it.each([
    ['is cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['is cut off in its head', (bytes: Buffer) => bytes.subarray(0, 5)],
    ['is empty', () => Buffer.alloc(0)],
    ['is something else', () => Buffer.from('not what V8 has compiled')],
    [
      'has a wrong byte',
      (bytes: Buffer) => {
        bytes[bytes.length - 20]! ^= 0xff;
        return bytes;
      },
    ],
  ])('is compiled, and stored again, when the stored form %s', async (_, change) => {
    await loadInThread();
    damage(change);
    expect(await loadInThread()).toBe('compiled, 41');
    expect(await loadInThread()).toBe('taken, 41');
  });

  it('is compiled anew when its source has changed, also to one as long', async () => {
    await loadInThread();
    writeFileSync(answerFile(), 'exports.answer = () => 42;');
    expect(await loadInThread()).toBe('compiled, 42');
    expect(await loadInThread()).toBe('taken, 42');
  });

  it('has a stored form for each set of V8 flags', () => {
    load();
    expect(load('--no-lazy')).toBe('compiled, 41');
    expect(load('--no-lazy')).toBe('taken, 41');
    expect(load()).toBe('taken, 41');
    expect(stored()).toHaveLength(2);
  });

  it('has none of another version of Node', async () => {
    await loadInThread();
    const [path] = stored();
    expect(path).toContain(`${process.version}-${process.platform}-${process.arch}-`);
  });

  it('runs where nothing can be stored', async () => {
    writeFileSync(join(folder, 'cache'), 'a file, so that no folder can be made');
    expect([await loadInThread(), await loadInThread()]).toEqual(['compiled, 41', 'compiled, 41']);
  });

  it('runs where a stored form cannot be read', async () => {
    await loadInThread();
    const [path] = stored();
    rmSync(path!);
    mkdirSync(path!);
    expect(await loadInThread()).toBe('compiled, 41');
    expect(readdirSync(join(path!, '..'))).toEqual(['answer.js']);
  });

  it('is stored by the first command, then by the first run, and never again', async () => {
    const told: (readonly [said: string, written: readonly string[]])[] = [];
    for (const use of ['other', 'other', 'run', 'run', 'other'] as const) {
      const said = await loadInThread(use);
      const written = stored().filter((path) => statSync(path).mtimeMs > 0);
      told.push([said, written.map((path) => basename(path))]);
      for (const path of written) utimesSync(path, 0, 0);
    }
    expect(told).toEqual([
      ['compiled, 41', ['answer.js.other']],
      ['taken, 41', []],
      ['taken, 41', ['answer.js']],
      ['taken, 41', []],
      ['taken, 41', []],
    ]);
  });

  it('can be stored by several processes at the same time', async () => {
    const start = promisify(execFile);
    const ended = await Promise.all(
      Array.from({ length: 6 }, () => start(process.execPath, ['-e', loading(answerFile())])),
    );
    for (const { stdout } of ended) expect(stdout).toMatch(/^(compiled|taken), 41$/m);
    expect(stored()).toHaveLength(1);
    expect(load()).toBe('taken, 41');
  });
});

describe('the command, installed without a cache', () => {
  const installed = (): string => {
    const at = scratch();
    for (const name of ['bin', 'bundle', 'package.json'])
      cpSync(join(ROOT, name), join(at, name), {
        recursive: true,
        filter: (path) => !path.endsWith('/cache'),
      });
    for (const name of ['dist', 'node_modules']) symlinkSync(join(ROOT, name), join(at, name));
    return at;
  };
  const caches = (at: string): readonly string[] =>
    readdirSync(join(at, 'bundle'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /cache\/.*\.js(\.other)?$/.test(name),
    );
  const profile = profileFile(`
version: 1
load: { rate: 50/s, warmup: 0s, duration: 200ms }
calls: [{ tool: echo, arguments: { text: hi } }]
fleet: { server: lean, instances: 1 }
`);
  const run = (at: string): string => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(at, 'bin/paceline.js'), 'run', profile, '--format', 'csv', '--out', scratch()],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    expect(WENT_WELL).toContain(status);
    return stdout;
  };

  it('stores one for the command and for load threads in its first run, and measures the same with it', () => {
    const at = installed();
    expect(caches(at)).toEqual([]);
    const [head] = run(at).split('\n');
    const first = caches(at);
    expect(first.some((name) => name.startsWith('command/'))).toBe(true);
    expect(first.some((name) => name.startsWith('thread/'))).toBe(true);
    expect(run(at).split('\n')[0]).toBe(head);
    expect(caches(at)).toEqual(first);
  });

  it('stores one of each file in the first use that does not fail', () => {
    const at = installed();
    const end = (...given: readonly string[]): unknown =>
      spawnSync(process.execPath, [join(at, 'bin/paceline.js'), ...given], { stdio: 'ignore' }).status;
    const stores = (file: string) => expect.stringMatching(`^command/cache/.*/${file}\\.js\\.other$`);
    expect(end('validate', join(at, 'nowhere.yaml'))).toBe(2);
    expect(caches(at)).toEqual([]);
    expect(end('--help')).toBe(0);
    expect(caches(at)).toContainEqual(stores('main'));
    expect(caches(at)).not.toContainEqual(stores('validate'));
    expect(end('validate', join(ROOT, 'profiles/quickstart.yaml'))).toBe(0);
    expect(caches(at)).toContainEqual(stores('validate'));
  });

  it('has one after the build of this clone', () => {
    expect(caches(ROOT)).toContainEqual(expect.stringMatching(/^thread\/cache\/.*\/main\.js$/));
    expect(caches(ROOT)).toContainEqual(expect.stringMatching(/^command\/cache\/.*\/main\.js$/));
  });
});
