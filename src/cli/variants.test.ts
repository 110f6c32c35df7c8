import { describe, expect, it } from 'vitest';
import { parseProfile } from '../experiment/parse-profile.ts';
import type { MetricUnit } from '../profile/section/bound.ts';
import { demo } from '../report/sample-document.case.ts';
import { boundedMetrics } from '../result/measure/metrics.ts';
import { check } from '../result/verdict/judge.ts';
import { selectVariants } from './variants.ts';

const PROFILE = parseProfile(`
version: 1
load: { rate: 100/s }
calls: [{ list: tools }]
fleet: {}
variants:
  - { name: a }
  - { name: b, base: c, fleet.era: sessions }
  - { name: c, load.agents: 5 }
thresholds: ["dropped == 0", "rate > 5/s for a"]
`);

describe('the variants that are selected', () => {
  it('are all of them without names', () => {
    expect(selectVariants(PROFILE, [])).toBe(PROFILE);
  });

  it('keep their order and only the thresholds for them', () => {
    const { variants, thresholds, notices } = selectVariants(PROFILE, ['c', 'b']);
    expect(variants.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(thresholds).toEqual(['dropped == 0']);
    expect(notices).toEqual([]);
  });

  it('are not compared when their base is not run, and say so', () => {
    expect(selectVariants(PROFILE, ['a', 'b']).notices).toEqual([
      '"b" is not compared: its base, "c", is not among the variants that are run',
    ]);
  });
});

describe('a threshold for one variant', () => {
  const BOUNDS: Readonly<Record<MetricUnit, string>> = {
    time: '1s',
    share: '50%',
    rate: '1/s',
    fraction: '0.5',
    ratio: '1.5',
    count: '1',
  };

  it.each(boundedMetrics())('can bound $name, and is checked on that variant alone', (metric) => {
    const { variants } = demo();
    const { name } = variants[1]!;
    const subject = metric.isDistribution ? `${metric.name} p(99)` : metric.name;
    const text = `${subject} < ${BOUNDS[metric.unit]} for "${name}"`;
    expect(check(variants, [text]).map(({ variant }) => variant)).toEqual([name]);
  });
});
