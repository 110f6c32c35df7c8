import { describe, expect, it } from 'vitest';
import { type Day, resultsOf } from '../history/series.case.ts';
import { metricsOf } from '../measure/metrics.ts';
import { TrendDocument } from './document.ts';
import { type HistoryFile, type TrendOptions, trendOf } from './trend-of.ts';

const filesOf = (days: readonly (number | Day)[], branch?: string): readonly HistoryFile[] =>
  resultsOf(days.map((day) => (typeof day === 'number' ? { responseUs: day } : day))).map((document, at) => ({
    path: `${at}/result.json`,
    document,
    branch,
  }));

const trend = (files: readonly HistoryFile[], options: Partial<TrendOptions> = {}): TrendDocument =>
  trendOf(files, { label: 'results', metric: undefined, createdAt: new Date(0), ...options });

const metricAt = (path: string) => metricsOf().find((one) => one.path === path)!;

/** 1 ms for a week, then 1.5 ms. */
const STEP = [1000, 1010, 990, 1005, 995, 1015, 985, 1500, 1510, 1490, 1505, 1495];

describe('a trend', () => {
  it('is a valid document, and has the place, size and direction of a change', () => {
    const document = trend(filesOf(STEP));
    expect(TrendDocument.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
    const [series] = document.series;
    expect(series).toMatchObject({ variant: 'sticky', metric: 'responseTime.p50Us', pointsNeeded: 0 });
    expect(series!.changes).toMatchObject([{ at: 7, direction: 'worse' }]);
    expect(series!.changes[0]!.ratio).toBeCloseTo(1.5, 2);
    expect(series!.segments.map(({ from, to }) => [from, to])).toEqual([
      [0, 6],
      [7, 11],
    ]);
    expect(series!.segments[1]!.mean).toBe(series!.changes[0]!.after);
  });

  it('is in the order of time, whatever the order of the files', () => {
    const files = filesOf(STEP);
    expect(trend([...files].reverse())).toEqual(trend(files));
  });

  it.each([
    { metric: 'responseTime.p50Us', days: [...STEP].reverse(), direction: 'better' },
    { metric: 'responseTime.meanUs', days: STEP, direction: 'worse' },
  ])('of $metric is $direction', ({ metric, days, direction }) => {
    const [series] = trend(filesOf(days), { metric: metricAt(metric) }).series;
    expect(series).toMatchObject({ metric, changes: [{ direction }] });
  });

  it('keeps variants, workloads, machine classes and branches apart', () => {
    const days: Day[] = [
      { responseUs: 1000, variants: ['sticky', 'scattered'] },
      { responseUs: 1000, profile: { load: { rate: '1/s' } } },
      { responseUs: 1000, machine: { cores: 2 } },
    ];
    const { series } = trend([...filesOf(days), ...filesOf([1000, 1000, 1000, 1000], 'main').slice(3)]);
    expect(series.map(({ variant, points, branch }) => [variant, points.length, branch])).toEqual([
      ['sticky', 1, undefined],
      ['scattered', 1, undefined],
      ['sticky', 1, undefined],
      ['sticky', 1, undefined],
      ['sticky', 1, 'main'],
    ]);
  });

  it('counts a copy of a result once', () => {
    const document = trend([...filesOf(STEP), ...filesOf(STEP.slice(0, 3))]);
    expect(document).toMatchObject({ results: STEP.length, copies: 3 });
    expect(document.series).toMatchObject([{ points: { length: STEP.length } }]);
  });

  it.each([
    { days: [1000], needed: 3 },
    { days: [1000, 1000, 1000], needed: 1 },
    { days: [1000, 1000, 1000, 1000], needed: 0 },
  ])('of $days.length points needs $needed more', ({ days, needed }) => {
    expect(trend(filesOf(days)).series).toMatchObject([
      { pointsNeeded: needed, changes: [], segments: [{ from: 0, to: days.length - 1 }] },
    ]);
  });

  it('leaves out what says nothing about the servers, with the reason', () => {
    const [bound, failed, silent, fine] = filesOf([{ responseUs: 1000, isBound: true }, 1000, 1000, 1000]);
    const withSummary = (file: HistoryFile, change: (summary: object) => object | null): HistoryFile => ({
      ...file,
      document: {
        ...file.document,
        variants: file.document.variants.map((one) => ({ ...one, summary: change(one.summary!) as never })),
      },
    });
    const document = trend([
      bound!,
      withSummary(failed!, (summary) => ({
        ...summary,
        calls: { ...fine!.document.variants[0]!.summary!.calls, ok: 0 },
      })),
      withSummary(silent!, () => null),
      fine!,
    ]);
    expect(document.leftOut.map(({ because }) => because)).toEqual([
      'generator-bound',
      'nothing-worked',
      'no-value',
    ]);
    expect(document.series).toMatchObject([{ points: { length: 1 } }]);
  });

  it('has no ratio of a change from zero', () => {
    const [series] = trend(filesOf(STEP), { metric: metricAt('calls.errorRate') }).series;
    expect(series!.changes).toEqual([]);
    expect(series!.points.every(({ value }) => value === 0)).toBe(true);
  });
});
