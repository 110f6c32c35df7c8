/** @module `paceline run PROFILE`: measures a profile, makes each of its calls once, or prints the plan of a measurement. */

import { readProfile } from '../experiment/parse-profile.ts';
import type { Thread } from '../generator/engine/thread.ts';
import { type MeasureOptions, measure } from './measure.ts';
import { profileFlags } from './options.ts';
import { openTerminal } from './terminal.ts';
import { selectVariants } from './variants.ts';

export interface RunOptions extends MeasureOptions {
  /** Only these variants; empty: all. */
  readonly variant: readonly string[];
  readonly plan: boolean;
  readonly once: boolean;
}

/** Runs the profile at `path`; the first trial runs on `thread`. Resolves with the exit code. */
export async function run(path: string, options: RunOptions, thread: Thread): Promise<number> {
  const terminal = openTerminal(options);
  const profile = selectVariants(await readProfile(path, profileFlags(options)), options.variant);
  // Loaded only when needed, so that a measurement starts fast.
  if (options.plan) return (await import('./plan.ts')).printPlan(profile, options, terminal);
  if (options.once) return (await import('./once.ts')).once(profile, options, terminal);
  return measure(profile, path, options, terminal, thread);
}
