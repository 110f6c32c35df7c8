/** @module What callers got after each change of the catalogue. */
import { statisticOf } from '../../../result/measure/distribution.ts';
import { placeText } from '../../caching/cached.ts';
import { changeRows, changeText } from '../../caching/changes.ts';
import type { Model } from '../../model.ts';
import { count } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import { type CachingTable, microsCell, millisCell } from './section.ts';

function table(model: Model): TextTable {
  return {
    heads: [
      'variant',
      'kept by',
      'change',
      'servers notify',
      'answers since',
      'old ones',
      'last old one ms',
      'agents',
      'with the new one',
      'last agent ms',
      'notified p50 us',
      'calls failed',
    ],
    rows: changeRows(model).map(({ one, change }) => [
      one.name,
      placeText(one),
      changeText(change),
      change.notify ? 'yes' : 'no',
      count(change.answered),
      count(change.old),
      millisCell(change.lastOldMs),
      count(change.agents),
      count(change.reached),
      millisCell(change.lastAgentMs),
      microsCell(change.fanOut && statisticOf(change.fanOut, 'p50Us')),
      count(one.cache.failedByStaleList),
    ]),
  };
}

export const changes: CachingTable = {
  title: 'After changes of the catalogue',
  note: 'Each answer of the built-in servers carries the version of their catalogue, so that old ones are counted, not guessed. Times count from the confirmation of the change by all instances. Last agent: until the last agent that had an older version got the new one, which also takes a call of it. Calls failed: calls of tools that failed because the list of their agent was older than the catalogue, after all changes together.',
  table,
};
