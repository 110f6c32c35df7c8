/** @module The linter's result: findings with a line, a reason and a fix. */
import type { ConfigKind } from '../../../profile/balancer-kinds.ts';

/** `error`: loses calls, sessions or events. `warning`: depends on the servers or clients, or costs time without breaking anything. */
export type Severity = 'error' | 'warning';

/** A position in the text; lines and columns count from 1. */
export interface Spot {
  readonly line: number;
  readonly column?: number;
}

/** One mistake found in a file. */
export interface Finding extends Spot {
  /** Kebab-case id of the rule, as in `docs/lint.md`. */
  readonly rule: string;
  readonly severity: Severity;
  /** What is wrong. */
  readonly what: string;
  /** Why it matters. */
  readonly why: string;
  /** How to fix it. */
  readonly fix: string;
}

/** All findings of one file, in line order. */
export interface LintResult {
  readonly kind: ConfigKind;
  readonly findings: readonly Finding[];
}
