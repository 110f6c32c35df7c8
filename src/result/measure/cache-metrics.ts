/** @module The metrics of caching, for thresholds, comparisons, tables and CSV. */
import type { CacheFigures } from './cache-figures.ts';
import { statisticOf } from './distribution.ts';
import type { Metric } from './quantity.ts';

const NO_CALLS = 'no call had a result that can be kept';
const NO_FETCH = 'no request reached the origin';
const NO_HIT = 'no cache gave a result whose age is known';
const NO_CHANGE = 'the catalogue did not change, or no call followed';

type Row = Omit<Metric<CacheFigures>, 'better'>;

const lower = (row: Row): Metric<CacheFigures> => ({ ...row, better: 'lower' });

/** Whether a cache is on one of two sides: without any, both have no hit, and the same requests as calls. */
const hasCache = (base: CacheFigures, candidate: CacheFigures): boolean =>
  [base, candidate].some(({ honour, hits }) => honour || hits > 0);

/** A number of calls that should be 0. */
const faults = (
  name: string,
  key: 'failedByStaleList' | 'uncheckedHits',
  label: string,
): Metric<CacheFigures> =>
  lower({ name, key, label, unit: 'count', read: (figures) => figures[key], absent: NO_CALLS });

const timeAt = (
  name: string,
  of: 'listTime' | 'originTime',
  key: 'p50Us' | 'p99Us',
  label: string,
): Metric<CacheFigures> =>
  lower({
    name,
    key: `${of}.${key}`,
    label,
    unit: 'time',
    read: (figures) => figures[of] && statisticOf(figures[of], key),
    absent: of === 'listTime' ? NO_CALLS : NO_FETCH,
    hasSpread: true,
  });

/** A time that the figures have in milliseconds. */
const milliseconds = (
  name: string,
  key: 'ageServedMaxMs' | 'staleMaxMs' | 'lastAgentMs',
  label: string,
  absent: string,
): Metric<CacheFigures> =>
  lower({
    name,
    key,
    label,
    unit: 'time',
    read({ [key]: ms }) {
      return ms === null ? null : ms * 1000;
    },
    absent,
  });

export const CACHE_METRICS: readonly Metric<CacheFigures>[] = [
  {
    name: 'hit_ratio',
    key: 'hitRatio',
    label: 'share of cacheable calls that a cache answered',
    unit: 'fraction',
    better: 'higher',
    read: ({ hitRatio }) => hitRatio,
    absent: NO_CALLS,
    fromServer: true,
    compared: 'always',
    comparable: hasCache,
    counted: ({ hits, misses }) => ({ events: hits, of: hits + misses }),
    column: { head: 'hit ratio', in: 'own' },
  },
  lower({
    name: 'origin_rate',
    key: 'originPerSecond',
    label: 'cacheable requests per second that reached the origin',
    unit: 'rate',
    read: ({ hits, misses, originPerSecond }) => (hits + misses === 0 ? null : originPerSecond),
    absent: NO_CALLS,
    fromServer: true,
    compared: 'always',
    comparable: hasCache,
    offered: ({ hits, misses }) => hits + misses,
    column: { head: 'origin requests', in: 'own' },
  }),
  lower({
    name: 'origin_peak_rate',
    key: 'peakPerSecond',
    label: 'cacheable requests per second that reached the origin in the busiest 100 ms',
    unit: 'rate',
    read: ({ peakPerSecond }) => peakPerSecond,
    absent: NO_FETCH,
    hasSpread: true,
  }),
  lower({
    name: 'origin_peak_over_mean',
    key: 'peakOverMean',
    label: 'requests to the origin in the busiest 100 ms over their mean',
    unit: 'ratio',
    read: ({ peakOverMean }) => peakOverMean,
    absent: NO_FETCH,
    hasSpread: true,
  }),
  timeAt('list_p50', 'listTime', 'p50Us', 'p50 of cacheable calls, hits included'),
  timeAt('list_p99', 'listTime', 'p99Us', 'p99 of cacheable calls, hits included'),
  timeAt('origin_p50', 'originTime', 'p50Us', 'p50 of fetches from the origin'),
  timeAt('origin_p99', 'originTime', 'p99Us', 'p99 of fetches from the origin'),
  milliseconds('age_served', 'ageServedMaxMs', 'largest age of what a cache gave', NO_HIT),
  lower({
    name: 'served_after_change',
    key: 'servedAfterChange',
    label: 'share of answers after a change of the catalogue that were older than it',
    unit: 'share',
    read: ({ servedAfterChange }) => servedAfterChange,
    absent: NO_CHANGE,
  }),
  milliseconds('stale_served', 'staleMaxMs', 'time for which older answers followed a change', NO_CHANGE),
  milliseconds(
    'last_agent',
    'lastAgentMs',
    'time until the last agent had the changed catalogue',
    'the catalogue did not change, or not every agent got what is new',
  ),
  faults('failed_by_stale_list', 'failedByStaleList', 'calls that failed because of a stale list'),
  faults('unchecked_hits', 'uncheckedHits', 'hits without a check by the server'),
];
