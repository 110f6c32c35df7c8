/** @module What would be with other lifetimes, from the replay of the calls of a run. */
import { cacheReplay, type ReplayPoint } from '../../recording/measure/cache-replay.ts';
import { countsOf, type Recording } from '../../recording/recording.ts';
import { type Micros, SECOND } from '../../units/time.ts';
import type { CurvePoint } from './cache-figures.ts';

const STEP: Micros = SECOND / 10;

/** Empty where nothing was replayed. */
export function curveFigures(recording: Recording): CurvePoint[] {
  const points = countsOf(recording, cacheReplay)?.points ?? [];
  return points.filter(({ lookups }) => lookups > 0).map((point) => curvePoint(point, recording.measuredUs));
}

function curvePoint(point: ReplayPoint, measuredUs: Micros): CurvePoint {
  const { ttlMs, lookups, hits, fetches, closedHits, ageSumUs, ageMaxUs, peakPerStep } = point;
  return {
    ttlMs,
    hitRatio: hits / lookups,
    avoided: (lookups - fetches) / lookups,
    closedForm: closedHits === null ? null : closedHits / lookups,
    originPerSecond: measuredUs === 0 ? 0 : (fetches * SECOND) / measuredUs,
    meanAgeMs: ageSumUs / lookups / 1000,
    maxAgeMs: ageMaxUs / 1000,
    peakOverMean: fetches === 0 ? 0 : peakPerStep / ((fetches * STEP) / measuredUs),
  };
}
