/** @module `paceline run PROFILE`: measures a profile, makes each of its calls once, or prints the plan of a measurement. */

import { readProfile } from '../experiment/read-profile.ts';
import { UserError } from '../units/user-error.ts';
import { type MeasureOptions, measure } from './measure.ts';
import { profileFlags } from './options.ts';
import { openTerminal } from './terminal.ts';

export interface RunOptions extends MeasureOptions {
  /** Only these variants; empty: all. */
  readonly variant: readonly string[];
  readonly plan: boolean;
  readonly once: boolean;
}

/** Runs the profile at `path`. Resolves with the exit code. */
export async function run(path: string, options: RunOptions): Promise<number> {
  refuseRivals(options);
  const { quiet, json, format } = options;
  const terminal = openTerminal({ quiet, data: json || format !== undefined });
  const whole = await readProfile(path, profileFlags(options));
  // Loaded only when needed, here and below, so that a measurement starts fast.
  const profile =
    options.variant.length === 0
      ? whole
      : (await import('./variants.ts')).selectVariants(whole, options.variant);
  if (options.plan) return (await import('./plan.ts')).printPlan(profile, options, terminal);
  if (options.once) return (await import('./once.ts')).once(profile, options, terminal);
  return measure(profile, options, terminal);
}

/** Throws a {@link UserError} for flags that ask for different things at once. */
function refuseRivals({ plan, once, json, format, quiet, verbose }: RunOptions): void {
  const rivals = [
    { flags: '--plan and --once', given: plan && once },
    { flags: '--plan and --json', given: plan && json },
    { flags: '--once and --json', given: once && json },
    { flags: '--plan and --format', given: plan && format !== undefined },
    { flags: '--once and --format', given: once && format !== undefined },
    { flags: '--json and --format', given: json && format !== undefined },
    { flags: '--quiet and --verbose', given: quiet && verbose },
  ];
  const problems = rivals
    .filter(({ given }) => given)
    .map(({ flags }) => ({ where: flags, what: 'cannot be combined', todo: 'choose one of them' }));
  if (problems.length > 0) throw new UserError(problems);
}
