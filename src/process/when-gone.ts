/** @module Leaves a last action to a shell that outlives this process: it happens even after kill -9. */
import { spawn } from 'node:child_process';

/** Sends SIGCONT to process `pid` when this process ends, or when the returned function is called: a stopped process cannot detect that, and would never end. */
export const resumeWhenGone = (pid: number): (() => void) => whenGone('kill -CONT "$0"', String(pid));

/** Removes `folder`, an absolute path, when this process ends, or when the returned function is called. */
export const removeWhenGone = (folder: string): (() => void) => whenGone('rm -rf "$0"', folder);

/** Removes `folder`, which holds worktrees of the git repository at `top`, as {@link removeWhenGone} does; the repository then forgets them. */
export const removeWorktreesWhenGone = (folder: string, top: string): (() => void) =>
  whenGone('rm -rf "$0"; git -C "$1" worktree prune', folder, top);

/** `read` waits for the end of its input: until that is closed, or this process ends for whatever reason. */
function whenGone(action: string, ...subjects: readonly string[]): () => void {
  const shell = spawn('/bin/sh', ['-c', `read -r _; ${action}`, ...subjects], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Its own session, so that neither Ctrl-C nor a closing terminal ends it first.
    detached: true,
  });
  // If the shell fails to start, this process still acts itself, as long as it is not killed.
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  return () => void shell.stdin.end();
}
