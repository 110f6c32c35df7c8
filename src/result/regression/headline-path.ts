/** @module A metric as the user names it with a flag: in the words of thresholds, or as a path into a summary. */
import { UserError } from '../../units/user-error.ts';
import { nearest } from '../../units/words.ts';
import { metricsOf, type QuantityMetric } from '../measure/metrics.ts';

/** The statistics of a distribution, as thresholds write them. */
const STATISTICS: Readonly<Record<string, string>> = {
  meanUs: 'mean',
  p50Us: 'p(50)',
  p90Us: 'p(90)',
  p95Us: 'p(95)',
  p99Us: 'p(99)',
  p999Us: 'p(99.9)',
  maxUs: 'max',
};

/** The metric that is written in `text`: `p(99)`, `service_time p(50)`, `goodput`, `responseTime.p99Us`. Throws a `UserError` with `flag` when there is none. */
export function metricNamed(flag: string, text: string): QuantityMetric {
  const word = normal(text);
  const metrics = metricsOf();
  const found = metrics.find((one) => wordsOf(one).includes(word));
  if (found === undefined) throw unknownMetric(flag, text, metrics);
  return found;
}

/** The path of the headline metric, written as for {@link metricNamed}. Throws a `UserError` also for one that is better neither way. */
export function headlinePath(text: string): string {
  const found = metricNamed(FLAG, text);
  if (found.metric.better !== 'neither') return found.path;
  throw new UserError({
    where: FLAG,
    what: `${found.metric.label} is neither better nor worse when it changes`,
    expected: EXPECTED,
  });
}

const FLAG = '--headline';

const EXPECTED = 'a metric of docs/metrics.md, such as p(99), goodput or error_rate';

/** With single spaces, and none in brackets. */
const normal = (text: string): string =>
  text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/p\(\s*([\d.]+)\s*\)/g, 'p($1)');

function wordsOf({ quantity: { times }, metric, path }: QuantityMetric): readonly string[] {
  const own = [metric.name, path];
  const written = metric.statistic;
  if (written !== undefined) own.push(`${written.word} p(${written.percentile})`);
  const statistic = STATISTICS[metric.key];
  if (times === undefined || statistic === undefined) return own;
  return [...own, `${times.word} ${statistic}`, ...(times.isDefault ? [statistic] : [])];
}

function unknownMetric(flag: string, text: string, metrics: readonly QuantityMetric[]): UserError {
  const [, percentile] = /^p\s*(\d+(?:\.\d+)?)$/.exec(text.trim()) ?? [];
  const near =
    percentile === undefined ? nearest(normal(text), metrics.flatMap(wordsOf)) : `p(${percentile})`;
  return new UserError({
    where: flag,
    what: `unknown metric "${text}"`,
    expected: EXPECTED,
    ...(near !== undefined && { todo: `did you mean "${near}"?` }),
  });
}
