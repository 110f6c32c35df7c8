import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { type Day, resultsOf } from '../../src/result/history/series.case.ts';
import { judge } from './in-process.ts';
import { type Ended, scratch, startIn } from './paceline.ts';

/** No branch of the folder in which the tests are run, nor one of a CI system, is taken for that of the results. */
const NO_BRANCH = {
  GIT_CEILING_DIRECTORIES: '/',
  GIT_DIR: '/nonexistent',
  GITHUB_HEAD_REF: '',
  GITHUB_REF_NAME: '',
  GITHUB_BASE_REF: '',
  CI_COMMIT_REF_NAME: '',
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: '',
  CI_DEFAULT_BRANCH: '',
};

/** A folder with a result for each day, `1`, `2` and so on, and the command line in it: in this process, and started. */
function folderWith(...days: readonly (number | Day)[]) {
  const cwd = scratch();
  const results = resultsOf(days.map((day) => (typeof day === 'number' ? { responseUs: day } : day)));
  for (const [at, document] of results.entries()) {
    mkdirSync(join(cwd, String(at + 1)));
    writeFileSync(join(cwd, String(at + 1), 'result.json'), JSON.stringify(document));
  }
  const run = (line: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    judge({ cwd, env: { ...NO_BRANCH, ...env } }, ...line.split(' '));
  const started = (line: string): Promise<Ended> =>
    startIn({ cwd, env: NO_BRANCH }, ...line.split(' ')).ended;
  const save = async (at: number, flags = '--branch main'): Promise<void> => {
    expect(await run(`baseline save ${at} ${flags}`)).toMatchObject({ code: EXIT.pass });
  };
  return { cwd, run, started, save };
}

describe('paceline compare --baseline', () => {
  it('compares with the latest result of the branch, and exits by the verdict', async () => {
    const { run, started, save } = folderWith(1000, 1200, 1210, 1500, 1205);
    for (const at of [1, 2]) await save(at);
    expect(await started('baseline save 3 --branch main')).toMatchObject({ code: EXIT.pass, stderr: '' });
    const worse = await started('compare --baseline main 4');
    expect(worse).toMatchObject({ code: EXIT.regression, stderr: '' });
    expect(worse.stdout).toContain('base       baseline main of 2026-10-03 02:00: 3 repetitions');
    expect(worse.stdout).toMatch(/history: p50 response time .* 3 earlier results since\s+2026-10-01/);
    expect(await run('compare 5 --baseline')).toMatchObject({ code: EXIT.pass });
    expect(await run('compare --baseline 5')).toMatchObject({ code: EXIT.pass });
  });

  it('puts the history into the document, and leaves the verdict to the comparison', async () => {
    const { run, save } = folderWith(1000, 1001, 1000, 1002, 1001, 1020);
    for (const at of [1, 2, 3, 4, 5]) await save(at);
    const { code, stdout } = await run('compare --baseline main 6 --json');
    const document = JSON.parse(stdout);
    expect(code).toBe(EXIT.pass);
    expect(document.verdict.status).toBe('same');
    expect(document.history).toMatchObject([{ results: 5, outlier: 'above' }]);
  });

  it('takes the branch that a pull request is for', async () => {
    const { run, save } = folderWith(1000, 1000);
    await save(1, '--branch release');
    expect(await run('compare --baseline 2', { GITHUB_BASE_REF: 'release' })).toMatchObject({
      code: EXIT.pass,
    });
    expect(await run('compare --baseline 2')).toMatchObject({ code: EXIT.usage });
  });

  it('finds a result by its name', async () => {
    const { run, save } = folderWith(1000, 2000, 1000);
    await save(1, '--branch main --name v1');
    await save(2);
    expect((await run('compare --baseline v1 3')).stdout).toContain('baseline v1 of 2026-10-01');
  });

  it('says in a first run how to go on', async () => {
    const { run } = folderWith(1000);
    const { code, stdout, stderr } = await run('compare --baseline 1');
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
    expect(stderr).toContain('.paceline/baselines holds no baseline "main"');
    expect(stderr).toContain('nothing is stored');
    expect(stderr).toContain('paceline baseline save 1/result.json');
  });

  it('says of each key that is stored in what it differs', async () => {
    const load = { rate: '900/s', duration: '10s' };
    const { run, save } = folderWith(
      { responseUs: 1, machine: { cores: 4 } },
      { responseUs: 1, profile: { load } },
      { responseUs: 1, variants: ['a', 'b'] },
      1000,
      1000,
    );
    for (const at of [1, 2, 3, 5]) await save(at);
    await save(4, '--branch next');
    const { code, stderr } = await run('compare --baseline main 5');
    expect(code).toBe(EXIT.usage);
    const lines = stderr.trim().split('\n').slice(1).sort();
    expect(lines).toHaveLength(4);
    expect(stderr).toContain('is of another machine, AMD EPYC 7B13, 4 cores, Linux, Node.js 20');
    expect(stderr).toContain('is of another workload (load.rate is 900/s instead of 400/s)');
    expect(stderr).toContain('is of branch "next"');
    expect(stderr).toContain('is the candidate itself');
  });
});

describe('paceline baseline save', () => {
  it('takes the branch from the CI system, and names what it stored', async () => {
    const { cwd, run } = folderWith(1000);
    const { code, stdout } = await run('baseline save 1', { GITHUB_REF_NAME: 'main' });
    expect(code).toBe(EXIT.pass);
    expect(stdout).toMatch(/^saved: \.paceline\/baselines\/main\//);
    expect(readdirSync(join(cwd, '.paceline', 'baselines'))).toEqual(['main']);
  });

  it.each([
    { what: 'no branch', flags: '', prepare: (): void => undefined, says: 'give --branch NAME' },
    {
      what: 'a truncated result',
      flags: ' --branch main',
      prepare: (file: string): void => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 500)),
      says: 'is not JSON',
    },
    {
      what: 'a result in which nothing worked',
      flags: ' --branch main',
      prepare: (file: string): void =>
        writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/"ok":\d+/g, '"ok":0')),
      says: 'not one call ended ok',
    },
    {
      what: 'a result without a whole repetition',
      flags: ' --branch main',
      prepare: (file: string): void =>
        writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"complete":true', '"complete":false')),
      says: 'no repetition ran to the end',
    },
  ])('refuses $what', async ({ flags, prepare, says }) => {
    const { cwd, run } = folderWith(1000);
    prepare(join(cwd, '1', 'result.json'));
    const { code, stdout, stderr } = await run(`baseline save 1${flags}`);
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
    expect(stderr).toContain(says);
    expect(readdirSync(cwd)).toEqual(['1']);
  });

  it('refuses a folder that cannot be written', async () => {
    const { run } = folderWith(1000);
    const { code, stderr } = await run('baseline save 1 --branch main --dir 1/result.json/x');
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('--dir: cannot write to 1/result.json/x (ENOTDIR)');
  });
});

describe('paceline baseline list', () => {
  it('lists results below their branch, workload and machine', async () => {
    const { run, started, save } = folderWith({ responseUs: 1000, commit: 'a'.repeat(40) }, 1000, 1000);
    await save(1, '--branch main --name v1');
    await save(2);
    await save(3, '--branch next');
    const { stdout } = await started('baseline list');
    expect(stdout.match(/^(main|next): Nightly, workload \w{12}$/gm)).toHaveLength(2);
    expect(stdout).toMatch(/2026-10-01 02:00 {2}aaaaaaaaaa {2}v1 {2}\.paceline\/baselines\/main\//);
    const { baselines } = JSON.parse((await run('baseline list --json')).stdout);
    expect(baselines.map(({ branch }: { branch: string }) => branch)).toEqual(['main', 'main', 'next']);
  });

  it('says when there are none', async () => {
    const { run } = folderWith();
    expect(await run('baseline list')).toMatchObject({
      code: EXIT.pass,
      stdout: 'no baselines in .paceline/baselines; paceline baseline save RESULT stores one\n',
    });
  });
});
