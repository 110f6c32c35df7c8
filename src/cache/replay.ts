/** @module The lookups of one run through caches with other lifetimes, in virtual time: what each lifetime would have given. */
import { randomAt } from '../units/random.ts';
import { type Micros, type Millis, SECOND } from '../units/time.ts';
import { LimitedCaches } from './limited-caches.ts';
import { type Lookups, slotsOf, UNIT } from './lookups.ts';
import { UnlimitedCaches } from './unlimited-caches.ts';
import { type AnswerLookup, FETCH, type VirtualCaches, WAIT } from './virtual-caches.ts';

/** What one lifetime would have given. */
export interface Replayed {
  readonly ttlMs: Millis;
  /** Lookups of the measured time, hits among them, and fetches; the rest waited for the fetch of another. */
  readonly lookups: number;
  readonly hits: number;
  readonly fetches: number;
  /** Ages of what hits gave, added up, and the largest one. */
  readonly ageSumUs: Micros;
  readonly ageMaxUs: Micros;
  /** Fetches in the busiest 100 ms. */
  readonly peakPerStep: number;
}

const STEP: Micros = SECOND / 10;

/**
 * What each of `ttlsMs` would have given, in their order. Results of all names get the same lifetime; what is kept ends by time alone (and, with
 * a capacity, makes room), since a run with other lifetimes would have got other notifications. One pass over the lookups per
 * lifetime.
 */
export function replay(
  lookups: Lookups,
  ttlsMs: readonly Millis[],
  options: VirtualCaches,
): readonly Replayed[] {
  const slots = slotsOf(lookups, options);
  const { capacity = Number.POSITIVE_INFINITY, seed } = options;
  const most = options.at === 'agent' ? lookups.names.length : slots.count;
  const caches =
    capacity < most
      ? new LimitedCaches(lookups, slots, options)
      : new UnlimitedCaches(lookups, slots, options);
  return ttlsMs.map((ttlMs) => counted(lookups, ttlMs, caches.begin(ttlMs * 1000, randomAt(seed, 'cache'))));
}

function counted({ at10Us, measuredFrom }: Lookups, ttlMs: Millis, answer: AnswerLookup): Replayed {
  const { length } = at10Us;
  const steps = new Int32Array(
    length === 0 ? 0 : Math.max(0, Math.floor((at10Us[length - 1]! * UNIT) / STEP)) + 1,
  );
  let [hits, fetches, ageSumUs, ageMaxUs] = [0, 0, 0, 0];
  for (let i = 0; i < length; i += 1) {
    const nowUs = at10Us[i]! * UNIT;
    const received = answer(i, nowUs);
    if (i < measuredFrom || received === WAIT) continue;
    if (received === FETCH) {
      fetches += 1;
      steps[Math.floor(nowUs / STEP)]! += 1;
      continue;
    }
    hits += 1;
    const age = nowUs - received;
    ageSumUs += age;
    if (age > ageMaxUs) ageMaxUs = age;
  }
  const peakPerStep = steps.reduce((most, count) => Math.max(most, count), 0);
  return { ttlMs, lookups: length - measuredFrom, hits, fetches, ageSumUs, ageMaxUs, peakPerStep };
}
