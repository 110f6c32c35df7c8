/** @module The key `cache`: whether results are kept for `ttlMs`, and where. */
import { type Micros, parseDuration } from '../../units/time.ts';
import { variantSection } from './section.ts';
import { choice, duration, flag, integer, mapping, number } from './values.ts';

export const CACHE_PLACES = ['agent', 'gateway'] as const;
/** `agent`: each agent has its own. `gateway`: the balancer has one for all of them. */
export type CachePlace = (typeof CACHE_PLACES)[number];

export interface CacheSettings {
  /** Whether anything is kept; what follows has no effect without it. */
  readonly honour: boolean;
  readonly at: CachePlace;
  /** Most entries of one cache; the one used longest ago makes room. Absent: no limit. */
  readonly capacity?: number;
  /** Whether requests for what is being fetched wait for that answer. */
  readonly singleFlight: boolean;
  /** By which share of `ttlMs` at most an entry expires earlier, drawn for each: 0 to 1. */
  readonly jitter: number;
  /** For how long after its end of freshness an entry is served when it cannot be fetched anew; 0: never. */
  readonly staleIfErrorUs: Micros;
  /** Whether each agent holds a stream `subscriptions/listen`. */
  readonly subscribe: boolean;
  /** The longest time after a change for which the user accepts an old result: bounds the recommended `ttlMs`. Absent: no bound. */
  readonly maxStaleUs?: Micros;
}

const DAY = 86_400e6;

export const cache = variantSection({
  schema: mapping({
    honour: flag().default(false).describe('Whether results are kept for `ttlMs`.'),
    at: choice(CACHE_PLACES)
      .default(CACHE_PLACES[0])
      .describe('`agent`: each agent has its own cache; `gateway`: the balancer has one for all agents.'),
    capacity: integer(1, 1_000_000)
      .optional()
      .describe('Most entries of one cache; the least recently used one makes room. Default: no limit.'),
    singleFlight: flag()
      .default(false)
      .describe('Whether requests for what is already being fetched wait for that answer.'),
    jitter: number({ above: 0, max: 1 })
      .optional()
      .describe(
        'By which share of `ttlMs` at most an entry expires earlier, drawn for each entry: 0.1 for 10 %. Default: none.',
      ),
    staleIfError: duration(0, DAY)
      .default('0s')
      .describe('For how long after its end an entry is still served when it cannot be fetched anew.'),
    subscribe: flag()
      .default(false)
      .describe(
        'Whether each agent holds a stream (`subscriptions/listen`) on which the server tells it of changes.',
      ),
    maxStale: duration(1e3, DAY)
      .optional()
      .describe(
        'The longest time after a change for which an old result is acceptable: bounds the `ttlMs` that the report recommends.',
      ),
  })
    .prefault({})
    .describe('What is done about `ttlMs` (docs/caching.md).'),
  complete: ({
    staleIfError,
    maxStale,
    capacity,
    jitter = 0,
    ...settings
  }): { readonly cache: CacheSettings } => ({
    cache: {
      ...settings,
      jitter,
      ...(capacity !== undefined && { capacity }),
      staleIfErrorUs: parseDuration(staleIfError)!,
      ...(maxStale !== undefined && { maxStaleUs: parseDuration(maxStale)! }),
    },
  }),
});
