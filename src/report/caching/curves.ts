/** @module The replayed curves of a result, those that are alike taken for one, with the variants that were measured on each. */
import type { CurvePoint } from '../../result/measure/cache-figures.ts';
import type { Millis } from '../../units/time.ts';
import type { Model } from '../model.ts';
import { type Cached, cached, onlyTtlOf } from './cached.ts';

/** Curves whose hit ratios differ by less in the mean are alike: replays of the same calls, in which fetches took a little longer or shorter. */
const ALIKE = 0.03;

/** A variant that kept results for one lifetime. */
interface MeasuredAt {
  readonly one: Cached;
  readonly ttlMs: Millis;
  /** What the replay and the closed form say of this lifetime; undefined where it was not replayed. */
  readonly replayed: CurvePoint | undefined;
}

/** A curve with what was measured beside it. */
export interface ReplayedCurve {
  /** The first variant whose calls give it. */
  readonly one: Cached;
  /** Where the caches are, and if that does not tell it from the others, the variant. */
  readonly label: string;
  readonly points: readonly CurvePoint[];
  readonly measured: readonly MeasuredAt[];
}

/** Every curve that differs from the others; none where the calls were not kept. */
export function curvesOf(model: Model): readonly ReplayedCurve[] {
  const groups: Cached[][] = [];
  for (const one of cached(model)) {
    if (one.cache.curve.length === 0) continue;
    const same = groups.find(([first]) => isAlike(first!, one));
    if (same) same.push(one);
    else groups.push([one]);
  }
  return groups.map((group) => {
    const [one] = group;
    const isOnly = groups.filter(([first]) => first!.cache.at === one!.cache.at).length === 1;
    return {
      one: one!,
      label: isOnly ? placeOf(one!) : `${placeOf(one!)}: ${one!.name}`,
      points: one!.cache.curve,
      measured: group.flatMap(measuredAt),
    };
  });
}

const placeOf = ({ cache }: Cached): string =>
  cache.at === 'gateway' ? 'one cache at the gateway' : 'a cache at each agent';

/** Whether the caches are in the same place and the replays agree in the mean of the points that both have. */
function isAlike(a: Cached, b: Cached): boolean {
  if (a.cache.at !== b.cache.at) return false;
  const known = new Map(a.cache.curve.map(({ ttlMs, hitRatio }) => [ttlMs, hitRatio]));
  const gaps = b.cache.curve.flatMap(({ ttlMs, hitRatio }) => {
    const other = known.get(ttlMs);
    return other === undefined ? [] : [Math.abs(other - hitRatio)];
  });
  return gaps.reduce((sum, gap) => sum + gap, 0) <= ALIKE * gaps.length;
}

function measuredAt(one: Cached): readonly MeasuredAt[] {
  const ttlMs = onlyTtlOf(one);
  if (!one.cache.honour || ttlMs === undefined || one.cache.hitRatio === null) return [];
  return [{ one, ttlMs, replayed: one.cache.curve.find((point) => point.ttlMs === ttlMs) }];
}
