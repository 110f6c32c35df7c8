import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gone } from '../../src/process/processes.case.ts';
import { ComparisonDocument } from '../../src/result/regression/document.ts';
import { judge } from './in-process.ts';
import { type Ended, processesOf, profileFile, type Running, scratch, startIn } from './paceline.ts';
import { SERVER, targetOf } from './quick-server.ts';

const profileText = (rest: string, duration = '500ms'): string => `
version: 1
title: Two sides
load: { rate: 20/s, warmup: 0s, duration: ${duration}, agents: 2, connections: 2 }
calls: [{ tool: echo, arguments: { text: hi } }]
${rest}
`;

/** Enough where every second call fails, or each. */
const BRIEF = '200ms';

/** A folder with the server and a profile. */
function folderWith(profile: string): string {
  const folder = scratch();
  writeFileSync(join(folder, 'server.mjs'), SERVER);
  writeFileSync(join(folder, 'profile.yaml'), profile);
  return folder;
}

const FLEET = 'fleet: { instances: 1 }';
/** At whose URL nothing listens. */
const TARGET = 'target: { url: "http://127.0.0.1:9/mcp", era: stateless }';

interface Compared extends Ended {
  readonly comparison: ComparisonDocument;
  readonly files: readonly string[];
}

/** Runs `paceline ab` to its end and reads what it wrote. */
async function compared(folder: string, ...flags: readonly string[]): Promise<Compared> {
  const ended = await startIn({ cwd: folder }, 'ab', 'profile.yaml', '--out', 'out', ...flags).ended;
  const out = join(folder, 'out');
  const comparison = ComparisonDocument.parse(JSON.parse(readFileSync(join(out, 'comparison.json'), 'utf8')));
  return { ...ended, comparison, files: readdirSync(out).sort() };
}

/** Whether a busy machine kept a side from saying anything: then nothing can be decided, as it should be. */
const wasSpoilt = ({ stderr }: Ended): boolean => stderr.includes('says nothing');

