/** @module The finding about calls that waited for a connection because as many as allowed were in use. */
import type { Measured } from '../model.ts';
import { count, millisWithUnit } from '../wording.ts';
import { type Finding, quoted } from './finding.ts';

/** From this share of the mean response time on, the wait for a connection decides what a call takes. */
const MOST = 0.5;

/**
 * Whether calls mostly waited for connections, in a pool that had as many as `load.maxConnections` allows. A pool below its limit
 * opens one more instead, so that a wait in it is for the connection to be set up.
 */
export function isLimitedByConnections({ variant, summary }: Measured): boolean {
  const { connectionWait, responseTime } = summary;
  const limit = variant.settings.effective?.load.maxConnections;
  if (limit === undefined || connectionWait === undefined || responseTime.count === 0) return false;
  if (variant.repetitions.some(({ generator }) => (generator.connections ?? 0) < limit)) return false;
  return connectionWait.meanUs >= MOST * responseTime.meanUs;
}

/** Says what was observed: whether the limit or the server is the cause, only another run tells. */
export function connectionLimit({ name, variant, summary }: Measured): Finding {
  const { maxConnections: limit = 0 } = variant.settings.effective?.load ?? {};
  const used =
    limit === 1
      ? 'the only connection that load.maxConnections allows was in use, and calls waited for it'
      : `all ${count(limit)} connections that load.maxConnections allows were in use, and calls waited for one`;
  const wait = millisWithUnit(summary.connectionWait?.meanUs ?? 0);
  const response = millisWithUnit(summary.responseTime.meanUs);
  return {
    tone: 'warning',
    text: `${quoted(name)}: ${used}: ${wait} of the mean response time of ${response}. A run with a higher load.maxConnections shows whether the server can do more.`,
  };
}
