/** @module Leaves a last action to a shell that outlives this process: it happens even after kill -9. */
import { spawn } from 'node:child_process';

/** Sends SIGCONT to process `pid` when this process ends, or when the returned function is called: a stopped process cannot detect that, and would never end. */
export const resumeWhenGone = (pid: number): (() => void) => whenGone('kill -CONT "$0"', String(pid));

/** Removes `folder`, an absolute path, when this process ends, or when the returned function is called. */
export const removeWhenGone = (folder: string): (() => void) => whenGone('rm -rf "$0"', folder);

/** `read` waits for the end of its input: until that is closed, or this process ends for whatever reason. */
function whenGone(action: string, subject: string): () => void {
  const shell = spawn('/bin/sh', ['-c', `read -r _; ${action}`, subject], {
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
