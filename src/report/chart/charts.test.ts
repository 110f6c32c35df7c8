import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import type { Comparison, ResultDocument } from '../../result/document.ts';
import { modelOf } from '../model.ts';
import { authDocument, MODES, modes, oneCheck } from '../sample-authorization.case.ts';
import { changes, herds, oneCache } from '../sample-caching.case.ts';
import {
  allDropped,
  allFailed,
  DEMO,
  demo,
  documentOf,
  HOSTILE,
  manyVariants,
  oneVariant,
  zeroCalls,
} from '../sample-document.case.ts';
import { HANDLES, handles, handlesDocument } from '../sample-state.case.ts';
import { authorizationChartsOf, cachingChartsOf, chartsOf } from './charts.ts';
import { drawSvg, labelled } from './draw.ts';
import { merged } from './timeline.ts';

/** Of those with a check: one that is allowed to the end, one for a time, one not at all. */
const GOLDEN_MODES = ['none', 'jwt', 'jwt, revocation list', 'introspection'];

const COMPARED: Comparison = {
  metric: 'responseTime.p99Us',
  base: DEMO[1]!.name,
  candidate: DEMO[3]!.name,
  ratio: 0.8,
  ciLow: 0.7,
  ciHigh: 0.9,
  verdict: 'better',
  because: null,
  repetitions: 3,
  alike: true,
};

const hostileHandles = () => handlesDocument(HANDLES.map((one) => ({ ...one, name: HOSTILE })));

/** A layer of a drawing, as far as the tests read it. */
interface Drawn {
  readonly data: { readonly values: readonly unknown[] };
  readonly mark: { readonly shape?: string };
  readonly encoding: { readonly x?: { readonly scale: { readonly domain: readonly [number, number] } } };
}

