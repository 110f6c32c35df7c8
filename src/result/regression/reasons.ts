/** @module Why a change is undecided, as clauses for people. */
import type { Change } from './document.ts';

export const REASONS: Readonly<Record<NonNullable<Change['because']>, string>> = {
  'too-few-repetitions': 'fewer than 3 repetitions ran to the end on both sides',
  'no-samples': 'a repetition has no value of it',
  'one-side-only': 'it was measured on one side only',
  'generator-bound': 'the generator was the bottleneck in a repetition',
  'unlike-failures': 'the better side failed more calls, and failed calls may be answered fast',
  'nothing-worked': 'on one side, not one call ended ok',
  'unlike-sides': 'the sides cannot be compared',
  'wide-interval': 'the interval allows more than one answer',
};
