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
];

/** Tunes all threads started after this call. */
export function tuneV8(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
}

/** Bytes of bytecode after which V8 considers whether a function is to be compiled: its own value by its version. Others have no such flag. */
const BUDGETS: Readonly<Record<string, number>> = { '11.3': 67_584 };
/** A quarter of it. */
const EARLY = 16_000;

/**
 * Lets V8 compile code early in all threads, until the function that is returned is called. At a low rate, code would become hot over many seconds, and be slow until
 * then and compiled beside calls that are due. Only during a load: while code is loaded, it would compile what hardly runs, and it takes stored code only
 * under the flags under which that was made.
 */
export function compileEarly(): () => void {
  const [major, minor] = process.versions.v8.split('.');
  const budget = BUDGETS[`${major}.${minor}`];
  if (budget === undefined) return () => undefined;
  setFlagsFromString(`--interrupt-budget=${EARLY}`);
  return () => setFlagsFromString(`--interrupt-budget=${budget}`);
}
