/** @module Tunes V8 for load threads: its collector should run rarely, and its compiler early. */
import { setFlagsFromString } from 'node:v8';

const FLAGS = [
  // Nearly all garbage of a load is young: with 16 MB from the start (which is where V8 would end up, after a minute) a thread collects four times
  // less often, and alone it is done sooner than with helpers that have to be woken up on cores which the servers need.
  '--min-semi-space-size=16',
  // Of the main thread, which is there before its flags can be set: it would grow in small steps while code is loaded.
  '--semi-space-growth-factor=16',
  '--no-parallel-scavenge',
  // For `collectNow`, and as early as the others: V8 takes compiled code only under the flags under which it was made.
  '--expose-gc',
  // A quarter of V8's own: at a low rate, code would become hot over many seconds, and be slow until then and compiled beside calls that are due. Code that has
  // seen fewer calls is as fast: the throughput of a closed loop is the same.
  '--interrupt-budget=16000',
];

/** Tunes all threads started after this call. */
export function tuneV8(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
}
