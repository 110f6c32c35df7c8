/** @module Collects what is wrong with variants, each problem once, with the affected variants. */
import { isDeepStrictEqual } from 'node:util';
import { inVariants } from '../profile/in-variants.ts';
import type { Settings, Variant } from '../profile/settings.ts';
import { type Problem, UserError } from '../units/user-error.ts';

/** Rejects with a {@link UserError} that lists every problem of `variants` once, with the affected variants. */
export async function refuseProblems(
  variants: readonly Variant[],
  problemsOf: (settings: Settings) => Promise<readonly Problem[]>,
): Promise<void> {
  const found: { readonly problem: Problem; readonly names: string[] }[] = [];
  for (const { name, settings } of variants) {
    for (const problem of await problemsOf(settings)) {
      const known = found.find((each) => isDeepStrictEqual(each.problem, problem));
      if (known === undefined) found.push({ problem, names: [name] });
      else known.names.push(name);
    }
  }
  if (found.length === 0) return;
  throw new UserError(
    found.map(({ problem, names }) => {
      // A problem of every variant does not depend on the variant.
      const where = `${problem.where}${inVariants(names.length === variants.length ? [] : names)}`;
      return { ...problem, where };
    }),
  );
}
