/** @module The distributions of times of a result as families of histograms. */
import { countsIn, decodeHistogram } from '../../recording/histogram.ts';
import type { Summary } from '../../result/document.ts';
import type { Distribution } from '../../result/measure/distribution.ts';
import { figuresIn } from '../../result/measure/metrics.ts';
import { callSeries, partSeries, type Quantity } from '../../result/measure/quantity.ts';
import { okResponseTime, responseTime } from '../../result/measure/times.ts';
import type { Measured, Model } from '../model.ts';
import { BOUNDS_SECONDS, type HistogramFamily, type HistogramPoint, type Labels } from './family.ts';

const MICROS = 1_000_000;

/** All of them; those in which no variant has a time are left out. */
export function histogramFamilies({ measured, quantities }: Model): readonly HistogramFamily[] {
  const others = quantities.filter(({ name }) => name !== responseTime.name && name !== okResponseTime.name);
  const families = [
    family('response_time', 'Response time from the moment a call was due, by call and outcome.', measured, [
      responseTimes,
    ]),
    ...others.flatMap((quantity) => familiesOf(quantity, measured)),
  ];
  return families.filter(({ points }) => points.length > 0);
}

type Points = (summary: Summary) => readonly HistogramPoint[];

/** `word`: as thresholds name the distribution. */
function family(
  word: string,
  help: string,
  measured: readonly Measured[],
  points: readonly Points[],
): HistogramFamily {
  return {
    kind: 'histogram',
    name: `paceline_${word}_seconds`,
    help,
    unit: 'seconds',
    points: measured.flatMap(({ name, summary }) =>
      points
        .flatMap((of) => of(summary))
        .map((point) => ({ ...point, labels: { variant: name, ...point.labels } })),
    ),
  };
}

function familiesOf(quantity: Quantity, measured: readonly Measured[]): readonly HistogramFamily[] {
  const { name, times, parts = [] } = quantity;
  const whole = times && [
    family(times.word, `Distribution of ${times.word.replaceAll('_', ' ')}.`, measured, [
      (summary) => pointOf({}, summary.histograms[name], figuresIn(summary, quantity) as Distribution),
    ]),
  ];
  const rest = parts.map((part) =>
    family(part.word, `Distribution of times: ${part.word}.`, measured, [
      (summary) => {
        const figures = figuresIn(summary, quantity);
        const of = figures === undefined ? null : part.read(figures);
        return pointOf({}, summary.histograms[partSeries(name, part.key)], of);
      },
    ]),
  );
  return [...(whole ?? []), ...rest];
}

/** Of each call, those that ended ok and the others; of older results, all calls together. */
function responseTimes(summary: Summary): readonly HistogramPoint[] {
  const { histograms, byCall } = summary;
  const calls = Object.entries(byCall).flatMap(([call, figures]): readonly HistogramPoint[] => {
    const { responseTime: all, okResponseTime: ok } = figures;
    const [whole] = pointOf({ call }, histograms[callSeries(responseTime.name, call)], all);
    if (whole === undefined) return [];
    if (ok === undefined) return [whole];
    const [good = { ...whole, counts: whole.counts.map(() => 0), sumSeconds: 0 }] = pointOf(
      { call },
      histograms[callSeries(okResponseTime.name, call)],
      ok,
    );
    return [
      { ...good, labels: { call, outcome: 'ok' } },
      {
        labels: { call, outcome: 'failed' },
        counts: whole.counts.map((count, at) => count - good.counts[at]!),
        sumSeconds: Math.max(0, whole.sumSeconds - good.sumSeconds),
      },
    ];
  });
  return calls.length > 0
    ? calls
    : pointOf({}, histograms[responseTime.name], figuresIn(summary, responseTime) as Distribution);
}

/** One point, or none without times. A time within 0.1 % of a bound may be on its other side, as in the recorded histogram. */
function pointOf(
  labels: Labels,
  encoded: string | undefined,
  of: Distribution | null | undefined,
): readonly HistogramPoint[] {
  if (encoded === undefined || !of || of.count === 0) return [];
  const counts = Array<number>(BOUNDS_SECONDS.length + 1).fill(0);
  let bucket = 0;
  for (const [us, calls] of countsIn(decodeHistogram(encoded))) {
    while (bucket < BOUNDS_SECONDS.length && us > BOUNDS_SECONDS[bucket]! * MICROS) bucket += 1;
    counts[bucket]! += calls;
  }
  return [{ labels, counts, sumSeconds: (of.meanUs * of.count) / MICROS }];
}
