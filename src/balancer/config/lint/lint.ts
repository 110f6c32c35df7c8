/** @module Lints a balancer's configuration for settings that break MCP: a pure function from text to findings. */
import type { ConfigKind } from '../../../profile/balancer-kinds.ts';
import { detectKind } from './detect.ts';
import { readEnvoy } from './envoy/config.ts';
import type { Finding, LintResult } from './finding.ts';
import { readHaproxy } from './haproxy/config.ts';
import { readKubernetes } from './kubernetes/config.ts';
import { readNginx } from './nginx/config.ts';
import type { Hit, Rule } from './rule.ts';
import { RULES } from './rules.ts';
import { parseTrees } from './tree/parse.ts';

/** How to read the text. */
export interface LintOptions {
  /** The file name in messages. */
  readonly file: string;
  /** @default detected from the content */
  readonly kind?: ConfigKind;
}

/**
 * The findings for a configuration, in line order.
 * Throws a `UserError` when the text cannot be parsed (with the line), or its kind cannot be detected.
 *
 * @example
 * ```ts
 * const { findings } = lintConfig(await readFile('nginx.conf', 'utf8'), { file: 'nginx.conf' });
 * for (const { line, what, fix } of findings) console.log(`${line}: ${what} (${fix})`);
 * ```
 */
export function lintConfig(text: string, { file, kind = detectKind(text, file) }: LintOptions): LintResult {
  const check = checkerOf(text, file, kind);
  const found = RULES.flatMap((rule) => check(rule).map((hit) => findingOf(rule, hit)));
  return { kind, findings: distinct(found).sort(byPlace) };
}

function checkerOf(text: string, file: string, kind: ConfigKind): (rule: Rule) => readonly Hit[] {
  if (kind === 'nginx') {
    const config = readNginx(text, file);
    return ({ checks }) => checks.nginx?.(config) ?? [];
  }
  if (kind === 'haproxy') {
    const config = readHaproxy(text, file);
    return ({ checks }) => checks.haproxy?.(config) ?? [];
  }
  const trees = parseTrees(text, file);
  if (kind === 'envoy') {
    const config = readEnvoy(trees);
    return ({ checks }) => checks.envoy?.(config) ?? [];
  }
  const config = readKubernetes(trees);
  return ({ checks }) => [...(checks.kubernetes?.(config) ?? []), ...(checks.envoy?.(config.patches) ?? [])];
}

const findingOf = (rule: Rule, { at, what, fix, why, severity }: Hit): Finding => ({
  rule: rule.id,
  severity: severity ?? rule.severity,
  line: at.line,
  ...(at.column === undefined ? {} : { column: at.column }),
  what,
  why: why ?? rule.why,
  fix,
});

/** One finding for each position: several sections can inherit the same default. */
function distinct(findings: readonly Finding[]): Finding[] {
  const byKey = new Map(
    findings.map((finding) => [`${finding.rule} ${finding.line}:${finding.column} ${finding.what}`, finding]),
  );
  return [...byKey.values()];
}

const byPlace = (left: Finding, right: Finding): number =>
  left.line - right.line || (left.column ?? 0) - (right.column ?? 0) || left.rule.localeCompare(right.rule);
