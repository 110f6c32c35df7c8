/** @module Proves that the linter finds every planted mistake at its line, and reports nothing in the corrected versions. */
import { describe, expect, it } from 'vitest';
import { corpus } from './corpus.case.ts';
import { lintConfig } from './lint.ts';
import { RULES } from './rules.ts';

const bad = corpus.filter(({ name }) => name.includes('.bad.'));
const healthy = corpus.filter(({ name }) => !name.includes('.bad.'));

const found = (text: string, file: string): readonly string[] =>
  lintConfig(text, { file }).findings.map(({ line, rule }) => `${line} ${rule}`);

describe('the corpus of configurations', () => {
  it.each(bad)('$name: yields exactly the planted findings', ({ text, name, expected }) => {
    expect(expected.length).toBeGreaterThan(0);
    expect([...found(text, name)].sort()).toEqual([...expected].sort());
  });

  it.each(healthy)('$name: has no finding', ({ text, name }) => {
    expect(found(text, name)).toEqual([]);
  });

  it.each(corpus)('$name: is recognised by its content', ({ text, name, kind }) => {
    expect(lintConfig(text, { file: name }).kind).toBe(kind);
  });

  it.each(bad)('$name: has a corrected version', ({ name }) => {
    expect(healthy.map((file) => file.name)).toContain(name.replace('.bad.', '.ok.'));
  });

  it.each(RULES.flatMap((rule) => Object.keys(rule.checks).map((kind) => ({ id: rule.id, kind }))))(
    '$id is planted for $kind',
    ({ id, kind }) => {
      const planted = bad.filter((file) => file.kind === kind).flatMap(({ expected }) => expected);
      expect(planted.some((each) => each.endsWith(` ${id}`))).toBe(true);
    },
  );
});
