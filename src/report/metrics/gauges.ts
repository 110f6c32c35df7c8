/** @module The metrics of a result as families of gauges. */
import type { MetricUnit } from '../../profile/section/bound.ts';
import { metricsOf, type QuantityMetric, valueIn } from '../../result/measure/metrics.ts';
import type { Model } from '../model.ts';
import { capital } from '../wording.ts';
import type { FamilyUnit, GaugeFamily, Labels } from './family.ts';

const UNITS: Readonly<Record<MetricUnit, FamilyUnit>> = {
  time: 'seconds',
  share: 'ratio',
  fraction: 'ratio',
  ratio: 'ratio',
  rate: 'per_second',
  count: '',
};

/** A value in the unit of its family. */
const scaled = (unit: MetricUnit, value: number): number => (unit === 'time' ? value / 1_000_000 : value);

/** What describes the run as a whole, then every metric of every variant; without those that no variant has. */
export function gaugeFamilies(model: Model): readonly GaugeFamily[] {
  const metrics = metricsOf(model.quantities).filter(({ metric }) => !metric.key.startsWith(OUTCOMES));
  return [
    ...runFamilies(model),
    callsFamily(model),
    ...metricFamilies(metrics, model),
    ...metrics.flatMap((one) => callFamilies(one, model)),
  ].filter(({ points }) => points.length > 0);
}

/** Those of `metrics` that a variant has. */
export const metricFamilies = (metrics: readonly QuantityMetric[], model: Model): readonly GaugeFamily[] =>
  metrics.map((one) => variantFamily(one, model)).filter(({ points }) => points.length > 0);

/** Their metrics are one family, with the outcome as a label. */
const OUTCOMES = 'outcomes.';

function runFamilies({ document, title }: Model): readonly GaugeFamily[] {
  const { paceline, seed, createdAt, revision, verdict } = document;
  const about: Labels = {
    title,
    version: paceline,
    seed: String(seed),
    ...(revision && { revision: revision.commit }),
  };
  return [
    gauge('run_info', '', 'The run; always 1.', [{ labels: about, value: 1 }]),
    gauge('run_timestamp', 'seconds', 'When the run began, in seconds since 1970.', [
      { labels: {}, value: Date.parse(createdAt) / 1000 },
    ]),
    gauge('verdict', '', 'The verdict of the thresholds; always 1.', [
      { labels: { status: verdict.status }, value: 1 },
    ]),
  ];
}

const callsFamily = ({ measured }: Model): GaugeFamily =>
  gauge(
    'calls',
    '',
    'Calls by how they ended.',
    measured.flatMap(({ name, summary: { calls } }) =>
      Object.entries(calls.outcomes).map(([outcome, value]) => ({
        labels: { variant: name, outcome },
        value: value ?? 0,
      })),
    ),
  );

function variantFamily(one: QuantityMetric, { measured }: Model): GaugeFamily {
  const { name, unit } = one.metric;
  const points = measured.flatMap(({ name: variant, summary }) => {
    const value = valueIn(summary, one);
    return value === undefined ? [] : [{ labels: { variant }, value: scaled(unit, value) }];
  });
  return gauge(name, UNITS[unit], `${helpOf(one.metric)}.`, points);
}

function callFamilies({ metric }: QuantityMetric, { measured }: Model): readonly GaugeFamily[] {
  const { name, unit, byCall } = metric;
  if (byCall === undefined) return [];
  const points = measured.flatMap(({ name: variant, summary }) =>
    Object.entries(summary.byCall).flatMap(([call, figures]) => {
      const value = byCall.read(figures) ?? undefined;
      return value === undefined ? [] : [{ labels: { variant, call }, value: scaled(unit, value) }];
    }),
  );
  return [gauge(`by_call_${name}`, UNITS[unit], `${helpOf(metric)}; of each call.`, points)];
}

const helpOf = ({ label, meaning }: QuantityMetric['metric']): string =>
  meaning === undefined ? capital(label) : `${capital(label)}: ${meaning}`;

const gauge = (name: string, unit: FamilyUnit, help: string, points: GaugeFamily['points']): GaugeFamily => ({
  kind: 'gauge',
  name: `paceline_${name}${unit === '' ? '' : `_${unit}`}`,
  unit,
  help,
  points,
});
