/** @module Lets a stopped process go on when we are gone: stopped, it cannot notice that itself, and would stay for ever. */
import { spawn } from 'node:child_process';

/** Waits for the end of its input, which comes when it is closed, or when we end, however that is. */
const SCRIPT = 'read -r _; kill -CONT "$0"';

/** Sees to it that process `pid` gets a SIGCONT when this process ends, even by kill -9, or when the function it gives is called. */
export function wakeWhenGone(pid: number): () => void {
  const guard = spawn('/bin/sh', ['-c', SCRIPT, String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A session of its own, so that neither Ctrl-C nor a terminal that closes ends it first.
    detached: true,
  });
  // Nothing is lost without it, as long as we are here to wake the process ourselves.
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  return () => void guard.stdin.end();
}
