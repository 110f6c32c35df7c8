import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf } from '../../../test/programs.ts';
import { BUDGETS } from '../../result/regression/budget.ts';
import { compareResults } from '../../result/regression/compare-results.ts';
import type { ComparisonDocument } from '../../result/regression/document.ts';
import { measuredOf, timed } from '../../result/regression/measured.case.ts';
import { comparisonAnnotations } from './github.ts';
import { comparisonJunit } from './junit.ts';
import { comparisonText } from './text.ts';

const SCHEMA = resolve(import.meta.dirname, '../../../test/junit.xsd');
const BASE = [10_000, 10_100, 9_900, 10_050, 9_950];

function compared(candidate: readonly number[], name = ''): ComparisonDocument {
  const sides = [BASE, candidate].map((us) => measuredOf([timed(us, { name })]));
  return compareResults(sides[0]!, sides[1]!, {
    minEffect: 0.05,
    acceptsUnlike: false,
    createdAt: new Date(0),
  });
}

const REGRESSED = compared(BASE.map((us) => Math.round(us * 1.2)));
const SAME = compared(BASE);
const UNDECIDED = compared([10_000, 12_500, 9_000, 11_500, 10_800]);
const HOSTILE = compared([10_000, 12_500, 9_000, 11_500, 10_800], `<a & "b"> ]]>\n::error::x`);

describe('a comparison as JUnit XML', () => {
  it('has a failure for what regressed', () => {
    const xml = comparisonJunit([REGRESSED]);
    expect(xml).toMatch(
      /name="p50 response time \(headline\)"><failure message="\+20\.0 % \[.*\]: 12\.0 ms instead of 10\.00? ms, and a change of 5\.0 % is allowed"\/>/,
    );
    expect(xml).toMatch(/<testsuite .* failures="2" errors="0"/);
  });

  it('skips what is undecided, and says why', () => {
    const xml = comparisonJunit([UNDECIDED]);
    expect(xml).toMatch(
      /<skipped message="undecided: the interval allows more than one answer; about \d+ more/,
    );
    expect(xml).toContain('failures="0"');
  });

  it('passes what is the same', () => {
    expect(comparisonJunit([SAME])).not.toMatch(/<failure|<skipped/);
  });

  it('follows the schema', { tags: ['xmllint'] }, () => {
    const input = comparisonJunit([REGRESSED, SAME, UNDECIDED, HOSTILE]);
    execFileSync(fileOf('xmllint')!, ['--noout', '--schema', SCHEMA, '-'], { input, stdio: 'pipe' });
  });
});

describe('a comparison as annotations', () => {
  it('are an error for a headline metric that regressed, a warning for others', () => {
    const lines = comparisonAnnotations([REGRESSED]).trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^::error title=Paceline%3A a%3A p50 response time regressed::\+20\.0 %25 /),
      expect.stringMatching(/^::warning title=.*p99 response time regressed::/),
    ]);
  });

  it('are a warning for what is undecided, and a notice otherwise', () => {
    expect(comparisonAnnotations([UNDECIDED])).toMatch(/^::warning title=[^:]*undecided::p50 response time/);
    expect(comparisonAnnotations([SAME])).toMatch(/^::notice title=[^:]*same::/);
  });

  it('are one command a line, whatever the names', () => {
    const lines = comparisonAnnotations([HOSTILE]).trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) title=[^:]*::/);
  });
});

it('a comparison with a budget says what it allows', () => {
  const side = measuredOf([timed(BASE)]);
  const document = compareResults(side, side, {
    minEffect: 0.05,
    budget: BUDGETS.default,
    acceptsUnlike: false,
    createdAt: new Date(0),
  });
  expect(comparisonText([document]).replace(/\s+/g, ' ')).toContain(
    'the budget default allows 0.50 points of error rate, 15.0 % of p95 response time, 20.0 % of p99 response time and 10.0 % of successful calls per second',
  );
});
