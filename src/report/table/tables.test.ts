/** @module Proves what the tables of thresholds and comparisons say, and that findings and tables give the same ratios. */
import { describe, expect, it } from 'vitest';
import { findings } from '../findings/findings.ts';
import { page } from '../format/html/page.ts';
import { markdown } from '../format/markdown.ts';
import { headline } from '../format/text.ts';
import { modelOf } from '../model.ts';
import { demo, judged, oneVariant } from '../sample-document.case.ts';
import { ratio } from '../wording.ts';
import { BY_REPETITION, comparisonTable, ratioTable } from './comparisons.ts';
import { thresholdTable } from './thresholds.ts';

const mdOf = async (model: ReturnType<typeof modelOf>): Promise<string> =>
  String((await markdown(model)).files[0]!.content);

describe('the table of thresholds', () => {
  const model = modelOf(judged());

  it('has each threshold with its result and what was measured', () => {
    expect(thresholdTable(model)).toEqual({
      heads: ['threshold', 'variant', 'result', 'measured'],
      rows: [
        ['error_rate < 1%', 'stateless, round-robin', 'pass', '0 %'],
        ['p(99) < 5ms', 'sessions, sticky', 'fail', '7.42 ms'],
        ['p(99.99) < 1s', 'stateless, round-robin', 'inconclusive', '–'],
      ],
    });
    expect(thresholdTable(modelOf(demo())).rows).toEqual([]);
  });

  it('names no variant where there is one', () => {
    const checks = [
      { variant: oneVariant().variants[0]!.name, threshold: 'rate > 9/s', status: 'pass' as const },
    ];
    const { heads, rows } = thresholdTable(
      modelOf({ ...oneVariant(), verdict: { status: 'pass', reasons: [], checks } }),
    );
    expect([heads, ...rows]).toEqual([
      ['threshold', 'result', 'measured'],
      ['rate > 9/s', 'pass', '–'],
    ]);
  });

  it('is on the page, on the terminal and in Markdown', async () => {
    const html = await page(model);
    expect(html).toMatch(
      /<h2>Thresholds<\/h2>.*<td class="text bad"[^>]*>fail<\/td><td class="text"[^>]*>7\.42\u00a0ms<\/td>/s,
    );
    expect(html).toContain('why not judged');
    expect(html).toMatch(/<td class="text"[^>]*>12,000 calls are too few for it<\/td>/);
    const text = headline(model);
    expect(text).toMatch(/^p\(99\) < 5ms +sessions, sticky +fail +7\.42 ms$/m);
    // What failed is in the table, what could not be judged is explained below it.
    expect(text.split('p(99) < 5ms')).toHaveLength(2);
    expect(text).toContain('12,000 calls are too few for it');
    expect(await mdOf(model)).toContain('| p(99) &#60; 5ms | sessions, sticky | fail | 7.42 ms |');
    expect(await page(modelOf(demo()))).not.toContain('<h2>Thresholds</h2>');
  });
});

describe('the table of comparisons', () => {
  const model = modelOf(demo());

  it('has the ratios of the findings, not those of the table of results', () => {
    const [heads, rows] = [comparisonTable(model).heads, comparisonTable(model).rows];
    const row = rows.find(([name]) => name === 'stateless, round-robin')!;
    const cell = row[heads.indexOf('p99')]!;
    expect(cell).toMatch(/^0\.\d\dx \[0\.\d+, \d\.\d+\]: (better|undecided)$/);
    const texts = findings(model).map(({ text }) => text);
    expect(texts.join()).toContain(cell.split(':')[0]!);
    const { comparison } = model.pairs.find(
      (pair) => pair.comparison.metric === 'responseTime.p99Us' && pair.comparison.alike,
    )!;
    expect(cell).toContain(`${ratio(comparison.ratio!)}x`);
  });

  it('calls what does not compare like with like not comparable, and leaves it out where there is no room to say so', () => {
    const sticky = comparisonTable(model).rows.find(([name]) => name === 'sessions, sticky')!;
    expect(sticky.join()).toContain('not comparable');
    const at = ratioTable(model).heads.indexOf('p99');
    expect(ratioTable(model).rows.find(([name]) => name === 'sessions, sticky')![at]).toBe('–');
    expect(ratioTable(model).rows.find(([name]) => name === 'stateless, round-robin')![at]).toMatch(
      /^0\.\d\dx$/,
    );
  });

  it('says on the page, on the terminal and in Markdown that ratios are by repetition', async () => {
    expect(await page(model)).toContain('Comparisons by repetition');
    expect(headline(model)).toContain('ratios by repetition:');
    expect(await mdOf(model)).toContain(BY_REPETITION);
    const single = modelOf(oneVariant());
    for (const text of [await page(single), headline(single), await mdOf(single)]) {
      expect(text).not.toContain('by repetition');
    }
  });
});
