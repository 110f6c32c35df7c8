/** @module What caching gains against the same load without it, with intervals. */
import type { CacheGain } from '../../../result/measure/cache-figures.ts';
import { keeping } from '../../caching/cached.ts';
import type { Model } from '../../model.ts';
import { NOTHING } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import { type CachingTable, figureCell, microsCell } from './section.ts';

type Difference = CacheGain['originPerSecond'];

const COLUMNS = [
  ['origin requests/s', 'originPerSecond', figureCell],
  ['list p50 us', 'listP50Us', microsCell],
  ['list p99 us', 'listP99Us', microsCell],
  ['other calls p50 us', 'callP50Us', microsCell],
  ['other calls p99 us', 'callP99Us', microsCell],
  ['cores of the fleet', 'fleetCores', figureCell],
] as const;

function table(model: Model): TextTable {
  return {
    heads: ['variant', 'against', ...COLUMNS.map(([head]) => head)],
    rows: keeping(model).flatMap(({ name, cache: { gain } }) =>
      gain === null ? [] : [[name, gain.base, ...COLUMNS.map(([, key, show]) => cellOf(gain[key], show))]],
    ),
  };
}

/** The interval of the difference; of too few repetitions both values. */
function cellOf(difference: Difference | null, show: (value: number) => string): string {
  if (difference === null) return NOTHING;
  const { base, value, low, high } = difference;
  return low === null || high === null
    ? `${show(value)} against ${show(base)}`
    : `[${show(low)}, ${show(high)}]`;
}

export const gain: CachingTable = {
  title: 'With caching less without',
  note: 'Differences over the repetitions of the same schedule of calls, as intervals that each hold at 95 % by themselves. Below 0 is less with caching; an interval that contains 0 says that no difference is certain. Cores: processor time of all instances and of the embedded balancer per second of the run.',
  table,
};
