/** @module The key `cache`: whether results are kept for `ttlMs`, and where. */
import { DAY, type Micros, parseDuration } from '../../units/time.ts';
import { cacheRule, idleCacheNotices } from './cache-rule.ts';
import { variantSection } from './section.ts';
import { choice, duration, flag, integer, mapping, number } from './values.ts';

const CACHE_PLACES = ['agent', 'gateway'] as const;
/** `agent`: each agent has its own. `gateway`: the balancer has one for all of them. */
type CachePlace = (typeof CACHE_PLACES)[number];

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
  rule: cacheRule,
  notices: idleCacheNotices,
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
  docs: `
## A cache in the balancer

With \`cache.at: gateway\` the balancer answers a request of a cacheable method from an earlier answer while that is fresh: a \`public\` result whoever
asks, a \`private\` one to the token that it was fetched with (a renewed token begins without; all callers without a token count as one). A
request with other parameters than \`cursor\` or \`uri\`, of another revision, or whose headers contradict its message is forwarded.

- **Nobody checks the token of a hit**, unless the balancer does: with \`auth.mode: gateway\` it checks every request first, in all other modes
  only the instances check, and a hit does not reach them.
- The balancer holds no \`subscriptions/listen\` stream. A result that has changed is given until its \`ttlMs\` ends, also when the server
  notifies clients of the change.
- Not kept: errors, results that are not complete, answers of more than 8 MiB or with \`Content-Encoding\`, and event streams with more than one message.
- \`singleFlight\`: requests wait for a fetch that is under way. If it fails, each goes on by itself. \`staleIfError\` applies when no instance answers, or
  one answers with a status from 500 on.
- nginx reads no JSON. It keeps \`public\` results without parameters of built-in servers, whose lifetimes the profile sets. It compares whole
  seconds: so that it gives no result after its end, it keeps each up to a second less than \`ttlMs\`.
`,
});
