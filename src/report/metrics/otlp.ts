/**
 * @module The families of a result as OpenTelemetry metrics. The buckets are ready, so they are handed to an exporter as they are, without
 * instruments that would count each call again. Source: https://opentelemetry.io/docs/specs/otel/metrics/data-model/.
 */
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type MetricDescriptor,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { ResultDocument } from '../../result/document.ts';
import type { Model } from '../model.ts';
import { BOUNDS_SECONDS, type Family, type FamilyUnit } from './family.ts';
import { gaugeFamilies } from './gauges.ts';
import { histogramFamilies } from './histograms.ts';

/** By the Unified Code for Units of Measure, as OpenTelemetry asks. */
const UNITS: Readonly<Record<FamilyUnit, string>> = {
  seconds: 's',
  ratio: '1',
  per_second: '{call}/s',
  '': '1',
};

/** `ValueType.DOUBLE` of `@opentelemetry/api`. */
const DOUBLE = 1 satisfies MetricDescriptor['valueType'];

/** `attributes` of the resource replace our own: `service.name`, `service.version` and `vcs.ref.head.revision`. */
export function otlpMetrics(model: Model, attributes: Readonly<Record<string, string>>): ResourceMetrics {
  const { document } = model;
  const [startTime, endTime] = spanOf(document);
  const families: readonly Family[] = [...gaugeFamilies(model), ...histogramFamilies(model)];
  return {
    resource: resourceFromAttributes({
      'service.name': 'paceline',
      'service.version': document.paceline,
      ...(document.revision && { 'vcs.ref.head.revision': document.revision.commit }),
      ...attributes,
    }),
    scopeMetrics: [
      {
        scope: { name: 'paceline', version: document.paceline },
        metrics: families.map((family) => metricOf(family, { startTime, endTime })),
      },
    ],
  };
}

type Time = MetricData['dataPoints'][number]['startTime'];

function metricOf(family: Family, times: { readonly startTime: Time; readonly endTime: Time }): MetricData {
  const descriptor: MetricDescriptor = {
    name: family.name,
    description: family.help,
    unit: UNITS[family.unit],
    valueType: DOUBLE,
  };
  const about = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
  if (family.kind === 'gauge') {
    const dataPoints = family.points.map(({ labels, value }) => ({ ...times, attributes: labels, value }));
    return { ...about, dataPointType: DataPointType.GAUGE, dataPoints };
  }
  const dataPoints = family.points.map(({ labels, counts, sumSeconds }) => ({
    ...times,
    attributes: labels,
    value: {
      buckets: { boundaries: [...BOUNDS_SECONDS], counts: [...counts] },
      count: counts.reduce((sum, count) => sum + count, 0),
      sum: sumSeconds,
    },
  }));
  return { ...about, dataPointType: DataPointType.HISTOGRAM, dataPoints };
}

/** From the start of the run to the end of its last trial. */
function spanOf({ createdAt, variants }: ResultDocument): readonly [Time, Time] {
  const start = Date.parse(createdAt);
  const ends = variants.flatMap(({ repetitions }) =>
    repetitions.map(
      ({ startedAt, windows }) => Date.parse(startedAt) + ((windows.at(-1)?.atMs ?? -1000) + 1000),
    ),
  );
  return [timeOf(start), timeOf(Math.max(start, ...ends))];
}

/** Whole seconds and nanoseconds. */
const timeOf = (ms: number): Time => [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];
