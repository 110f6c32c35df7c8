import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { processesOf, scratch, startIn } from './paceline.ts';

const PROFILE = `
version: 1
load: { rate: 20/s, warmup: 0s, duration: 500ms, agents: 2, connections: 2 }
calls: [{ tool: echo, arguments: { text: hi } }]
fleet: { server: { command: node server.mjs }, instances: 1 }
`;

it('paceline ab leaves no worktree after kill -9', { timeout: 60_000 }, async () => {
  const [folder, temporary] = [scratch(), scratch()];
  const git = (...args: readonly string[]): string => {
    const who = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false'];
    return execFileSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  };
  const left = (): readonly unknown[] => [
    git('worktree', 'list', '--porcelain').match(/^worktree /gm)?.length,
    readdirSync(temporary).filter((name) => name.startsWith('paceline-ab-')).length,
  ];
  writeFileSync(join(folder, 'profile.yaml'), PROFILE);
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'only');
  const flags = ['--a-ref', 'HEAD', '--b-ref', 'HEAD', '--build', 'sleep 60'];
  const running = startIn({ cwd: folder, env: { TMPDIR: temporary } }, 'ab', 'profile.yaml', ...flags);
  await running.said('building a');
  const started = await processesOf(running, 2);
  expect(left()).toEqual([3, 1]);
  running.process.kill('SIGKILL');
  await vi.waitFor(() => expect(left()).toEqual([1, 0]), { timeout: 10_000, interval: 50 });
  for (const pid of started) endIfAlive(pid);
});

/** The build is not ended by the death of its starter. */
function endIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
