/** @module Selects the variants that a command works on. */
import { parseThreshold } from '../profile/section/threshold.ts';
import type { Profile, Variant } from '../profile/settings.ts';
import { boundedMetrics } from '../result/measure/metrics.ts';
import { UserError } from '../units/user-error.ts';

/** The variant named by `--variant`, or the first one. Throws a {@link UserError} when no variant has that name. */
export function chooseVariant(profile: Profile, name: string | undefined): Variant {
  return name === undefined ? profile.variants[0]! : findVariant(profile, name);
}

/**
 * `profile` with only the variants in `names`, in the order of the profile, and without thresholds for other variants; the
 * whole profile when `names` is empty. Throws a {@link UserError} for an unknown name.
 */
export function selectVariants(profile: Profile, names: readonly string[]): Profile {
  if (names.length === 0) return profile;
  const chosen = new Set(names.map((name) => findVariant(profile, name)));
  const isFor = (text: string): boolean => {
    const threshold = parseThreshold(text, boundedMetrics());
    const variant = 'where' in threshold ? undefined : threshold.variant;
    return variant === undefined || names.includes(variant);
  };
  const variants = profile.variants.filter((variant) => chosen.has(variant));
  const isRun = (base: string | undefined): boolean => variants.some(({ name }) => name === base);
  return {
    ...profile,
    variants,
    thresholds: profile.thresholds.filter(isFor),
    notices: [
      ...profile.notices,
      ...variants.flatMap(({ name, base }) =>
        base === undefined || isRun(base)
          ? []
          : `"${name}" is not compared: its base, "${base}", is not among the variants that are run`,
      ),
    ],
  };
}

function findVariant({ variants }: Profile, name: string): Variant {
  const found = variants.find((variant) => variant.name === name);
  if (found !== undefined) return found;
  const known = variants.map((variant) => `"${variant.name}"`).join(', ');
  throw new UserError({
    where: '--variant',
    what: `the profile has no variant "${name}"`,
    expected: `one of ${known}`,
  });
}
