/** @module `paceline balancer lint FILE`: finds settings in a balancer's configuration that break MCP. */
import { readFile } from 'node:fs/promises';
import type { Finding } from '../balancer/config/lint/finding.ts';
import { lintConfig } from '../balancer/config/lint/lint.ts';
import { CONFIG_KINDS, type ConfigKind } from '../profile/balancer-kinds.ts';
import { UserError } from '../units/user-error.ts';
import { EXIT } from './exit.ts';
import { openTerminal } from './terminal.ts';

export interface LintOptions {
  /** One of {@link CONFIG_KINDS}; detected from the content when absent. */
  readonly kind?: string;
  readonly json: boolean;
}

/** Lints the file at `path`; resolves with `threshold` when it finds an error. Warnings alone pass. */
export async function lint(path: string, { kind, json }: LintOptions): Promise<number> {
  const terminal = openTerminal({ quiet: false, data: json });
  const text = await readConfig(path);
  const chosen = kind === undefined ? {} : { kind: kindOf(kind) };
  const result = lintConfig(text, { file: path, ...chosen });
  if (json) await terminal.print(`${JSON.stringify({ file: path, ...result }, null, 2)}\n`);
  else {
    for (const finding of result.findings) for (const line of linesOf(path, finding)) terminal.tell(line);
    terminal.tell(summaryOf(path, result.kind, result.findings));
  }
  return result.findings.some(({ severity }) => severity === 'error') ? EXIT.threshold : EXIT.pass;
}

async function readConfig(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(
      { where: path, what: `cannot be read (${cause.code})`, expected: 'a balancer configuration' },
      { cause },
    );
  });
}

function kindOf(text: string): ConfigKind {
  const kind = CONFIG_KINDS.find((each) => each === text);
  if (kind !== undefined) return kind;
  throw new UserError({
    where: '--kind',
    what: `unknown kind of configuration "${text}"`,
    expected: CONFIG_KINDS.join(', '),
  });
}

const linesOf = (file: string, { line, severity, rule, what, why, fix }: Finding): readonly string[] => [
  `${file}:${line}: ${severity} ${rule}`,
  `  what  ${what}`,
  `  why   ${why}`,
  `  fix   ${fix}`,
];

function summaryOf(file: string, kind: ConfigKind, findings: readonly Finding[]): string {
  const count = (severity: string, word: string): string => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return `${number} ${word}${number === 1 ? '' : 's'}`;
  };
  return `${file} (${kind}): ${count('error', 'error')}, ${count('warning', 'warning')}`;
}
