/** @module Tunes garbage collection in load threads: it should be rare, and not triggered by garbage from before the load. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Nearly all garbage of a load is young: with 16 MB from the start (which is where V8 would end up, after a minute) a
 * thread collects four times less often, and alone it is done sooner than with helpers that have to be woken up on cores
 * which the servers need.
 */
const FLAGS = [
  '--min-semi-space-size=16',
  // Of the main thread, which is there before its flags can be set: it would grow in small steps while code is loaded.
  '--semi-space-growth-factor=16',
  '--no-parallel-scavenge',
  // For `collectNow`, and as early as the others: V8 takes compiled code only under the flags under which it was made.
  '--expose-gc',
];

/** Tunes all threads started after this call. */
export function tuneCollection(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
}

let collect: ((options?: { readonly type: 'minor' }) => void) | undefined;

/**
 * Collects this thread's garbage now: all of it, or what has been made since. What loading the code left would otherwise be collected,
 * and what stays of it be copied twice, in the first seconds of the load: 7 ms and 10 ms in which no call is sent.
 */
export function collectNow(what: 'all' | 'latest'): void {
  if (collect === undefined) {
    // All threads share the flag: switched off again by one, it would be off for another one here.
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as NonNullable<typeof collect>;
  }
  if (what === 'all') collect();
  else collect({ type: 'minor' });
}
