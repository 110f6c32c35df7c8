import { describe, expect, it } from 'vitest';
import { TrendDocument } from '../../result/trend/document.ts';
import { drawSvg } from '../chart/draw.ts';
import { trendChart } from './chart.ts';
import { trendPage } from './page.ts';
import { sparkline } from './sparkline.ts';
import { trendText } from './text.ts';
import { TREND } from './trend.case.ts';

it('the sample is a valid document', () => {
  expect(TrendDocument.parse(TREND)).toEqual(TREND);
});

describe('a trend as text', () => {
  it('reads as in golden/trend.txt', async () => {
    await expect(trendText(TREND)).toMatchFileSnapshot('golden/trend.txt');
  });

  it('has no control characters of names in it', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    expect(trendText(TREND)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it.each([
    { values: [1, 2, 3, 4, 5, 6, 7, 8], line: '▁▂▃▄▅▆▇█' },
    { values: [5, 5, 5], line: '▅▅▅' },
    { values: [0, 100], line: '▁█' },
    { values: [], line: '' },
  ])('draws $values as $line', ({ values, line }) => {
    expect(sparkline(values)).toBe(line);
  });
});

describe('the page of a trend', () => {
  it('asks for nothing, runs nothing, and shows names as text', async () => {
    const page = await trendPage(TREND);
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
    expect(page).not.toContain('<b>"scattered"');
    expect(page).toContain('&lt;b&gt;');
    expect(page).toContain('prefers-color-scheme:dark');
  });

  it('lists every change with its commit and the one before', async () => {
    const page = await trendPage(TREND);
    const changes = TREND.series.flatMap(({ changes: all, points }) => all.map(({ at }) => points[at]!));
    expect(changes).toHaveLength(3);
    for (const { revision } of changes) expect(page).toContain(revision!.commit.slice(0, 10));
    expect(page.match(/<li class="bad">/g)).toHaveLength(2);
    expect(page.match(/<li class="good">/g)).toHaveLength(1);
    expect(page.match(/<li class="neutral">/g)).toHaveLength(2);
  });

  it('has a chart for each series, and says what was left out', async () => {
    const page = await trendPage(TREND);
    expect(page.match(/<figure id="trend-\d">/g)).toHaveLength(TREND.series.length);
    expect(page).toContain('the generator was the bottleneck in a repetition');
    expect(page).toContain('not one call ended ok');
  });
});

describe('the chart of a trend', () => {
  const charts = TREND.series.map((series, at) => trendChart(series, at, TREND));

  it.each(charts.flatMap((chart) => (['wide', 'narrow'] as const).map((width) => ({ chart, width }))))(
    '$chart.name is drawn $width, with a point for each result',
    async ({ chart, width }) => {
      const svg = await drawSvg(chart.spec(width), chart.name);
      const series = TREND.series[charts.indexOf(chart)]!;
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(svg.match(/<path[^>]*d="M[^"]*A/g)?.length ?? 0).toBe(series.points.length);
      expect(chart.table.rows).toHaveLength(series.points.length);
    },
  );

  it('says that its axis does not begin at 0 only where that is so', () => {
    expect(charts.map(({ caption }) => caption.includes('does not begin at 0'))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('marks each change with its size, and its commit where there is room', async () => {
    const svg = await drawSvg(charts[0]!.spec('wide'), 'trend');
    expect(svg).toContain('+15.1 %');
    expect(svg).toContain(TREND.series[0]!.points[5]!.revision!.commit.slice(0, 10));
    expect(svg).toContain('-23.9 %');
  });
});
