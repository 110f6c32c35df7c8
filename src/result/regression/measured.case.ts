/** @module Sides of comparisons for tests, from a few numbers per repetition. */
import type { Repetition } from '../document.ts';
import { type Calls, recordingOf, variantOf } from '../summary/result.case.ts';
import type { Measured, SideVariant } from './sides.ts';

/** A variant whose repetitions have these groups of calls. */
export function sideVariant(
  repetitions: readonly (readonly Calls[])[],
  { name = '', ...over }: Partial<Repetition> & { readonly name?: string } = {},
): SideVariant {
  const { settings, repetitions: measured } = variantOf(
    name,
    repetitions.map((groups) => recordingOf(groups)),
    over,
  );
  return { name, settings, repetitions: measured };
}

/** A variant with 1000 calls in each repetition, all of which took as long. */
export const timed = (
  us: readonly number[],
  over: Partial<Repetition> & { readonly name?: string } = {},
): SideVariant =>
  sideVariant(
    us.map((responseUs) => [{ count: 1000, responseUs }]),
    over,
  );

/** One side of these variants; `over`: what is not as on the other side. */
export function measuredOf(
  variants: readonly SideVariant[],
  {
    side,
    ...over
  }: { readonly side?: Partial<Measured['side']>; readonly profile?: Measured['profile'] } = {},
): Measured {
  const machine = { cpu: 'one', cores: 2, memoryBytes: 1e9, os: 'linux', node: '20.0.0', loadAverage1: 0 };
  const base = {
    label: 'a',
    files: ['a.json'],
    createdAt: '2026-01-01',
    paceline: '1.0.0',
    seed: 1,
    machine,
    repetitions: 3,
    isComplete: true,
  };
  return { profile: {}, variants, ...over, side: { ...base, ...side } };
}
