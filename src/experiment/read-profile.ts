/** @module Reads the file of a profile for an experiment. */
import { readProfile as read } from '../profile/profile.ts';
import type { BoundedMetric } from '../profile/section/bounded-metric.ts';
import type { Profile } from '../profile/settings.ts';
import type { ParseOptions } from './parse-profile.ts';

/**
 * The profile in the file at `path`. Rejects with a `UserError` with every problem of the file, each with line and column.
 *
 * @example
 * ```ts
 * const profile = await readProfile('profiles/quickstart.yaml', { set: ['load.rate=50/s'] });
 * ```
 */
export async function readProfile(path: string, options: Omit<ParseOptions, 'file'> = {}): Promise<Profile> {
  const profile = await read(path, { ...options, metrics });
  const replays = profile.variants.some(({ settings }) => settings.load.shape.kind === 'replay');
  return replays ? (await import('./replayed-trace.ts')).withTraces(profile) : profile;
}

/** Loaded when a profile has thresholds, so that the others start sooner. */
const metrics = async (): Promise<readonly BoundedMetric[]> =>
  (await import('../result/measure/metrics.ts')).boundedMetrics();
