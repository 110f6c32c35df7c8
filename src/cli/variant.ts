/** @module The variant that a command works on when it works on one. */
import type { Profile, Variant } from '../profile/settings.ts';
import { UserError } from '../units/user-error.ts';

/** The variant that `--variant` names, without it the first. Throws a {@link UserError} when there is none of that name. */
export function chooseVariant({ variants }: Profile, name: string | undefined): Variant {
  const found = name === undefined ? variants[0] : variants.find((variant) => variant.name === name);
  if (found !== undefined) return found;
  const known = variants.map((variant) => `"${variant.name}"`).join(', ');
  throw new UserError({
    where: '--variant',
    what: `the profile has no variant "${name}"`,
    expected: `one of ${known}`,
  });
}
