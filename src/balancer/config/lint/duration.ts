/** @module Reads durations in the notations of the four languages, in milliseconds. */
import type { Millis } from '../../../units/time.ts';

const UNIT_MS: Readonly<Record<string, Millis>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/** A longer text is not a duration. */
const LENGTH_LIMIT = 60;

/**
 * Reads `30`, `30s`, `1h30m`, `1.5s`. `bare` is the milliseconds of a number without a unit. Undefined for any other text, such as a variable.
 * nginx: `s` by default, no fractions. HAProxy: `ms`. Envoy and Kubernetes: a unit is required.
 */
export function readDuration(text: string, bare?: Millis): Millis | undefined {
  if (text.length > LENGTH_LIMIT) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) {
    if (bare !== undefined) return Number(text) * bare;
    return Number(text) === 0 ? 0 : undefined;
  }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(us|ms|[smhdwMy])\s*/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit!]!, 0);
}
