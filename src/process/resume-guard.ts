/** @module Resumes a stopped process when this one ends: stopped, it cannot notice that itself, and would stay. */
import { spawn } from 'node:child_process';

/** Waits for the end of its input, which comes when it is closed, or when this process ends, however it ends. */
const SCRIPT = 'read -r _; kill -CONT "$0"';

/** Sends SIGCONT to process `pid` when this process ends, even by kill -9, or when the returned function is called. */
export function resumeWhenGone(pid: number): () => void {
  const guard = spawn('/bin/sh', ['-c', SCRIPT, String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A session of its own, so that neither Ctrl-C nor a closing terminal ends it first.
    detached: true,
  });
  // Without the guard nothing is lost as long as this process lives and resumes the other one itself.
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  return () => void guard.stdin.end();
}
