import { describe, expect, it } from 'vitest';
import type { ComparisonDocument } from '../../../result/regression/document.ts';
import * as samples from '../../sample-comparison.case.ts';
import { budgetUsed } from './budget-used.ts';
import { comparisonComment } from './comment.ts';
import { markerOf } from './marker.ts';
import { sparklines } from './sparkline.ts';

const SAMPLES: Readonly<Record<string, () => readonly ComparisonDocument[]>> = {
  regressed: () => [samples.regressed()],
  severalVariants: () => [samples.severalVariants()],
  severalCandidates: () => [samples.improved(), samples.undecided()],
  refused: () => [samples.refused()],
  hostileComparison: () => [samples.hostileComparison()],
};

/** What Markdown or a browser may take for structure: the comment without its fenced commands and without the tags that it writes itself. */
const rest = (comment: string): string =>
  comment
    .replace(/^(`{3,})sh\n[\s\S]*?\n\1$/gm, '')
    .replace(/<!-- paceline:[^>\s]+ -->|<\/?(?:details|summary|sub)>/g, '');

describe('the comment on a pull request', () => {
  it.each(Object.entries(SAMPLES))('of %s is as stored', async (name, make) => {
    const comment = comparisonComment(make(), { reportUrl: 'https://ci.example/runs/7' });
    await expect(comment).toMatchFileSnapshot(`golden/${name}.golden.md`);
  });

  it('begins with the line that the next run finds it by', () => {
    const [line, heading] = comparisonComment([samples.regressed()]).split('\n');
    expect(line).toBe('<!-- paceline:checkout-tools -->');
    expect(heading).toBe('### ❌ Checkout tools: regressed');
    expect(comparisonComment([samples.regressed()], { commentKey: 'Nightly (arm64)' })).toContain(
      '<!-- paceline:nightly-arm64 -->\n',
    );
  });

  it('takes nothing that a server or a file says for markup', () => {
    const comment = comparisonComment([samples.hostileComparison()]);
    expect(comment).toContain('script');
    expect(rest(comment)).not.toMatch(/[<>@]|!\[|\]\(|:\/\//);
    // Four backticks: the command line holds three.
    expect(comment).toContain('\n````sh\n');
    expect(comment.match(/<details>/g)).toHaveLength(1);
    expect(comment.match(/^<\/details>$/gm)).toHaveLength(1);
  });

  it('has a link that its target cannot end', () => {
    const comment = comparisonComment([samples.same()], { reportUrl: 'https://ci.example/a)[b](c' });
    expect(comment).toContain('[The whole report](https://ci.example/a%29%5Bb%5D%28c)');
    expect(comparisonComment([samples.same()])).not.toContain('The whole report');
  });

  it.each([
    ['40 variants', [samples.manyVariantsCompared()]],
    ['20 candidates of 40 variants', Array.from({ length: 20 }, samples.manyVariantsCompared)],
    ['20 hostile candidates', Array.from({ length: 20 }, hostileAtLength)],
  ])('has at most 60,000 characters: %s', (_, documents) => {
    const comment = comparisonComment(documents);
    expect(comment.length).toBeLessThanOrEqual(60_000);
    expect(comment).toMatch(/more\./);
    expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length);
  });
});

/** As long as names may get, of characters that take the most room when they are escaped. */
function hostileAtLength(): ComparisonDocument {
  const document = samples.hostileComparison();
  const long = '|'.repeat(5000);
  const change = { ...document.changes[0]!, variant: long };
  return {
    ...document,
    title: long,
    base: { ...document.base, label: long, command: [long], files: [long] },
    candidate: { ...document.candidate, label: long, command: [long], files: [long] },
    changes: Array.from({ length: 50 }, () => change),
    unlike: Array.from({ length: 50 }, () => ({
      kind: 'profile' as const,
      what: long,
      base: long,
      candidate: long,
      consequence: 'marked' as const,
    })),
    verdict: { status: 'regressed', reasons: Array.from({ length: 50 }, () => long) },
  };
}

describe('the marker', () => {
  it.each([
    ['Checkout tools', 'checkout-tools'],
    ['--><script>', 'script'],
    ['a -- b', 'a-b'],
    ['負荷テスト', '負荷テスト'],
    ['***', 'comparison'],
    ['x'.repeat(300), 'x'.repeat(80)],
  ])('of %j is %s', (key, expected) => {
    expect(markerOf(key)).toBe(`<!-- paceline:${expected} -->`);
  });
});

describe('the budget that is used', () => {
  it.each([
    [{ change: 1.05, scale: 'ratio', margin: 0.05, better: 'lower' }, '100 %'],
    [{ change: 1 / 1.05, scale: 'ratio', margin: 0.05, better: 'higher' }, '100 %'],
    [{ change: 0.9, scale: 'ratio', margin: 0.05, better: 'lower' }, '0 %'],
    [{ change: 0.0025, scale: 'difference', margin: 0.005, better: 'lower' }, '50 %'],
    [{ change: null, scale: 'ratio', margin: 0.05, better: 'lower' }, '–'],
    [{ change: 2, scale: 'ratio', margin: 0.05, better: 'neither' }, '–'],
  ] as const)('of %j is %s', (change, expected) => {
    expect(budgetUsed(change)).toBe(expected);
  });
});

describe('sparklines', () => {
  it('are on one scale', () => {
    expect(sparklines([[1, 2], [8]])).toEqual(['▁▂', '█']);
  });

  it('are half high where all values are equal', () => {
    expect(sparklines([[3, 3], [3]])).toEqual(['▅▅', '▅']);
  });
});
