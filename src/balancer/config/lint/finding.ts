/** @module What the linter hands back: findings with a line, a reason and a way out. */

/** The configuration languages that can be read. `kubernetes` is any multi-document YAML of Kubernetes, Istio or Gateway API resources. */
export const CONFIG_KINDS = ['nginx', 'haproxy', 'envoy', 'kubernetes'] as const;
export type ConfigKind = (typeof CONFIG_KINDS)[number];

/** `error`: loses calls, sessions or events as it stands. `warning`: depends on the servers or clients, or costs without breaking. */
export type Severity = 'error' | 'warning';

/** A place in the text; lines and columns count from 1. */
export interface Spot {
  readonly line: number;
  readonly column?: number;
}

/** One mistake found in a file. */
export interface Finding extends Spot {
  /** Kebab-case id of the rule, as in `docs/lint.md`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** All findings of one file, in the order of its lines. */
export interface LintResult {
  readonly kind: ConfigKind;
  readonly findings: readonly Finding[];
}
