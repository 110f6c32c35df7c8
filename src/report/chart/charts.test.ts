import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { modelOf } from '../model.ts';
import {
  DEMO,
  demo,
  documentOf,
  HOSTILE,
  hostile,
  interrupted,
  manyVariants,
  oneVariant,
  zeroCalls,
} from '../sample-document.case.ts';
import { TOTAL, type Width } from './chart.ts';
import { chartsOf } from './charts.ts';
import { ratioTicks } from './comparison.ts';
import { drawSvg, labelled } from './draw.ts';
import { merged } from './timeline.ts';

const WIDTHS: readonly Width[] = ['wide', 'narrow'];
const SAMPLES = { demo, oneVariant, interrupted, manyVariants, hostile } as const;

const sizeOf = (svg: string) => {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!;
  return { width: Number(width), height: Number(height) };
};

describe('charts', () => {
  const small = {
    ...documentOf([DEMO[0]!, DEMO[1]!, DEMO[3]!].map((one) => ({ ...one, seconds: 3, perSecond: 50 }))),
    comparisons: [
      {
        metric: 'responseTime.p99Us',
        base: DEMO[1]!.name,
        candidate: DEMO[3]!.name,
        ratio: 0.8,
        ciLow: 0.7,
        ciHigh: 0.9,
        verdict: 'better' as const,
        because: null,
        repetitions: 3,
        alike: true,
      },
      {
        metric: 'responseTime.p99Us',
        base: DEMO[0]!.name,
        candidate: DEMO[1]!.name,
        ratio: 1.4,
        ciLow: 1.2,
        ciHigh: 1.7,
        verdict: 'worse' as const,
        because: null,
        repetitions: 3,
        alike: false,
      },
    ],
  };

  it.each(chartsOf(modelOf(small)).map((chart) => [chart.name, chart] as const))(
    '%s keeps its specification',
    async (name, chart) => {
      await expect(
        `${JSON.stringify({ wide: chart.spec('wide'), table: chart.table }, null, 1)}\n`,
      ).toMatchFileSnapshot(`golden/${name}.golden.json`);
    },
  );

  it('are six for the demo, and none where nothing was measured', () => {
    expect(chartsOf(modelOf(demo())).map((chart) => chart.name)).toEqual([
      'outcomes',
      'sessions',
      'response-time',
      'comparison',
      'timeline',
      'instances',
    ]);
    expect(chartsOf(modelOf(zeroCalls()))).toEqual([]);
    expect(chartsOf(modelOf(oneVariant())).map((chart) => chart.name)).not.toContain('sessions');
  });

  it.each(Object.entries(SAMPLES))(
    'of %s are no wider than their place, and readable there',
    async (_, make) => {
      for (const chart of chartsOf(modelOf(make()))) {
        for (const width of WIDTHS) {
          const size = sizeOf(await drawSvg(chart.spec(width), 'x'));
          // A phone of 390 px leaves 358; 13 px type may shrink to 11.
          expect
            .soft(size.width, `${chart.name} ${width}`)
            .toBeLessThanOrEqual(width === 'wide' ? TOTAL.wide + 20 : TOTAL.narrow + 40);
          expect.soft(size.width, `${chart.name} ${width}`).toBeGreaterThan(TOTAL[width] * 0.8);
        }
      }
    },
  );

  it('carry a title, units on their axes and as many cells as columns', () => {
    for (const chart of chartsOf(modelOf(manyVariants()))) {
      expect(chart.title).not.toBe('');
      for (const row of chart.table.rows) expect(row).toHaveLength(chart.table.columns.length);
      expect(JSON.stringify(chart.spec('wide'))).toMatch(/"title":"[^"]*(%|ms|ratio|, s|per s)[^"]*"/);
    }
  });

  it('let no name break out of the drawing', async () => {
    for (const chart of chartsOf(modelOf(hostile()))) {
      const svg = await drawSvg(chart.spec('wide'), 'x');
      expect(svg).not.toContain('<script');
      expect(svg).not.toContain(HOSTILE);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids exactly these.
      expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
    }
  });

  it('share no id with another drawing on the page', async () => {
    const ids = async (id: string) => {
      const svgs = await Promise.all(
        chartsOf(modelOf(demo())).map((chart) => drawSvg(chart.spec('wide'), `${id}-${chart.name}`)),
      );
      return svgs.flatMap((svg) => [...svg.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1]!));
    };
    const all = [...(await ids('a')), ...(await ids('b'))];
    expect(new Set(all).size).toBe(all.length);
  });

  it('have a name for screen readers', () => {
    expect(labelled('<svg class="x">', 'A &amp; B')).toBe(
      '<svg role="img" aria-label="A &amp; B" class="x">',
    );
  });
});

