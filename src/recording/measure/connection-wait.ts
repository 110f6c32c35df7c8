/** @module How long calls waited for a connection: because all were busy, or because one had to be set up. */
import { OUTCOMES, type Outcome } from '../../protocol/outcome.ts';
import { clampTime, mergeSeries, type Series, Tally } from '../histogram.ts';
import { isSent, type Sample } from '../sample.ts';
import type { Measure, MeasureTally } from './measure.ts';

/** Looked up once a call. */
const COUNTS = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, isSent(outcome)])) as Readonly<
  Record<Outcome, boolean>
>;

/** The waiting times of one worker while they are counted. */
class WaitTally implements MeasureTally<Series> {
  readonly #waits = new Tally();

  add({ outcome, cached, connectionWaitUs = 0 }: Sample): void {
    if (COUNTS[outcome] && cached !== true) this.#waits.record(clampTime(connectionWaitUs));
  }

  counts(): Series {
    return this.#waits.series();
  }
}

/** Counts every call that was sent or timed out; one that did not wait counts as 0. */
export const connectionWait: Measure<Series> = {
  name: 'connectionWait',
  start: () => new WaitTally(),
  merge: mergeSeries,
};
