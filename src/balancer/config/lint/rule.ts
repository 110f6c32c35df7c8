/** @module A lint rule: its severity, its reason, and one check for every kind of file in which the mistake can exist. */
import type { EnvoyConfig } from './envoy/config.ts';
import type { Severity, Spot } from './finding.ts';
import type { HaproxyConfig } from './haproxy/config.ts';
import type { KubernetesConfig } from './kubernetes/config.ts';
import type { NginxConfig } from './nginx/config.ts';

/** A file after parsing, by kind. */
interface Configs {
  readonly nginx: NginxConfig;
  readonly haproxy: HaproxyConfig;
  readonly envoy: EnvoyConfig;
  readonly kubernetes: KubernetesConfig;
}

/** One occurrence of a rule's mistake. */
export interface Hit {
  readonly at: Spot;
  readonly what: string;
  readonly fix: string;
  /** Overrides the rule's severity for this occurrence. */
  readonly severity?: Severity;
  /** Overrides the rule's reason for this occurrence. */
  readonly why?: string;
}

/** A mistake that the linter detects. A check returns an empty list for a file without it. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly why: string;
  readonly checks: { readonly [Kind in keyof Configs]?: (config: Configs[Kind]) => readonly Hit[] };
}
