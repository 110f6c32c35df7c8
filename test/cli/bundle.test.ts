/** @module The command runs from its bundle, which answers like the modules in `dist/` and loads little before its first request. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ended, paceline, scratch, startIn } from './paceline.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PROFILE = join(ROOT, 'profiles/quickstart.yaml');
const RESULT = join(ROOT, 'results/sticky-vs-round-robin/result.json');

/** Runs the command from the modules in `dist/`. */
function fromModules(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args], { cwd: scratch() });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((done) => child.on('close', (code) => done({ code, stdout, stderr })));
}

/** A file with `script`, which Node runs before the command. */
function before(script: string): Readonly<Record<string, string>> {
  const file = join(scratch(), 'before.cjs');
  writeFileSync(file, script);
  return { NODE_OPTIONS: `--require ${file}` };
}

/** Paths below the root of this package of what a run of the command has executed, as V8 counts it for coverage. */
async function executed(...args: readonly string[]): Promise<readonly string[]> {
  const folder = scratch();
  const { code } = await startIn({ env: { NODE_V8_COVERAGE: folder } }, ...args).ended;
  expect(code).toBe(0);
  const urls = readdirSync(folder).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: { url: string }[] };
    return result.map(({ url }) => url.replace(/^file:\/\//, ''));
  });
  return [...new Set(urls)].filter((url) => url.startsWith(ROOT)).map((url) => url.slice(ROOT.length + 1));
}

describe('the bundle', () => {
  it('is what the command runs from, with no package beside it', async () => {
    const files = await executed('validate', PROFILE);
    expect(files).toContain('bundle/command/main.js');
    expect(files.filter((file) => !file.startsWith('bundle/'))).toEqual(['bin/paceline.js']);
  });

  // What other command lines print from the bundle is in the golden files.
  it.each([
    [['--version']],
    [['run', '--no-such-flag']],
    [['run', PROFILE, '--plan']],
    [['run', PROFILE, '--set', 'load.rate=fast']],
    [['balancer', 'render', 'nginx', join(ROOT, 'profiles/sticky-vs-round-robin.yaml')]],
    [['balancer', 'lint', PROFILE]],
    [['report', RESULT, '--format', 'html']],
    [['completion', 'bash']],
  ])('answers %j like the modules', async (args) => {
    const [bundled, modules] = await Promise.all([paceline(...args), fromModules(args)]);
    expect(bundled).toEqual(modules);
  });

  it('has loaded no package when the first request is sent', async () => {
    const loaded = scratch();
    const env = before(`
      const { Socket } = require('node:net');
      const { connect } = Socket.prototype;
      Socket.prototype.connect = function (...args) {
        require('node:fs').writeFileSync(${JSON.stringify(join(loaded, 'modules'))}, Object.keys(require.cache).join('\\n'), { flag: 'wx' });
        Socket.prototype.connect = connect;
        return connect.apply(this, args);
      };`);
    const server = createServer((_, response) => response.writeHead(500).end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    const { code } = await startIn({ env }, 'run', PROFILE, '--target', url).ended;
    server.close();
    expect(code).toBe(2);
    const modules = readFileSync(join(loaded, 'modules'), 'utf8').split('\n');
    expect(modules).toContain(join(ROOT, 'bundle/units/code-cache.js'));
    expect(modules.filter((file) => file.includes('node_modules'))).toEqual([]);
  });
});

describe('the stack trace of an internal error', () => {
  it.each([
    ['the command', `require('node:os').cpus = plant;`, 'src/experiment/machine.ts', 'cpus().map'],
    [
      'a load thread',
      `if (!require('node:worker_threads').isMainThread) require('node:vm').runInNewContext = plant;`,
      'src/generator/engine/collection.ts',
      `runInNewContext('gc')`,
    ],
  ])('in %s names positions in the source', async (_, planting, file, code) => {
    const env = before(`function plant() { throw new TypeError('planted'); } ${planting}`);
    const ended = await startIn({ env }, 'run', PROFILE, '--out', scratch()).ended;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(
      'internal error; please report it with the text below\nTypeError: planted',
    );
    const line = readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .findIndex((text) => text.includes(code));
    expect(ended.stderr).toContain(`(${file}:${line + 1}:`);
    // The imports at the head of a bundled file are in no source.
    expect(ended.stderr).not.toMatch(/at (?!Object\.<anonymous>).*\/bundle\//);
  });
});
