/** @module The quantities `okResponseTime`, `responseTime`, `serviceTime` and `sendLag`: distributions of times. */
import { Distribution, distribution, type Statistic, statisticOf } from './distribution.ts';
import type { ByCall, Metric, Quantity, Times } from './quantity.ts';

/** Which calls have a time, as a clause; as the recorder counts them (`timed` in src/recording/recorder.ts). */
export const WHO_IS_TIMED = 'errors and timeouts are included, failed connections are not';

/** What a response time is, after its percentile. */
const SINCE_DUE = `from the moment that a call was due to its last byte; ${WHO_IS_TIMED}`;

/** Why there may be no time. */
export const NO_TIMES = 'no call ended with a time (refused and broken connections have none)';

/** By the words of columns and of people. */
const STATISTICS: readonly (readonly [key: Statistic, name: string, label: string])[] = [
  ['meanUs', 'mean', 'mean'],
  ['p50Us', 'p50', 'p50'],
  ['p90Us', 'p90', 'p90'],
  ['p95Us', 'p95', 'p95'],
  ['p99Us', 'p99', 'p99'],
  ['p999Us', 'p999', 'p99.9'],
  ['maxUs', 'max', 'longest'],
];

/** What a statistic has beside its value. */
type Extras = Partial<
  Record<Statistic, Pick<Metric<Distribution>, 'byCall' | 'column' | 'compared' | 'meaning'>>
>;

function statistics(word: string, label: string, extras: Extras): readonly Metric<Distribution>[] {
  return STATISTICS.map(([key, name, statistic]) => ({
    name: `${word}_${name}`,
    key,
    label: `${statistic} ${label}`,
    unit: 'time',
    better: 'lower',
    read: (of) => statisticOf(of, key),
    absent: NO_TIMES,
    ...extras[key],
  }));
}

/** A quantity whose figures are the distribution of `times`; the names of its metrics begin with `word`. */
export function timesQuantity<Name extends string>(
  name: Name,
  label: string,
  times: Times,
  extras: Extras,
  word = times.word,
): Quantity<Name, Distribution> {
  return {
    name,
    schema: Distribution,
    figures: (recording, totals) => distribution(times.series(recording, totals)),
    metrics: statistics(word, label, extras),
    times,
  };
}

const ofCall = (series: 'responseTime' | 'serviceTime', key: Statistic, head: string): ByCall => ({
  read: (call) => statisticOf(call[series], key),
  absent: NO_TIMES,
  head,
});

export const responseTime: Quantity<'responseTime', Distribution> = {
  ...timesQuantity(
    'responseTime',
    'response time',
    {
      series: (_, totals) => totals.responseTime,
      word: 'all_response_time',
      isDefault: false,
      byCall: true,
      byInstance: true,
      overWindows: true,
      isOfTheRun: false,
    },
    {
      p50Us: {
        byCall: ofCall('responseTime', 'p50Us', 'response p50'),
        column: { head: 'p50', in: 'both' },
        meaning: `time that half of the calls do not exceed, ${SINCE_DUE}`,
        compared: 'with-like-failures',
      },
      p95Us: { column: { head: 'p95', in: 'results' } },
      p99Us: {
        byCall: ofCall('responseTime', 'p99Us', 'response p99'),
        column: { head: 'p99', in: 'both' },
        meaning: `time that 99 % of the calls do not exceed, ${SINCE_DUE}`,
        compared: 'with-like-failures',
      },
      p999Us: { column: { head: 'p99.9', in: 'results' } },
      maxUs: { column: { head: 'max', in: 'results' } },
    },
    'response_time',
  ),
  note: `Response time in ms from the moment a call was due to its last byte; ${WHO_IS_TIMED}. A call that timed out counts with the time that it was waited for: its answer would have taken longer.`,
};

/** What thresholds on a response time bound: the time of a failure is no fast answer. Older results do not have it. */
export const okResponseTime: Quantity<'okResponseTime', Distribution | undefined> = {
  ...timesQuantity(
    'okResponseTime',
    'response time of successful calls',
    {
      series: (_, totals) => totals.okResponseTime,
      word: 'response_time',
      isDefault: true,
      byCall: true,
      byInstance: true,
      overWindows: true,
      isOfTheRun: false,
    },
    { p99Us: { column: { head: 'p99 of ok', in: 'results' } } },
    'ok_response_time',
  ),
  schema: Distribution.optional(),
};

export const serviceTime: Quantity<'serviceTime', Distribution> = timesQuantity(
  'serviceTime',
  'service time',
  {
    series: (_, totals) => totals.serviceTime,
    word: 'service_time',
    isDefault: false,
    byCall: true,
    isOfTheRun: false,
  },
  {
    p50Us: { byCall: ofCall('serviceTime', 'p50Us', 'service p50') },
    p99Us: { byCall: ofCall('serviceTime', 'p99Us', 'service p99') },
  },
);

export const sendLag: Quantity<'sendLag', Distribution> = timesQuantity(
  'sendLag',
  'send lag',
  {
    series: ({ sendLag: series }) => series,
    word: 'send_lag',
    isDefault: false,
    byCall: false,
    isOfTheRun: true,
  },
  {},
);
