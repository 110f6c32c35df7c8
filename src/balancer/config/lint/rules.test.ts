/** @module Proves that the table of rules, the documentation and the findings agree. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONFIG_KINDS } from '../../../profile/balancer-kinds.ts';
import { corpus } from './corpus.case.ts';
import { lintConfig } from './lint.ts';
import { RULES } from './rules.ts';

const rows = readFileSync(join(import.meta.dirname, '../../../../docs/lint.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));

describe('docs/lint.md', () => {
  it('lists every rule with its severity and the kinds it exists for, and no other', () => {
    const listed = rows.map(([rule, , , , kinds]) => [rule, kinds]);
    const expected = RULES.map(({ id, severity, checks }) => [
      `\`${id}\` ${severity}`,
      CONFIG_KINDS.filter((kind) => checks[kind] !== undefined).join(', '),
    ]);
    expect(listed).toEqual(expected);
  });
});

describe('a finding', () => {
  const findings = corpus.flatMap(({ text, name }) => lintConfig(text, { file: name }).findings);

  it('has what, why and fix, each without a closing full stop', () => {
    for (const { what, why, fix } of findings) {
      for (const sentence of [what, why, fix]) expect(sentence).toMatch(/^\S.{4,}[^.\s]$/);
    }
  });

  it('comes in the order of the lines', () => {
    for (const { text, name } of corpus) {
      const lines = lintConfig(text, { file: name }).findings.map(({ line }) => line);
      expect(lines).toEqual(lines.toSorted((left, right) => left - right));
    }
  });
});