describe('charts', () => {
  const small = {
    ...documentOf([DEMO[0]!, DEMO[1]!, DEMO[3]!].map((one) => ({ ...one, seconds: 3, perSecond: 50 }))),
    comparisons: [
      COMPARED,
      {
        ...COMPARED,
        base: DEMO[0]!.name,
        candidate: DEMO[1]!.name,
        ratio: 1.4,
        ciLow: 1.2,
        ciHigh: 1.7,
        verdict: 'worse' as const,
        alike: false,
      },
    ],
  };

  const checks = authDocument(MODES.filter(({ name }) => GOLDEN_MODES.includes(name)));

  it.each(
    [
      ...chartsOf(modelOf(small)),
      ...authorizationChartsOf(modelOf(checks)),
      ...cachingChartsOf(modelOf(changes())),
      ...chartsOf(modelOf(handles())).filter(({ name }) => name === 'state'),
    ].map((chart) => [chart.name, chart] as const),
  )('%s keeps its specification', async (name, chart) => {
    await expect(
      `${JSON.stringify({ wide: chart.spec('wide'), table: chart.table }, null, 1)}\n`,
    ).toMatchFileSnapshot(`golden/${name}.golden.json`);
  });

  it('are eight for the demo, and none where nothing was measured', () => {
    expect(chartsOf(modelOf(demo())).map((chart) => chart.name)).toEqual([
      'outcomes',
      'sessions',
      'comparison',
      'response-time',
      'histogram',
      'over-time',
      'timeline',
      'instances',
    ]);
    expect(chartsOf(modelOf(zeroCalls()))).toEqual([]);
    expect(chartsOf(modelOf(oneVariant())).map((chart) => chart.name)).not.toContain('sessions');
  });

  it('of authorization stand where callers had credentials only', () => {
    const names = (document: ResultDocument) =>
      authorizationChartsOf(modelOf(document)).map(({ name }) => name);
    expect(names(modes())).toEqual([
      'auth-frontier',
      'auth-revocation',
      'auth-stages',
      'auth-check',
      'auth-decisions',
    ]);
    expect(names(demo())).toEqual([]);
    expect(names(oneCheck())).toContain('auth-decisions');
  });

  it('of caching stand where results can be kept only', () => {
    const names = (document: ResultDocument) => cachingChartsOf(modelOf(document)).map(({ name }) => name);
    expect(names(oneCache())).toEqual([
      'cache-hit-ratio',
      'cache-latency',
      'cache-origin-rate',
      'cache-staleness',
      'cache-frontier',
    ]);
    expect(names(demo())).toEqual([]);
  });

  it('draw how calls ended only where one ended otherwise than ok', () => {
    const names = (document: ResultDocument) => chartsOf(modelOf(document)).map(({ name }) => name);
    expect(names(oneVariant())).not.toContain('outcomes');
    expect(names(allFailed())).toContain('outcomes');
    expect(names(allDropped())).toContain('outcomes');
  });

  it('draw the load of instances only where one answered a call', () => {
    const names = (document: ResultDocument) => chartsOf(modelOf(document)).map(({ name }) => name);
    const document = allFailed();
    const idle = {
      '1': { calls: 0, share: null, responseTime: document.variants[0]!.summary!.responseTime },
    };
    const variants = document.variants.map((one) => ({
      ...one,
      summary: { ...one.summary!, byInstance: idle },
    }));
    expect(names(oneVariant())).toContain('instances');
    expect(names(document)).not.toContain('instances');
    expect(names({ ...document, variants })).not.toContain('instances');
  });

  it('carry a title, units on their axes and as many cells as columns', () => {
    for (const chart of [manyVariants, modes, herds, handles].flatMap((make) => chartsOf(modelOf(make())))) {
      expect(chart.title).not.toBe('');
      for (const row of chart.table.rows) expect(row).toHaveLength(chart.table.columns.length);
      const spec = JSON.stringify(chart.spec('wide'));
      // A matrix has names on its axes only.
      if (spec.includes('"quantitative"'))
        expect(spec).toMatch(/"title":"[^"]*(%|ms|, us|ratio|, s|per s)[^"]*"/);
    }
  });

  it('let no name break out of the drawing', async () => {
    // The names in the other charts are looked for in the tests of the page.
    const chart = chartsOf(modelOf(hostileHandles())).find(({ name }) => name === 'state')!;
    const svg = await drawSvg(chart.spec('wide'), 'x');
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain(HOSTILE);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids exactly these.
    expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  });

  it('share no id with another drawing on the page', async () => {
    const ids = async (id: string) => {
      const svgs = await Promise.all(
        chartsOf(modelOf(oneVariant())).map((chart) => drawSvg(chart.spec('wide'), `${id}-${chart.name}`)),
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

  it('leave out a second that the end of the run cut short, and say so', () => {
    const document = documentOf([{ ...DEMO[3]!, seconds: 3 }], 1);
    const [variant] = document.variants;
    const cut = (variant!.repetitions[0]!.windows ?? []).map((one, at) => ({
      ...one,
      lengthMs: at === 2 ? 400 : 1000,
    }));
    const repetitions = variant!.repetitions.map((one) => ({ ...one, windows: cut }));
    const chartOf = (changed: ResultDocument) =>
      chartsOf(modelOf(changed)).find(({ name }) => name === 'timeline')!;
    const chart = chartOf({ ...document, variants: [{ ...variant!, repetitions }] });
    const secondsOf = (spec: unknown) =>
      (spec as { data: { values: readonly { second: number }[] } }).data.values.map(({ second }) => second);
    expect(new Set(secondsOf(chart.spec('wide')))).toEqual(new Set([0, 1]));
    expect(chart.caption).toContain('The last second is left out');
    expect(new Set(secondsOf(chartOf(document).spec('wide')))).toEqual(new Set([0, 1, 2]));
    expect(chartOf(document).caption).not.toContain('left out');
  });

  it('draw of each span the percentiles that its calls support, and no others', () => {
    const document = documentOf([{ ...DEMO[3]!, seconds: 2 }], 1);
    const [variant] = document.variants;
    const span = { lengthMs: 1000, calls: 30, p50Us: 2000, p95Us: 5000, p99Us: null };
    const changed = {
      ...variant!,
      overTime: [
        { ...span, atMs: 0 },
        { ...span, atMs: 1000, p99Us: 9000 },
      ],
    };
    const chart = chartsOf(modelOf({ ...document, variants: [changed] })).find(
      ({ name }) => name === 'over-time',
    )!;
    const { data } = chart.spec('wide') as unknown as {
      data: { values: readonly { percentile: string; second: number; ms: number }[] };
    };
    const drawn = data.values.map(({ percentile, second, ms }) => `${percentile} ${second} s: ${ms} ms`);
    expect(drawn.sort()).toEqual([
      'p50 0 s: 2 ms',
      'p50 1 s: 2 ms',
      'p95 0 s: 5 ms',
      'p95 1 s: 5 ms',
      'p99 1 s: 9 ms',
    ]);
    expect(chart.table.rows[0]).toEqual([variant!.name, '0', '30', '–', '5.00', '2.00']);
  });

  it('are left out where an older result has no response times over time', () => {
    const document = oneVariant();
    const variants = document.variants.map(({ overTime: _, ...older }) => older);
    expect(chartsOf(modelOf({ ...document, variants })).map(({ name }) => name)).not.toContain('over-time');
  });

  it('draw a bar for every bin that has calls', () => {
    const document = oneVariant();
    const chart = chartsOf(modelOf(document)).find(({ name }) => name === 'histogram')!;
    const { data } = chart.spec('narrow') as unknown as {
      data: { values: readonly { fromMs: number; toMs: number; share: number }[] };
    };
    const bins = document.variants[0]!.bins;
    expect(data.values.map(({ fromMs, toMs, share }) => ({ fromMs, toMs, share }))).toEqual(
      bins
        .filter(({ calls }) => calls > 0)
        .map(({ fromUs, toUs, share }) => ({ fromMs: fromUs / 1000, toMs: toUs / 1000, share })),
    );
    expect(chart.table.rows).toHaveLength(bins.length);
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

  it('end an interval that is wider than the axis in an arrow at its edge', () => {
    const document = { ...demo(), comparisons: [{ ...COMPARED, ratio: 1.2, ciLow: 0.9, ciHigh: 90 }] };
    const chart = chartsOf(modelOf(document)).find(({ name }) => name === 'comparison')!;
    const { vconcat } = chart.spec('wide') as unknown as { vconcat: readonly [{ layer: readonly Drawn[] }] };
    const { layer } = vconcat[0];
    const arrow = layer.filter(({ mark }) => mark.shape !== undefined);
    expect(arrow.map(({ mark }) => mark.shape)).toEqual(['triangle-right']);
    const [, edge] = arrow[0]!.encoding.x!.scale.domain;
    expect(arrow[0]!.data.values).toMatchObject([{ ciLow: 0.9, ciHigh: edge }]);
    expect(edge).toBeLessThan(10);
    expect(chart.caption).toContain('An arrow: the interval goes on beyond the axis.');
    const narrow = chartsOf(modelOf({ ...demo(), comparisons: [COMPARED] }));
    expect(narrow.find(({ name }) => name === 'comparison')!.caption).not.toContain('arrow');
  });
});
