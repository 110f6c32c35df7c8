/** @module What caches gave and what was fetched, by method. */

import type { CacheMethodFigures } from '../../../result/measure/cache-figures.ts';
import { statisticOf } from '../../../result/measure/distribution.ts';
import { besideCaches } from '../../caching/cached.ts';
import type { Model } from '../../model.ts';
import { count, list, NOTHING } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import { type CachingTable, microsCell, shareCell } from './section.ts';

/** Why a call was fetched, in the order of {@link FETCH_REASONS}. */
const REASONS: Readonly<Record<string, string>> = {
  off: 'nothing is kept',
  cold: 'not kept yet',
  expired: 'expired',
  invalidated: 'a change was told',
  'not-kept': 'may not be kept',
  evicted: 'had made room',
  evidence: 'an error showed it stale',
};

function table(model: Model): TextTable {
  return {
    heads: [
      'variant',
      'method',
      'calls',
      'hits',
      'hits %',
      'waited',
      'fetched',
      'failed',
      'p50 us',
      'p99 us',
      'largest answer, bytes',
      'fetched because',
    ],
    rows: besideCaches(model).flatMap(({ name, cache }) =>
      Object.entries(cache.byMethod).map(([method, one]) => [
        name,
        method,
        count(one.calls),
        count(one.hits),
        shareCell(one.hitRatio),
        count(one.waits),
        count(one.fetches),
        count(one.failed),
        ...(['p50Us', 'p99Us'] as const).map((key) =>
          microsCell(one.listTime && statisticOf(one.listTime, key)),
        ),
        count(one.largestBytes),
        reasonsText(one),
      ]),
    ),
  };
}

/** `expired 812, not kept yet 64`. */
function reasonsText({ reasons }: CacheMethodFigures): string {
  const known = Object.entries(REASONS).flatMap(([reason, text]) => {
    const fetches = reasons[reason] ?? 0;
    return fetches === 0 ? [] : [`${text} ${count(fetches)}`];
  });
  return known.length === 0 ? NOTHING : list(known);
}

export const methods: CachingTable = {
  title: 'By method',
  note: 'Hits: given from a fresh entry. Waited: given from the answer to a request of another call that was under way. Fetched: requests that reached the origin, those that failed among them. The times are those of callers, hits included.',
  table,
};
