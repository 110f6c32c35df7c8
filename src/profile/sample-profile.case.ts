/** @module The smallest profile and changes to it, for tests. */

import { describeProblem, UserError } from '../units/user-error.ts';
import { parseProfile, type ReadOptions } from './profile.ts';
import type { BoundedMetric } from './section/bounded-metric.ts';
import type { Settings } from './settings.ts';

const SCALAR = { isDistribution: false, isDefault: false, byCall: false } as const;
const TIMES = { unit: 'time', isDistribution: true, isDefault: false, byCall: false } as const;

/** Metrics for thresholds in tests: one of each kind. */
export const METRICS: readonly BoundedMetric[] = [
  { ...TIMES, name: 'response_time', isDefault: true, byCall: true, overWindows: true },
  { ...TIMES, name: 'service_time' },
  { ...TIMES, name: 'send_lag' },
  { ...SCALAR, name: 'error_rate', unit: 'share', byCall: true, byInstance: true, overWindows: true },
  { ...SCALAR, name: 'rate', unit: 'rate', overWindows: true },
  { ...SCALAR, name: 'dropped', unit: 'count' },
  { ...SCALAR, name: 'max_over_mean', unit: 'ratio' },
];

const LINES: Readonly<Record<string, string>> = {
  version: 'version: 1',
  load: 'load: { rate: 100/s }',
  calls: 'calls: [{ list: tools }]',
  fleet: 'fleet: {}',
};

/** A valid profile with nothing in it that could be left out. */
export const PROFILE = `${Object.values(LINES).join('\n')}\n`;

/** {@link PROFILE} with some of its lines replaced (`key: value`), left out (`key:`) or added. */
export function withLines(...lines: readonly string[]): string {
  const changed = Object.fromEntries(lines.map((line) => [line.split(':')[0]!, line]));
  const all = Object.values({ ...LINES, ...changed }).filter((line) => !/^\w+:$/.test(line));
  return `${all.join('\n')}\n`;
}

/** Settings of the only variant. */
export function only(text: string, flags?: ReadOptions): Settings {
  const { variants } = parseProfile(text, 'p.yaml', { ...flags, metrics: METRICS });
  if (variants.length !== 1) throw new Error(`expected one variant, got ${variants.length}`);
  return variants[0]!.settings;
}

/** What is wrong with a profile, a line each. */
export function problemsIn(text: string, flags?: ReadOptions): readonly string[] {
  return problemsOf(() => parseProfile(text, 'p.yaml', { ...flags, metrics: METRICS }));
}

/** The problems that `read` throws, a line each. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(describeProblem);
    throw error;
  }
}

/** The problems of {@link PROFILE} with these lines, each as its place and what is wrong. */
export function whatIsWrong(...lines: readonly string[]): readonly string[] {
  try {
    parseProfile(withLines(...lines), 'p.yaml');
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(({ where, what }) => `${where}: ${what}`);
    throw error;
  }
  return [];
}
