/** @module Exit codes, in one documented list. */
import type { Verdict } from '../result/document.ts';
import type { ChangeVerdict } from '../result/regression/document.ts';

export const EXIT = {
  /** Every threshold passed, or none was set. */
  pass: 0,
  /** Internal error. */
  internal: 1,
  /** Bad profile, flag or unreachable target. */
  usage: 2,
  /** A threshold failed. */
  threshold: 3,
  /** Worse than the baseline. */
  regression: 4,
  /** The generator was the bottleneck, or too little was measured to tell. */
  inconclusive: 5,
  interrupted: 130,
} as const;

/** The exit code of a verdict. */
export function exitCodeOf(verdict: Verdict): number {
  const codes = {
    pass: EXIT.pass,
    none: EXIT.pass,
    fail: EXIT.threshold,
    inconclusive: EXIT.inconclusive,
  } as const;
  return codes[verdict.status];
}

/** The exit code of comparisons that ended so: a regression counts for more than what cannot be told. */
export function exitCodeOfChanges(verdicts: readonly ChangeVerdict[]): number {
  if (verdicts.includes('regressed')) return EXIT.regression;
  return verdicts.includes('undecided') ? EXIT.inconclusive : EXIT.pass;
}
