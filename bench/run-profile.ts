/** @module Runs a profile given as lines, for the sections that compare what results say with what is known beforehand. */
import { runExperiment } from '../src/experiment/experiment.ts';
import { parseProfile } from '../src/experiment/parse-profile.ts';
import type { VariantResult } from '../src/result/document.ts';

/** The variants of the profile with these lines after its version, as they were measured, by name. */
export async function runProfile(
  lines: readonly string[],
  seed = 1,
): Promise<ReadonlyMap<string, VariantResult>> {
  const profile = parseProfile(['version: 1', ...lines].join('\n'));
  const { variants } = await runExperiment({ profile, seed }).result();
  return new Map(variants.map((variant) => [variant.name, variant]));
}
