/** @module What would be with other lifetimes, replayed from the calls of one run. */
import { ttlText } from '../../caching/cached.ts';
import { curvesOf } from '../../caching/curves.ts';
import type { Model } from '../../model.ts';
import type { TextTable } from '../headline.ts';
import { type CachingTable, figureCell, millisCell, shareCell } from './section.ts';

/** More rows than this of a curve are thinned out evenly; first and last stay. */
const MOST_ROWS = 12;

/** At most {@link MOST_ROWS} of them, evenly spread by their place. */
function thinned<One>(all: readonly One[]): readonly One[] {
  if (all.length <= MOST_ROWS) return all;
  const places = Array.from({ length: MOST_ROWS }, (_, at) =>
    Math.round((at * (all.length - 1)) / (MOST_ROWS - 1)),
  );
  return places.map((place) => all[place]!);
}

function table(model: Model): TextTable {
  return {
    heads: [
      'caches',
      'ttlMs',
      'hits %',
      'closed form %',
      'saved %',
      'origin requests/s',
      'mean age ms',
      'oldest ms',
      'peak over mean',
    ],
    rows: curvesOf(model).flatMap(({ label, points }) =>
      thinned(points).map((point) => [
        label,
        ttlText(point.ttlMs),
        shareCell(point.hitRatio),
        shareCell(point.closedForm),
        shareCell(point.avoided),
        figureCell(point.originPerSecond),
        millisCell(point.meanAgeMs),
        millisCell(point.maxAgeMs),
        figureCell(point.peakOverMean),
      ]),
    ),
  };
}

export const curve: CachingTable = {
  title: 'With any other ttlMs',
  note: 'The calls of one run, replayed through caches with other lifetimes: no further measurement. Mean age: of all calls, fetched ones with 0. Peak over mean: requests to the origin in the busiest 100 ms. The closed form is that of a steady load; a run that begins with empty caches, or is not much longer than ttlMs, has fewer hits.',
  table,
};
