import { describe, expect, it } from 'vitest';
import type { Change, ComparisonDocument } from '../../result/regression/document.ts';
import * as samples from '../sample-comparison.case.ts';
import { valueText } from './change-cells.ts';
import { comparisonComment } from './comment/comment.ts';
import { comparisonAnnotations } from './github.ts';
import { otherRegressionLines, otherRegressionSentence } from './other-regressions.ts';
import { precisionRows } from './precision.ts';
import { headlineSentences } from './sentences.ts';
import { comparisonText } from './text.ts';

const [first] = samples.regressed().changes;

/** A comparison of these changes, each of which is like a headline metric that regressed. */
const documentOf = (...changes: readonly Partial<Change>[]): ComparisonDocument => ({
  ...samples.regressed(),
  changes: changes.map((own) => ({ ...first!, ...own })),
});

const errors: Partial<Change> = {
  label: 'error rate',
  unit: 'share',
  scale: 'difference',
  change: 0.1756,
  isHeadline: false,
};

describe('several headline metrics, as with a budget', () => {
  const undecided: Partial<Change> = { label: 'error rate', verdict: 'undecided', because: 'no-samples' };

  it('of one variant are told without a count', () => {
    expect(headlineSentences(documentOf({ verdict: 'same' }, undecided))).toEqual([
      'p50 response time is the same.',
      'error rate is undecided.',
    ]);
  });

  it.each([
    [
      'one variant',
      [{ variant: 'default' }, { variant: 'default', label: 'error rate' }],
      ['p50 response time', 'error rate'],
    ],
    ['one metric', [{ variant: 'a' }, { variant: 'b' }], ['a', 'b']],
    [
      'both',
      [{ variant: 'a' }, { variant: 'b', label: 'error rate' }],
      ['p50 response time: a', 'error rate: b'],
    ],
  ])('are told apart in the rows of the precision: %s', (_, changes, names) => {
    expect(precisionRows(documentOf(...changes)).map(([name]) => name)).toEqual(names);
  });
});

describe('what regressed and is no headline metric', () => {
  it('is a line for each', () => {
    expect(otherRegressionLines(documentOf({}, errors, { ...errors, verdict: 'same' }))).toEqual([
      'error rate regressed: +17.56 points, not a headline metric',
    ]);
    const [line] = otherRegressionLines(documentOf({ ...errors, variant: 'sticky' }));
    expect(line).toContain('error rate of "sticky" regressed');
  });

  it('is one sentence, which counts variants where there are several', () => {
    const other = { isHeadline: false, label: 'successful calls per second' };
    expect(otherRegressionSentence(documentOf({}, errors, other))).toEqual([
      'Regressed, but not a headline metric: error rate, successful calls per second.',
    ]);
    const two = documentOf({ ...errors, variant: 'a' }, { ...errors, variant: 'b' });
    expect(otherRegressionSentence(two)).toEqual([
      'Regressed, but not a headline metric: error rate in 2 variants.',
    ]);
    expect(otherRegressionSentence(documentOf({}))).toEqual([]);
  });

  it('stands above the folded part of a comment', () => {
    const [shown] = comparisonComment([documentOf({ verdict: 'same' }, errors)]).split('<details>');
    expect(shown).toContain('⚠️ error rate regressed: +17.56 points, not a headline metric');
  });

  it('is counted in a comment where there are too many', () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ ...errors, variant: `v${at}` }));
    expect(comparisonComment([documentOf({}, ...many)])).toContain('and 10 more that regressed.');
  });
});

it.each([
  [1, '1 us'],
  [9.96, '10 us'],
  [10, '0.01 ms'],
  [2430, '2.43 ms'],
])('a time of %s us reads %s', (us, text) => {
  expect(valueText({ unit: 'time' }, us)).toBe(text);
});

it('the name of a variant is shortened in the table and in annotations, and stays different', () => {
  const names = ['a', 'b'].map((end) => 'x'.repeat(10_000) + end);
  const document = documentOf(...names.map((variant) => ({ variant })));
  for (const text of [comparisonText([document]), comparisonAnnotations([document])]) {
    expect(text).not.toContain('x'.repeat(100));
    expect(text).toMatch(/x…x+a\b/);
    expect(text).toMatch(/x…x+b\b/);
  }
});

it('a comment says whose allowance is used', () => {
  const document = documentOf({});
  expect(comparisonComment([document])).toContain('| margin used |');
  expect(comparisonComment([{ ...document, budget: 'default' }])).toContain('| budget used |');
});
