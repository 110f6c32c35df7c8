/** @module What the metric of a comparison is called for people. */

/** A metric as `comparisons` name it: a path into the summary. */
export interface Metric {
  readonly name: string;
  /** `p99 response time`. */
  readonly label: string;
}

const SERIES: Readonly<Record<string, string>> = {
  responseTime: 'response time',
  serviceTime: 'service time',
  sendLag: 'send lag',
};
const FIGURES: Readonly<Record<string, string>> = {
  meanUs: 'mean',
  p50Us: 'p50',
  p90Us: 'p90',
  p95Us: 'p95',
  p99Us: 'p99',
  p999Us: 'p99.9',
  maxUs: 'longest',
};
const OTHERS: Readonly<Record<string, string>> = {
  'rate.achievedPerSecond': 'answered calls per second',
  'calls.errorRate': 'error rate',
  'balance.maxOverMean': 'load of the busiest instance over the mean',
};

/** The metric named `name`; an unknown one is called by its name. */
export function metricOf(name: string): Metric {
  const [series = '', figure = ''] = name.split('.');
  const label = SERIES[series] && FIGURES[figure] && `${FIGURES[figure]} ${SERIES[series]}`;
  return { name, label: label || (OTHERS[name] ?? name) };
}

/** The metric that findings speak of. */
export const HEADLINE_METRIC = 'responseTime.p99Us';
