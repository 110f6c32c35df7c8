import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../../units/scratch.case.ts';
import { baseBranchHere, branchHere, revisionHere } from './git.ts';

const folder = scratch();
const repository = join(folder, 'repository');
const outside = join(folder, 'outside');
/** No repository above the scratch folder is found, and no settings of the user. */
const ENV = {
  PATH: process.env['PATH'],
  GIT_CEILING_DIRECTORIES: folder,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

const git = (...args: readonly string[]): string =>
  execFileSync(
    'git',
    ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false', ...args],
    { cwd: repository, env: ENV, encoding: 'utf8' },
  ).trim();

beforeAll(() => {
  mkdirSync(repository);
  mkdirSync(outside);
  git('init', '-q', '-b', 'feature/cache');
  writeFileSync(join(repository, 'code.js'), '1\n');
  git('add', '.');
  git('commit', '-q', '-m', 'One');
});

describe('the revision', () => {
  it('is that of the head, and clean with files that git does not track', async () => {
    writeFileSync(join(repository, 'result.json'), '{}');
    const commit = git('rev-parse', 'HEAD');
    expect(await revisionHere({ cwd: repository, env: ENV })).toEqual({ commit, isDirty: false });
  });

  it('is dirty when a tracked file was changed', async () => {
    writeFileSync(join(repository, 'code.js'), '2\n');
    expect(await revisionHere({ cwd: repository, env: ENV })).toMatchObject({ isDirty: true });
    git('checkout', '-q', 'code.js');
  });

  it.each([{ GITHUB_SHA: 'abc' }, { CI_COMMIT_SHA: 'abc' }])(
    'outside of a repository is that of %o',
    async (env) => {
      expect(await revisionHere({ cwd: outside, env: { ...ENV, ...env } })).toEqual({ commit: 'abc' });
    },
  );

  it('is unknown before the first commit', async () => {
    const empty = join(folder, 'empty');
    execFileSync('git', ['init', '-q', empty], { env: ENV });
    expect(await revisionHere({ cwd: empty, env: ENV })).toBeUndefined();
  });

  it('is unknown outside of a repository, and without git', async () => {
    expect(await revisionHere({ cwd: outside, env: ENV })).toBeUndefined();
    expect(await revisionHere({ cwd: repository, env: { ...ENV, PATH: outside } })).toBeUndefined();
  });
});

describe('the branch', () => {
  it('is the one that is checked out, whatever a CI system says', async () => {
    expect(await branchHere({ cwd: repository, env: { ...ENV, GITHUB_REF_NAME: 'main' } })).toBe(
      'feature/cache',
    );
  });

  it.each([
    { env: { GITHUB_REF_NAME: 'main' }, branch: 'main' },
    { env: { CI_COMMIT_REF_NAME: 'main' }, branch: 'main' },
    { env: { GITHUB_REF_NAME: '12/merge', GITHUB_HEAD_REF: 'feature/cache' }, branch: 'feature/cache' },
    { env: { GITHUB_REF_NAME: 'main', GITHUB_HEAD_REF: '' }, branch: 'main' },
    { env: {}, branch: undefined },
  ])('of a detached head with $env is $branch', async ({ env, branch }) => {
    git('checkout', '-q', '--detach');
    expect(await branchHere({ cwd: repository, env: { ...ENV, ...env } })).toBe(branch);
    git('checkout', '-q', 'feature/cache');
  });

  it.each([
    { env: { GITHUB_BASE_REF: 'release' }, branch: 'release' },
    { env: { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'next', CI_DEFAULT_BRANCH: 'main' }, branch: 'next' },
    { env: { CI_DEFAULT_BRANCH: 'trunk' }, branch: 'trunk' },
    { env: {}, branch: 'main' },
  ])('to compare with under $env is $branch', ({ env, branch }) => {
    expect(baseBranchHere(env)).toBe(branch);
  });
});
