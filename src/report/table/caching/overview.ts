/** @module What caching came to, in one row per variant: what it saves at the origin, what callers feel, and how old the oldest result was. */
import { statisticOf } from '../../../result/measure/distribution.ts';
import { besideCaches, type Cached, placeText, ttlsText } from '../../caching/cached.ts';
import type { Model } from '../../model.ts';
import { count, NOTHING } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import { type CachingTable, figureCell, microsCell, millisCell, shareCell } from './section.ts';

/** For a terminal; none where nothing is kept anywhere. */
export function overviewTable(model: Model): TextTable {
  return {
    heads: ['variant', 'ttlMs', 'hits %', 'origin/s', 'list p50 us', 'list p99 us', 'oldest ms', 'peak/mean'],
    rows: besideCaches(model).map((one) => {
      const { cache } = one;
      return [
        one.name,
        ttlCell(one),
        shareCell(cache.hitRatio),
        figureCell(cache.originPerSecond),
        ...timeCells(cache.listTime),
        millisCell(cache.ageServedMaxMs),
        figureCell(cache.peakOverMean),
      ];
    }),
  };
}

const ttlCell = (one: Cached): string => ttlsText(one) || NOTHING;

const timeCells = (of: Cached['cache']['listTime']): readonly string[] =>
  (['p50Us', 'p99Us'] as const).map((key) => microsCell(of && statisticOf(of, key)));

function table(model: Model): TextTable {
  return {
    heads: [
      'variant',
      'ttlMs',
      'kept by',
      'hits %',
      'origin requests/s',
      'requests avoided',
      'MB avoided',
      'list p50 us',
      'list p99 us',
      'at the origin p50 us',
      'at the origin p99 us',
      'oldest given ms',
    ],
    rows: besideCaches(model).map((one) => {
      const { cache } = one;
      return [
        one.name,
        ttlCell(one),
        placeText(one),
        shareCell(cache.hitRatio),
        figureCell(cache.originPerSecond),
        count(cache.originCallsAvoided),
        megabytes(cache.bytesAvoided),
        ...timeCells(cache.listTime),
        ...timeCells(cache.originTime),
        millisCell(cache.ageServedMaxMs),
      ];
    }),
  };
}

const megabytes = (bytes: number): string => figureCell(bytes / 1e6);

export const overview: CachingTable = {
  title: 'What caching saves',
  note: 'Hits: calls that a cache answered, of all calls whose results can be kept. List: the time that callers wait for such a result, hits included; at the origin: the time of those that were fetched. Oldest given: the time since the origin had answered, of the oldest result that a cache gave.',
  table,
};
