/** @module Proves that a variant without times does not look fast, and that every format says whose times are in. */
import { describe, expect, it } from 'vitest';
import { WHO_IS_TIMED } from '../result/measure/times.ts';
import { chartsOf } from './chart/charts.ts';
import { renderers } from './format/formats.ts';
import type { Format } from './format/names.ts';
import { headline } from './format/text.ts';
import { modelOf } from './model.ts';
import { DEMO, demo, documentOf } from './sample-document.case.ts';

const DOWN = 'every connection refused';
const half = documentOf([
  { ...DEMO[3]!, perSecond: 40 },
  {
    ...DEMO[3]!,
    perSecond: 40,
    name: DOWN,
    failure: { outcome: 'refused', detail: 'ECONNREFUSED', share: 1 },
  },
]);

const textOf = async (format: Format): Promise<string> =>
  String((await renderers[format](modelOf(half))).files[0]!.content);

/** Rows of the page's tables that begin with the name of the variant, as texts of their cells. */
async function rowsOfPage(): Promise<readonly (readonly string[])[]> {
  const rows = (await textOf('html')).match(/<tr>.*?<\/tr>/gs) ?? [];
  const cells = rows.map((row) => [...row.matchAll(/<t[hd][^>]*>([^<]*)/g)].map(([, text]) => text!));
  return cells.filter(([name]) => name === DOWN);
}

describe('a variant whose connections were all refused', () => {
  it('has no time in any table of the page, and its neighbour has', async () => {
    const rows = await rowsOfPage();
    // Results, figures of charts, kinds of calls, errors, settings and trials.
    expect(rows.length).toBeGreaterThan(8);
    const [results] = rows;
    expect(results!.slice(3, 7)).toEqual(['–', '–', '–', '–']);
    const kinds = rows.filter(([, call]) => call === 'tools/list' || call === 'tools/call echo');
    expect(kinds.map((row) => row.slice(-4))).toEqual([
      ['–', '–', '–', '–'],
      ['–', '–', '–', '–'],
    ]);
    expect(
      /<td>0<\/td><td>0<\/td><td>0<\/td>/.test((await textOf('html')).replace(/<figure.*?<\/figure>/gs, '')),
    ).toBe(false);
  });

  it('has none on the terminal, in Markdown and in csv', async () => {
    const line = headline(modelOf(half))
      .split('\n')
      .find((text) => text.startsWith(DOWN));
    expect(line).toMatch(/ 0 +1,200 +– +– +0 /);
    expect(await textOf('md')).toContain(`| ${DOWN} | 0 | 1,200 | – | – | 0 |`);
    const [head, ...rows] = (await textOf('csv'))
      .split('\r\n')
      .map((row) => row.replace(/"[^"]*"/, '').split(','));
    const at = head!.indexOf('response_time_p99_us');
    const p99s = rows.filter(([name]) => name === DOWN).map((row) => row[at]);
    expect(p99s).toEqual(['', '', '', '']);
    expect(Number(rows[0]![at])).toBeGreaterThan(0);
  });

  it('has no curve, and the chart says why', () => {
    const chart = chartsOf(modelOf(half)).find(({ name }) => name === 'response-time')!;
    expect(chart.caption).toContain(`Without a curve: “${DOWN}”, since no call had a time.`);
    expect(chart.table.rows[1]!.slice(2, 7)).toEqual(['–', '–', '–', '–', '–']);
    expect(chartsOf(modelOf(demo())).find(({ name }) => name === 'response-time')!.caption).not.toContain(
      'Without',
    );
    const instances = chartsOf(modelOf(half)).find(({ name }) => name === 'instances')!;
    expect(instances.table.rows.filter(([name]) => name === DOWN)).toEqual([]);
  });
});

it('whose times are in is said on the page, in Markdown and under the chart', async () => {
  const html = await textOf('html');
  // In the table of results and in the method, and of both charts of all times in the caption and the labels of two drawings.
  expect(html.split(WHO_IS_TIMED).length - 1).toBe(8);
  expect(await textOf('md')).toContain(WHO_IS_TIMED);
  for (const text of [html, await textOf('md')]) expect(text.includes('failed calls included')).toBe(false);
});

it('a variant with too few calls for a percentile has none, in tables as in sentences', async () => {
  const few = modelOf(documentOf([{ ...DEMO[3]!, perSecond: 3 }]));
  const line = headline(few).split('\n');
  expect(few.measured[0]!.summary.responseTime.count).toBe(90);
  expect(line[1]).toMatch(/ 0 +\d+\.\d+ +– /);
  expect(headline(few)).toMatch(/all 90 calls ended ok; longest response time \d+\.\d+ ms/);
  expect(headline(few)).not.toContain('p99 response time');
});
