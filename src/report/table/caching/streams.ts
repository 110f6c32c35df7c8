/** @module The streams on which agents are told of changes. */
import { cached } from '../../caching/cached.ts';
import type { Model } from '../../model.ts';
import { count } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import type { CachingTable } from './section.ts';

const COLUMNS = [
  ['held at once', 'held'],
  ['refused', 'refused'],
  ['for less than asked', 'reduced'],
  ['lost', 'lost'],
  ['opened anew', 'reopened'],
  ['notifications', 'notifications'],
] as const;

function table(model: Model): TextTable {
  return {
    heads: ['variant', ...COLUMNS.map(([head]) => head), 'entries made stale'],
    rows: cached(model).flatMap(({ name, cache: { subscriptions, invalidated } }) =>
      subscriptions === null
        ? []
        : [[name, ...COLUMNS.map(([, key]) => count(subscriptions[key])), count(invalidated)]],
    ),
  };
}

export const streams: CachingTable = {
  title: 'Streams for changes',
  note: 'Streams of subscriptions/listen. When one is lost, whatever it would have told of counts as stale.',
  table,
};
