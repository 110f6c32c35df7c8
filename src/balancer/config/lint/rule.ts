/** @module A lint rule: what it is about, and one check for every kind of file where the mistake can exist. */
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
  /** When this occurrence is graver or milder than the rule's own severity. */
  readonly severity?: Severity;
  /** When this occurrence has a reason of its own. */
  readonly why?: string;
}

/** A mistake the linter knows. A check returns nothing for a file that does not have it. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly why: string;
  readonly checks: { readonly [Kind in keyof Configs]?: (config: Configs[Kind]) => readonly Hit[] };
}
