/** @module Reads the text of a profile for an experiment, in which thresholds can bound every metric of the results. */
import { parseProfile as parse, type ReadOptions } from '../profile/profile.ts';
import type { Profile } from '../profile/settings.ts';
import { boundedMetrics } from '../result/measure/metrics.ts';
import { withTraces } from './replayed-trace.ts';

/** Options for reading a profile. */
export interface ParseOptions extends Omit<ReadOptions, 'metrics'> {
  /**
   * Names the profile in problems; paths in the profile are relative to its folder.
   * @default profile.yaml in the current folder
   */
  readonly file?: string;
}

/**
 * The profile in the YAML `text`, with every variant complete and ready to run. Throws a `UserError` with every problem of the
 * text, each with line and column.
 *
 * @example
 * ```ts
 * const profile = parseProfile(`
 * version: 1
 * load: { rate: 100/s, duration: 5s }
 * calls: [{ list: tools }]
 * target: { url: "http://127.0.0.1:3000/mcp" }
 * `);
 * ```
 */
export function parseProfile(text: string, options: ParseOptions = {}): Profile {
  const { file = 'profile.yaml', ...flags } = options;
  return withTraces(parse(text, file, { ...flags, metrics: boundedMetrics() }));
}