describe('paceline ab with two commands', { timeout: 90_000 }, () => {
  it('ends early when the candidate takes four times as long, with exit code 4 and all files', async () => {
    const sides = ['--a', 'node server.mjs 60', '--b', 'node server.mjs 240'];
    const ended = await compared(folderWith(profileText(FLEET)), ...sides, '--json');
    const { comparison, code, stdout, stderr, files } = ended;
    expect(files).toEqual(['comparison.json', 'report.html', 'result.json']);
    expect(JSON.parse(stdout)).toEqual(comparison);
    expect(comparison.base.label).toBe('a: node server.mjs 60');
    expect(comparison.candidate.label).toBe('b: node server.mjs 240');
    expect(comparison.unlike).toEqual([]);
    expect(stderr).toContain('at most 30 pairs of trials, about 2:30 (5 s each)');
    if (wasSpoilt(ended)) return;
    expect([code, comparison.verdict.status]).toEqual([4, 'regressed']);
    expect(comparison.changes[0]).toMatchObject({
      variant: '',
      metric: 'responseTime.p50Us',
      isHeadline: true,
    });
    expect(comparison.changes[0]!.pairs.length).toBeLessThanOrEqual(10);
    expect(stderr).toMatch(/decided after (5|10) pairs/);
  });

  it('says which side does not start, with its output', async () => {
    const folder = folderWith(profileText(FLEET));
    const broken = 'echo it is broken >&2; exit 3';
    const { code, stderr } = await startIn(
      { cwd: folder },
      'ab',
      'profile.yaml',
      '--a',
      'node server.mjs 5',
      '--b',
      broken,
    ).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/paceline: b: echo it is broken.*: instance 1: exited with code 3/);
    expect(stderr).toContain('last lines of output:\nit is broken');
  });

  it('says which target does not answer, with its URL once', async () => {
    const folder = folderWith(profileText(TARGET));
    const target = 'http://127.0.0.1:9/mcp';
    const sides = ['--a-target', target, '--b-target', target];
    const { code, stderr } = await judge({ cwd: folder }, 'ab', 'profile.yaml', ...sides);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^paceline: [ab]: http:\/\/127.0.0.1:9\/mcp: no answer/m);
  });

  const UNUSED = ['--a', 'x', '--b', 'y'];

  it.each([
    [
      ['--budget', '8s'],
      /--budget: is enough for \d pairs? of trials of this profile; expected at least 1\d s, for 3 pairs/,
    ],
    [
      ['--headline', 'responseTime.p49Us'],
      /--headline: unknown metric "responseTime.p49Us".*did you mean "responseTime.p/,
    ],
    [['--budget', 'soon'], /expected a duration such as 90s or 10m/],
    [['--max-pairs', '2'], /expected a whole number of at least 3/],
  ])('refuses %j', async (flags, message) => {
    const cwd = folderWith(profileText(FLEET));
    const { code, stderr } = await judge({ cwd }, 'ab', 'profile.yaml', ...UNUSED, ...flags);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('paceline ab with two targets', { timeout: 90_000 }, () => {
  // That more calls fail is found below, of two revisions.
  it('finds by another headline that fewer calls fail', async () => {
    const sides = ['--a-target', await targetOf(2), '--b-target', await targetOf(0)];
    const headline = ['--headline', 'error_rate', '--max-pairs', '3'];
    const ended = await compared(folderWith(profileText(TARGET, BRIEF)), ...sides, ...headline);
    if (!wasSpoilt(ended)) expect([ended.code, ended.comparison.verdict.status]).toEqual([0, 'improved']);
  });

  it('says that both are the same, and never that the candidate is worse because nothing works', async () => {
    const failing = await targetOf(1);
    const sides = ['--a-target', failing, '--b-target', failing];
    const { code, stderr, comparison } = await compared(folderWith(profileText(TARGET, BRIEF)), ...sides);
    expect(code).toBe(5);
    expect(stderr).toContain('note: both sides are the same');
    expect(stderr).toMatch(/given up after 0 pairs: 3 blocks in a row say nothing/);
    expect(comparison.verdict.status).toBe('undecided');
    expect(comparison.verdict.reasons).toContain('in 3 of 3 blocks, not one call of either side ended ok');
  });
});

/** A repository whose first revision, `old`, is quick, and whose second one fails every second call. */
function repository(duration?: string): string {
  const server = 'fleet: { server: { command: node built.mjs 5 }, instances: 1 }';
  const folder = folderWith(profileText(server, duration));
  const git = (...args: readonly string[]): void => {
    const who = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'pipe' });
  };
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '.');
  git('commit', '--quiet', '--message', 'old');
  git('tag', 'old');
  writeFileSync(join(folder, 'server.mjs'), SERVER.replace('calls % failing', 'calls % 2'));
  git('commit', '--quiet', '--all', '--message', 'new');
  return folder;
}

const BUILD = ['--build', 'cp server.mjs built.mjs'];
const REFS = ['--a-ref', 'old', '--b-ref', 'HEAD'];

/** Starts a comparison of revisions whose worktrees are made below `temporary`. */
function startRevisions(folder: string, temporary: string, ...flags: readonly string[]): Running {
  const surroundings = { cwd: folder, env: { TMPDIR: temporary } };
  return startIn(surroundings, 'ab', 'profile.yaml', '--out', 'out', ...flags);
}

/** Nothing is left of the worktrees, neither their folders nor what the repository knows of them. */
function expectNoWorktree(folder: string, temporary: string): void {
  expect(readdirSync(temporary).filter((name) => name.startsWith('paceline-ab-'))).toEqual([]);
  const listed = execFileSync('git', ['worktree', 'list', '--porcelain'], { cwd: folder, encoding: 'utf8' });
  expect(listed.match(/^worktree /gm)).toHaveLength(1);
}