describe('the response-time curve', () => {
  const document = demo();
  const spec = chartsOf(modelOf(document))
    .find((chart) => chart.name === 'response-time')!
    .spec('wide') as unknown as {
    readonly data: {
      readonly values: readonly { variant: string; tail: number; ms: number; marked: boolean }[];
    };
  };
  const sticky = spec.data.values.filter((point) => point.variant === 'sessions, sticky');

  it('goes through the percentiles of the histogram', () => {
    const histogram = decodeFromCompressedBase64(
      document.variants[1]!.summary!.histograms['responseTime']!,
      32,
      false,
    );
    for (const { tail, percentile } of [
      { tail: 2, percentile: 50 },
      { tail: 100, percentile: 99 },
      { tail: 1000, percentile: 99.9 },
    ]) {
      const point = sticky.find((each) => each.tail === tail);
      expect(point).toMatchObject({ marked: true, ms: histogram.getValueAtPercentile(percentile) / 1000 });
    }
  });

  it('never falls, and ends where fewer than ten calls are slower', () => {
    for (const [at, point] of sticky.entries())
      expect(point.ms).toBeGreaterThanOrEqual(sticky[at - 1]?.ms ?? 0);
    expect(Math.max(...sticky.map((point) => point.tail))).toBeLessThanOrEqual(12_000 / 10);
  });

  it('says of a variant with failures that it is one', () => {
    expect(new Set(spec.data.values.map((point) => point.variant))).toContain(
      'sessions, round-robin (75 % failed)',
    );
  });
});

describe('details of charts', () => {
  it('label the one second of a short run, and the faults within it', async () => {
    const short = documentOf([{ ...DEMO[3]!, seconds: 1 }], 1);
    const timeline = chartsOf(modelOf(short)).find((chart) => chart.name === 'timeline')!;
    const svg = await drawSvg(timeline.spec('wide'), 'x');
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((match) => match[1]);
    expect(texts).toContain('1');
    expect(texts.filter((text) => /\.0/.test(text!))).toEqual([]);
  });

  it('merges the seconds of a long run and keeps the calls', () => {
    const windows = Array.from({ length: 600 }, (_, at) => ({
      atMs: at * 1000,
      sent: 10,
      ok: 9,
      errors: 1,
      p50Us: 1,
      p99Us: 1,
    }));
    const points = merged(windows);
    expect(points.length).toBeLessThanOrEqual(120);
    expect(points[0]).toEqual({ second: 0, ok: 9, failed: 1 });
  });

  it.each([
    [0.9, 1.1, 800],
    [1.2, 9, 326],
    [0.001, 1.01, 326],
    [0.5, 0.6, 326],
  ])(
    'ticks of ratios from %d to %d in %d px cover it, hold 1 and leave room for labels',
    (low, high, pixels) => {
      const ticks = ratioTicks(low, high, pixels);
      expect(ticks[0]!).toBeLessThanOrEqual(low);
      expect(ticks.at(-1)!).toBeGreaterThanOrEqual(high);
      expect(ticks).toContain(1);
      const perUnit = pixels / Math.log(ticks.at(-1)! / ticks[0]!);
      for (const [at, tick] of ticks.slice(1).entries())
        expect(Math.log(tick / ticks[at]!) * perUnit).toBeGreaterThan(45);
    },
  );
});
