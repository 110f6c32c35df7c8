/** @module The slowest calls of the measured time, each with what is needed to look it up elsewhere: when, where, and the trace context that it carried. */
import { answered, type Outcome } from '../../protocol/outcome.ts';
import { traceContexts } from '../../protocol/trace.ts';
import type { Micros } from '../../units/time.ts';
import { clampTime } from '../histogram.ts';
import { isTimed, type Sample } from '../sample.ts';
import type { Measure, MeasuredLoad, MeasureTally } from './measure.ts';

/** How many are kept, of a worker, of a repetition, and of a variant. */
export const SLOWEST_KEPT = 10;

/** A call that has a response time: it was answered, or timed out. */
export interface SlowCall {
  /** Place of its repetition among those that were merged, from 0; absent as long as there is one. */
  readonly repetition?: number;
  /** Its name in the mix. */
  readonly call: string;
  /** Number of the call, and of the agent that made it. */
  readonly seq: number;
  readonly agent: number;
  /** The instance that answered; null where the answer does not name it, and without an answer. */
  readonly instance: string | null;
  readonly outcome: Outcome;
  /** From the start of the measured time. */
  readonly dueUs: Micros;
  readonly responseUs: Micros;
  /** Null of a call that was never sent: given from a cache, or timed out while it waited for a connection. */
  readonly serviceUs: Micros | null;
  readonly sendLagUs: Micros;
  readonly connectionWaitUs: Micros;
  /** The `traceparent` that was sent; null where none was. */
  readonly traceparent: string | null;
}

export interface SlowestCounts {
  /** The slowest first; of equal ones those that were due earlier. */
  readonly calls: readonly SlowCall[];
}

/** What is copied of a sample. */
interface Kept {
  responseUs: Micros;
  call: number;
  seq: number;
  agent: number;
  servedBy: string | undefined;
  outcome: Outcome;
  isServed: boolean;
  dueUs: Micros;
  sentUs: Micros;
  doneUs: Micros;
  connectionWaitUs: Micros;
}

const NONE: Micros = -1;

const unused = (): Kept => ({
  responseUs: NONE,
  call: 0,
  seq: 0,
  agent: 0,
  servedBy: undefined,
  outcome: 'ok',
  isServed: false,
  dueUs: 0,
  sentUs: 0,
  doneUs: 0,
  connectionWaitUs: 0,
});

/** The slowest calls of one worker. A call that is faster than all of them costs one comparison. */
export class SlowestTally implements MeasureTally<SlowestCounts> {
  readonly #load: MeasuredLoad;
  readonly #kept: readonly Kept[] = Array.from({ length: SLOWEST_KEPT }, unused);
  /** The fastest of those that are kept: the next to go. */
  #weakest: Kept = this.#kept[0]!;
  #measureUs: Micros = 0;

  constructor(load: MeasuredLoad) {
    this.#load = load;
  }

  /** Says when the measured time begins. */
  begin(measureUs: Micros): void {
    this.#measureUs = measureUs;
  }

  add(sample: Sample): void {
    if (sample.doneUs - sample.dueUs <= this.#weakest.responseUs) return;
    if (isTimed(sample.outcome)) this.#keep(sample);
  }

  counts(): SlowestCounts {
    const { seed, era, auth } = this.#load;
    const traces = seed === undefined || (era === 'sessions' && !auth) ? undefined : traceContexts(seed);
    const kept = this.#kept.filter(({ responseUs }) => responseUs !== NONE);
    return slowestOf(
      kept.map((one) => ({
        call: this.#load.calls?.[one.call]?.name ?? '',
        seq: one.seq,
        agent: one.agent,
        instance: one.servedBy ?? null,
        outcome: one.outcome,
        dueUs: clampTime(one.dueUs - this.#measureUs),
        responseUs: clampTime(one.responseUs),
        serviceUs: one.isServed ? clampTime(one.doneUs - one.sentUs) : null,
        sendLagUs: clampTime(one.sentUs - one.dueUs - one.connectionWaitUs),
        connectionWaitUs: clampTime(one.connectionWaitUs),
        traceparent: (one.isServed && traces?.of(one.seq)) || null,
      })),
    );
  }

  #keep(sample: Sample): void {
    const { outcome, cached = false, dueUs, sentUs, doneUs } = sample;
    const kept = this.#weakest;
    kept.responseUs = doneUs - dueUs;
    kept.call = sample.call;
    kept.seq = sample.seq ?? 0;
    kept.agent = sample.agent ?? 0;
    kept.servedBy = sample.servedBy;
    kept.outcome = outcome;
    kept.isServed = !cached && (answered(outcome) || sentUs < doneUs);
    kept.dueUs = dueUs;
    kept.sentUs = sentUs;
    kept.doneUs = doneUs;
    kept.connectionWaitUs = sample.connectionWaitUs ?? 0;
    for (const one of this.#kept) if (one.responseUs < this.#weakest.responseUs) this.#weakest = one;
  }
}

function slowestOf(all: readonly SlowCall[]): SlowestCounts {
  const calls = [...all]
    .sort((a, b) => b.responseUs - a.responseUs || a.dueUs - b.dueUs || a.seq - b.seq)
    .slice(0, SLOWEST_KEPT);
  return { calls };
}

/** The same calls, of which nobody knows which instance answered. */
export const withoutAnsweredBy = ({ calls }: SlowestCounts): SlowestCounts => ({
  calls: calls.map((call) => ({ ...call, instance: null })),
});

export const slowest: Measure<SlowestCounts, SlowestTally> = {
  name: 'slowest',
  start: (load) => new SlowestTally(load),
  merge: (list) => slowestOf(list.flatMap(({ calls }) => calls)),
  mergeRepetitions: (list) =>
    slowestOf(list.flatMap(({ calls }, repetition) => calls.map((call) => ({ repetition, ...call })))),
};
