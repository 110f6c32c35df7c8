/** @module The finding about herds: entries that expire together, and requests that then reach the origin at once. */
import { formatMicros } from '../../../units/time.ts';
import { type Cached, keeping, nounOf } from '../../caching/cached.ts';
import type { Model } from '../../model.ts';
import { capital, figure, list, moment } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

const STEP_MS = 100;
/** Times the mean from which a peak is a herd. */
const HERD = 3;
/** Standard deviations by which it also exceeds the mean: random arrivals at a low rate have peaks as well. */
const DEVIATIONS = 6;
/** Fewer requests within 100 ms are no burst, whatever the mean. */
const FEWEST = 10;
const MOST_NAMES = 5;
/** A burst that begins so soon after a change follows from it. */
const AFTER_CHANGE_MS = 1000;

/** One sentence with all variants whose requests came in bursts though they keep results. */
export function herdFindings(model: Model): readonly Finding[] {
  const some = keeping(model).filter(({ cache }) => cache.originCalls > 0);
  const herds = some.filter(isHerd);
  if (herds.length === 0) return [];
  const more = herds.length > MOST_NAMES ? [`less with ${herds.length - MOST_NAMES} other variants`] : [];
  const highest = herds
    .toSorted((a, b) => b.cache.peakPerSecond! - a.cache.peakPerSecond!)
    .slice(0, MOST_NAMES)
    .map(peakText);
  const calm = some.filter((one) => !herds.includes(one)).map(({ name }) => quoted(name));
  const rest = calm.length === 0 ? '' : `; not with ${list(calm)}`;
  return [
    {
      tone: 'neutral',
      text: `${capital(nounOf(herds))} reach the origin in bursts, within 100 ms at up to ${list([...highest, ...more])}${rest}.`,
    },
  ];
}

function isHerd({ cache }: Cached): boolean {
  const { peakOverMean, originSteps } = cache;
  const mean = originSteps.reduce((sum, each) => sum + each, 0) / Math.max(1, originSteps.length);
  const peak = Math.max(0, ...originSteps);
  return (
    (peakOverMean ?? 0) >= HERD &&
    (cache.peakPerSecond ?? 0) * (STEP_MS / 1000) >= FEWEST &&
    peak >= mean + DEVIATIONS * Math.sqrt(mean)
  );
}

/** `640/s, 12 times the mean, with “no protection” (at 5 s)`. */
function peakText({ name, cache }: Cached): string {
  const { peakOverMean, peakPerSecond, peakAtMs } = cache;
  const atMs = peakAtMs ?? 0;
  const cause = cache.changes.some((one) => atMs + STEP_MS > one.atMs && atMs < one.atMs + AFTER_CHANGE_MS)
    ? ', after the catalogue had changed'
    : '';
  const calls =
    cache.atPeak === null
      ? ''
      : `, where calls take ${formatMicros(cache.atPeak.p99Us)} at p99 and ${formatMicros(cache.atPeak.otherP99Us)} elsewhere`;
  return `${figure(peakPerSecond ?? 0)}/s, ${figure(peakOverMean!)} times the mean, with ${quoted(name)} (at ${moment(atMs)}${cause}${calls})`;
}
