import { describe, expect, it } from 'vitest';
import type { ComparisonDocument } from '../../../result/regression/document.ts';
import * as samples from '../../sample-comparison.case.ts';
import type { Chart } from '../chart.ts';
import { axisOf, onOneAxis } from './axis.ts';
import { pairedChanges } from './changes.ts';
import { overlaid } from './distributions.ts';
import { repetitionValues } from './values.ts';

const CHARTS: Readonly<Record<string, (document: ComparisonDocument) => Chart | undefined>> = {
  changes: pairedChanges,
  distributions: ({ distributions = [] }) => overlaid(distributions),
  values: ({ changes }) =>
    repetitionValues(
      changes.filter(({ isHeadline }) => isHeadline),
      '',
    ),
};

/** Specifications as they are stored: numbers to four digits, since libraries of other machines may differ in the last one. */
const stored = (chart: Chart): string =>
  `${JSON.stringify(
    chart.spec('wide'),
    (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value),
    1,
  )}\n`;

describe('the charts of a comparison', () => {
  it.each(Object.entries(CHARTS))('draw %s as stored', async (name, draw) => {
    await expect(stored(draw(samples.regressed())!)).toMatchFileSnapshot(`golden/${name}.golden.json`);
  });

  it.each(Object.entries(CHARTS))('have the figures of %s in a table', (_, draw) => {
    const { table } = draw(samples.severalVariants())!;
    expect(table.rows.length).toBeGreaterThan(3);
    for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
  });

  it.each(Object.entries(CHARTS))('draw no %s of nothing', (_, draw) => {
    expect(draw({ ...samples.same(), changes: [], distributions: [] })).toBeUndefined();
  });

  it('have the margin where the rule has it: a change and its reversal count alike', () => {
    const [low, high] = axisOf({ scale: 'ratio', unit: 'time', margin: 0.05 }).band;
    expect(high).toBeCloseTo(5, 10);
    expect((1 + low / 100) * (1 + high / 100)).toBeCloseTo(1, 10);
    expect(axisOf({ scale: 'difference', unit: 'share', margin: 0.005 }).band).toEqual([-0.5, 0.5]);
  });

  it('keep metrics of different units on axes of their own', () => {
    const groups = onOneAxis(samples.severalVariants().changes);
    expect(groups.map((group) => new Set(group.map(({ scale }) => scale)).size)).toEqual(groups.map(() => 1));
    expect(groups.length).toBeGreaterThan(1);
  });
});