describe('paceline ab with two revisions', { timeout: 90_000 }, () => {
  it('runs each as it was built in a worktree of its own, and removes them', async () => {
    const [folder, temporary] = [repository(BRIEF), scratch()];
    const headline = ['--headline', 'error_rate', '--max-pairs', '3'];
    const ended = await startRevisions(folder, temporary, ...REFS, ...BUILD, ...headline).ended;
    expectNoWorktree(folder, temporary);
    expect(existsSync(join(folder, 'built.mjs'))).toBe(false);
    const comparison = JSON.parse(
      readFileSync(join(folder, 'out/comparison.json'), 'utf8'),
    ) as ComparisonDocument;
    expect(comparison.base.label).toMatch(/^a: old \([0-9a-f]{10}\)$/);
    expect(comparison.candidate.revision).toMatch(/^[0-9a-f]{10}$/);
    expect(readFileSync(join(folder, 'out/result.json'), 'utf8')).not.toContain('paceline-ab-');
    if (!wasSpoilt(ended)) expect([ended.code, comparison.verdict.status]).toEqual([4, 'regressed']);
  });

  it('shows the end of the output of a build that fails, and where all of it is', async () => {
    const [folder, temporary] = [repository(), scratch()];
    const build = ['--build', 'echo compiling; echo no such module >&2; exit 7'];
    const { code, stderr } = await startRevisions(folder, temporary, ...REFS, ...build).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('the build of a: exited with code 7');
    expect(stderr).toContain('no such module');
    expect(readFileSync(join(folder, 'out/build-a.txt'), 'utf8')).toContain('compiling');
    expectNoWorktree(folder, temporary);
  });

  it('ends with Ctrl-C during a build, and leaves no process', async () => {
    const [folder, temporary] = [repository(), scratch()];
    const running = startRevisions(folder, temporary, ...REFS, '--build', 'sleep 60');
    await running.said('building a');
    const pids = await processesOf(running, 2);
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    await gone(...pids);
    expectNoWorktree(folder, temporary);
  });

  it('ends with Ctrl-C during a trial, keeps what was measured, and leaves no process', async () => {
    const [folder, temporary] = [repository('60s'), scratch()];
    const running = startRevisions(folder, temporary, ...REFS, ...BUILD);
    const pids = await processesOf(running, 2);
    await running.said('at most 30 pairs');
    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('interrupted after 0 pairs');
    await gone(...pids);
    expectNoWorktree(folder, temporary);
    expect(readdirSync(join(folder, 'out'))).toEqual(
      expect.arrayContaining(['comparison.json', 'report.html', 'result.json']),
    );
  });

  it('removes them after a second Ctrl-C, too', async () => {
    const [folder, temporary] = [repository(), scratch()];
    const running = startRevisions(folder, temporary, ...REFS, '--build', 'trap "" TERM INT; sleep 60');
    await running.said('building a');
    await processesOf(running, 2);
    running.process.kill('SIGINT');
    await running.said('interrupted');
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expectNoWorktree(folder, temporary);
  });

  it('refuses revisions that do not exist, each by its flag', async () => {
    const [folder, temporary] = [repository(), scratch()];
    const { code, stderr } = await startRevisions(folder, temporary, '--a-ref', 'none', '--b-ref', '-x')
      .ended;
    expect(code).toBe(2);
    expect(stderr).toContain('--a-ref: the repository has no revision "none"');
    expect(stderr).toContain('--b-ref: the repository has no revision "-x"');
    expectNoWorktree(folder, temporary);
  });

  it('refuses a folder without a repository, a server that is not of it, and one outside of it', async () => {
    const bare = folderWith(profileText('fleet: { server: { command: node server.mjs } }'));
    const noRepository = await judge({ cwd: bare }, 'ab', 'profile.yaml', ...REFS);
    expect(noRepository.stderr).toContain('is not in a git repository');
    const folder = repository();
    const own = profileFile(profileText('fleet: { server: lean }'));
    const ownServer = await judge({ cwd: folder }, 'ab', own, ...REFS);
    expect(ownServer.stderr).toContain('the profile does not start a server of the repository');
    const outside = profileFile(profileText('fleet: { server: { command: node server.mjs } }'));
    const elsewhere = await judge({ cwd: folder }, 'ab', outside, ...REFS);
    expect(elsewhere.stderr).toMatch(/fleet\.server\.cwd: .* is outside of the repository/);
    expect([noRepository.code, ownServer.code, elsewhere.code]).toEqual([2, 2, 2]);
  });
});
