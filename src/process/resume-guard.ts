/** @module Resumes a stopped process when this one ends: a stopped process cannot detect that, and would never end. */
import { spawn } from 'node:child_process';

/** Waits for the end of its input: when the input is closed, or when this process ends for whatever reason. */
const SCRIPT = 'read -r _; kill -CONT "$0"';

/** Sends SIGCONT to process `pid` when this process ends, even by kill -9, or when the returned function is called. */
export function resumeWhenGone(pid: number): () => void {
  const guard = spawn('/bin/sh', ['-c', SCRIPT, String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Its own session, so that neither Ctrl-C nor a closing terminal ends it first.
    detached: true,
  });
  // If the guard fails to start, this process still resumes the other one itself, as long as it is not killed.
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  return () => void guard.stdin.end();
}
