/** @module Runs profiles for the truth of authorization, and what is read from their results. */
import type { VariantResult } from '../src/result/document.ts';
import type { AuthFigures } from '../src/result/measure/auth-figures.ts';
import { runProfile } from './run-profile.ts';

/** The variants of a profile as they were measured, by name. `lines` are its parts beside load and calls. */
export function measureVariants(
  { rate, seconds, agents = 20 }: LoadOf,
  lines: readonly string[],
  seed = 1,
): Promise<ReadonlyMap<string, VariantResult>> {
  return runProfile(
    [
      `load: { rate: ${rate}/s, arrivals: poisson, warmup: 1s, duration: ${seconds}s, agents: ${agents} }`,
      'calls: [{ tool: echo, arguments: { text: hello } }]',
      ...lines,
    ],
    seed,
  );
}

export interface LoadOf {
  /** Calls per second. */
  readonly rate: number;
  readonly seconds: number;
  readonly agents?: number;
}

/** The figures of a variant. Throws when it has none: then nothing was measured. */
export function authOf(variants: ReadonlyMap<string, VariantResult>, name: string): AuthFigures {
  const figures = variants.get(name)?.summary?.auth;
  if (figures === undefined) throw new Error(`the variant "${name}" has no figures of authorization`);
  return figures;
}
