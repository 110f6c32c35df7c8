import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { resultsOf } from '../../src/result/history/series.case.ts';
import { run } from './in-process.ts';
import { type Ended, paceline, profileFile, scratch, startIn, WENT_WELL } from './paceline.ts';
import { targetOf } from './quick-server.ts';

const profile = (more: string): string =>
  profileFile(`
version: 1
load: { rate: 50/s, warmup: 0s, duration: 200ms, agents: 2, connections: 2 }
calls: [{ tool: echo, arguments: { text: hi } }]
${more}`);

const targetAt = (url: string): string => profile(`target: { url: "${url}", era: stateless }`);
/** Of a server that runs. */
let working: string;
beforeAll(async () => {
  working = targetAt(await targetOf(0));
});

const UNREACHABLE = targetAt('http://127.0.0.1:9/mcp');

/** Refused before any load, in words. */
function expectRefusal({ code, stderr, stdout }: Ended, ...words: readonly string[]): void {
  for (const word of words) expect(stderr).toContain(word);
  expect(stderr).not.toContain('bug of ours');
  expect(stderr).not.toContain('trial');
  expect(stdout).toBe('');
  expect(code).toBe(2);
}

describe('paceline run --out', () => {
  it.each([
    ['that is there and takes no files', '/proc'],
    ['that cannot be made', '/proc/foo/bar'],
  ])('rejects a folder %s before any load', async (_, out) => {
    const todo = 'choose a folder with write access';
    expectRefusal(await run({}, working, '--out', out), `--out: cannot write to ${out} (`, todo);
  });

  it('rejects a file', async () => {
    const file = join(scratch(), 'file');
    writeFileSync(file, 'mine');
    for (const out of [file, join(file, 'below')])
      expectRefusal(await run({}, working, '--out', out), out, 'ENOTDIR');
  });

  it('creates missing folders, with only result and report in them, and overwrites no result and no kept files unless told to', async () => {
    const [out, keep] = [join(scratch(), 'a', 'b'), scratch()];
    const again = (...more: readonly string[]) => run({}, working, '--out', out, '--keep', keep, ...more);
    expect(WENT_WELL).toContain((await again()).code);
    expect(readdirSync(out).sort()).toEqual(['report.html', 'result.json']);
    const before = readFileSync(join(out, 'result.json'), 'utf8');
    const todo = '(choose another folder, or give --force to overwrite it)';
    expectRefusal(
      await again(),
      `--out: ${out} holds a result ${todo}`,
      `--keep: ${keep} holds the files of another run ${todo}`,
    );
    expect(readFileSync(join(out, 'result.json'), 'utf8')).toBe(before);
    expect(WENT_WELL).toContain((await again('--force')).code);
    expect(readFileSync(join(out, 'result.json'), 'utf8')).not.toBe(before);
  });

  it('is a folder of its own for each run by default, also within one second', async () => {
    const cwd = scratch();
    const path = working;
    const runs = await Promise.all([1, 2].map(() => startIn({ cwd }, 'run', path).ended));
    for (const { code } of runs) expect(WENT_WELL).toContain(code);
    const folders = readdirSync(join(cwd, 'results'));
    expect(folders).toHaveLength(2);
    for (const folder of folders) {
      expect(folder).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-profile(-\d)?$/);
      expect(readdirSync(join(cwd, 'results', folder)).sort()).toEqual(['report.html', 'result.json']);
    }
  });

  it('removes only the folders that it created when the run is rejected', async () => {
    const there = scratch();
    mkdirSync(join(there, 'empty'));
    const out = join(there, 'made', 'deep');
    expectRefusal(await paceline('run', UNREACHABLE, '--out', out), 'ECONNREFUSED');
    expect(readdirSync(there)).toEqual(['empty']);
    expectRefusal(await paceline('run', UNREACHABLE, '--out', join(there, 'empty')), 'ECONNREFUSED');
    expect(existsSync(join(there, 'empty'))).toBe(true);
  });
});

describe('paceline report --out', () => {
  it('rejects a folder that cannot be created', async () => {
    const result = join(scratch(), 'result.json');
    writeFileSync(result, JSON.stringify(resultsOf([{ responseUs: 1000 }])[0]));
    const ended = await paceline('report', result, '--format', 'md', '--out', '/proc/foo');
    expectRefusal(ended, '--out: cannot write to /proc/foo (');
  });
});

describe('paceline calibrate --out', () => {
  it('rejects a file that cannot be written before it measures', async () => {
    const ended = await paceline('calibrate', '--out', '/proc/foo/calibration.json');
    expectRefusal(ended, '--out: cannot write to /proc/foo (');
    expect(ended.stderr).not.toContain('calibrating');
  });
});

describe('paceline --help', () => {
  it('lists only existing options, and explains a second Ctrl-C', async () => {
    const [whole, ofRun] = await Promise.all([paceline('--help'), paceline('run', '--help')]);
    expect(whole.stdout).toMatch(/sticky\s+sessions/);
    expect(whole.stdout).toMatch(/auth\s+check/);
    expect(whole.stdout).toMatch(/ttlMs/);
    expect(ofRun.stdout).toContain('a second one ends at once');
  });
});
