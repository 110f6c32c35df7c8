/** @module A trend for the tests of how it is shown: two variants, two changes, an odd name, and what is left out. */
import type { TrendDocument, TrendSeries } from '../../result/trend/document.ts';

const commitOf = (at: number): string => (at * 7_919_000_003 + 1e12).toString(16).repeat(4);

const pointsOf = (values: readonly number[], file = 'nightly'): TrendSeries['points'] =>
  values.map((value, at) => ({
    file: `${file}/${at + 1}/result.json`,
    createdAt: new Date(Date.UTC(2026, 9, 1 + at, 2)).toISOString(),
    ...(at !== 2 && { revision: { commit: commitOf(at), isDirty: at === 5 } }),
    value,
  }));

const OF = {
  title: 'Nightly',
  workload: '3f2a91c04b77',
  machine: { cpu: 'AMD EPYC 7B13', cores: 8, os: 'Linux', node: 20 },
  branch: 'main',
} as const;

const TIME = {
  metric: 'responseTime.p50Us',
  label: 'p50 response time',
  unit: 'time',
  better: 'lower',
} as const;

export const TREND: TrendDocument = {
  schema: 'paceline/trend@1',
  paceline: '0.1.0',
  createdAt: '2026-11-01T12:00:00.000Z',
  label: 'results',
  results: 16,
  copies: 2,
  search: { window: 30, maxP: 0.001, minMagnitude: 0.05, minPoints: 4 },
  series: [
    {
      ...OF,
      ...TIME,
      variant: 'sticky',
      points: pointsOf([4000, 4020, 3980, 4010, 3990, 4600, 4620, 4580, 4610, 3500, 3520, 3480, 3510]),
      segments: [
        { from: 0, to: 4, mean: 4000 },
        { from: 5, to: 8, mean: 4602 },
        { from: 9, to: 12, mean: 3502 },
      ],
      changes: [
        { at: 5, before: 4000, after: 4602, ratio: 1.1505, p: 3e-9, direction: 'worse' },
        { at: 9, before: 4602, after: 3502, ratio: 0.761, p: 1e-14, direction: 'better' },
      ],
      pointsNeeded: 0,
    },
    {
      ...OF,
      variant: '<b>"scattered"</b>\u001b[31m',
      metric: 'calls.errorRate',
      label: 'error rate',
      unit: 'share',
      better: 'lower',
      points: pointsOf([0, 0, 0, 0, 0.01, 0.01, 0.01, 0.01]),
      segments: [
        { from: 0, to: 3, mean: 0 },
        { from: 4, to: 7, mean: 0.01 },
      ],
      changes: [{ at: 4, before: 0, after: 0.01, ratio: null, p: 0, direction: 'worse' }],
      pointsNeeded: 0,
    },
    {
      ...OF,
      ...TIME,
      title: '',
      variant: '',
      points: pointsOf([900, 900, 900, 900, 900], 'other'),
      segments: [{ from: 0, to: 4, mean: 900 }],
      changes: [],
      pointsNeeded: 0,
    },
    {
      ...OF,
      ...TIME,
      machine: { ...OF.machine, cores: 1 },
      variant: 'sticky',
      points: pointsOf([1000, 1001], 'laptop'),
      segments: [{ from: 0, to: 1, mean: 1000.5 }],
      changes: [],
      pointsNeeded: 2,
    },
  ],
  leftOut: [
    { file: 'nightly/14/result.json', variant: 'sticky', because: 'generator-bound' },
    { file: 'nightly/15/result.json', variant: '', because: 'nothing-worked' },
    { file: 'nightly/16/result.json', variant: 'sticky', because: 'no-value' },
  ],
};
