/** @module Records the outcome of each call as counts: memory depends on the length of the run, not on the number of calls. */
import { answered, OUTCOMES, type Outcome } from '../protocol/outcome.ts';
import type { Micros } from '../units/time.ts';
import { BucketLog } from './buckets.ts';
import { DetailLog } from './details.ts';
import { clampTime, Tally } from './histogram.ts';
import { CallTally } from './measure/calls.ts';
import { InstanceTallies } from './measure/instances.ts';
import { handleEnd } from './measure/state.ts';
import type { CallMeasure, Tallies } from './measure/tallies.ts';
import type { Recording } from './recording.ts';
import { isRefusal, isSent, isTimed, type Sample } from './sample.ts';
import { WindowLog } from './windows.ts';

export interface RecorderOptions {
  /** Names of the mix, by index. Equal names are one kind of call. */
  readonly calls: readonly string[];
  /** Start of the measured time on the engine's clock. Calls due before it are warm-up. */
  readonly startUs: Micros;
  /** How long the warm-up before it takes; 0 when absent. */
  readonly warmupUs?: Micros;
  readonly durationUs: Micros;
  /** Keeps the finer series that faults are measured by. */
  readonly fine?: boolean;
  /** The measures that apply to the load; none when absent. */
  readonly tallies?: Tallies;
}

/** How the recorder counts an outcome, looked up once per call. */
interface Kind {
  readonly slot: number;
  readonly ok: boolean;
  readonly answered: boolean;
  readonly timed: boolean;
  readonly lagged: boolean;
  readonly refusal: boolean;
}

const KINDS = Object.fromEntries(
  OUTCOMES.map((outcome, slot) => [
    outcome,
    {
      slot,
      ok: outcome === 'ok',
      answered: answered(outcome),
      timed: isTimed(outcome),
      lagged: isSent(outcome),
      refusal: isRefusal(outcome),
    },
  ]),
) as Readonly<Record<Outcome, Kind>>;

/**
 * Records one stream of calls (one worker's). For every call that falls due: {@link due}, and then either {@link drop}
 * or, when it has ended, {@link add}. A call that is a step of a flow belongs to the time in which the flow was due. Warm-up calls are in no figure but one: an answer that arrives within the
 * measured time counts for the achieved throughput, whenever the call was due, and a step that falls due within it counts as offered, whenever its flow
 * was due (docs/decisions/0003-achieved-rate.md).
 */
export class Recorder {
  readonly #startUs: Micros;
  readonly #durationUs: Micros;
  /**
   * The warm-up's and the measured time's. The first is never read: without it the code that records would run for the
   * first time when the measured time begins, and be compiled in its first second, with stalls of up to 10 ms. For the same
   * reason the object is selected by a look-up and not by a branch.
   */
  readonly #books: readonly [rehearsal: Book, measured: Book];
  readonly #tallies: Tallies | undefined;

  constructor(options: RecorderOptions) {
    this.#startUs = options.startUs;
    this.#durationUs = options.durationUs;
    this.#tallies = options.tallies;
    const { startUs, warmupUs = 0, tallies } = options;
    const warmup = { ...options, startUs: startUs - warmupUs, durationUs: warmupUs };
    this.#books = [new Book(warmup, tallies?.rehearsal ?? []), new Book(options, tallies?.measured ?? [])];
  }

  /** A call fell due. Called for every one, dropped ones too. `flowDueUs`: of a step, when its flow was due. */
  due(call: number, dueUs: Micros, flowDueUs = dueUs): void {
    this.#bookOf(dueUs).offered(dueUs);
    this.#bookOf(flowDueUs).due(call, dueUs);
  }

  /** A due call will never be sent: the in-flight cap was reached. */
  drop(call: number, dueUs: Micros, flowDueUs = dueUs): void {
    this.#bookOf(flowDueUs).drop(call, dueUs);
  }

  /** A call ended. */
  add(sample: Sample): void {
    const kind = KINDS[sample.outcome];
    if (kind.answered) {
      // Planted misuse that is let through is nobody's good.
      const good = kind.ok && sample.stolen !== true;
      this.#books[0].answered(sample.doneUs, good);
      this.#books[1].answered(sample.doneUs, good);
    }
    this.#bookOf(sample.flowDueUs ?? sample.dueUs).add(sample, kind);
  }

  /**
   * Ends the recording. The measured time ends with its duration or, of an interrupted run, at `endUs` (on the
   * engine's clock, when the last reply was taken). A call that was due and neither dropped nor ended counts as
   * `aborted`, so that every call is accounted for. Throws when more calls ended than fell due: then the caller is wrong.
   */
  close({ endUs }: { readonly endUs: Micros }): Recording {
    const measuredUs = Math.max(0, Math.min(this.#durationUs, endUs - this.#startUs));
    return {
      measuredUs,
      ...this.#books[1].close(measuredUs),
      measures: this.#tallies?.counts() ?? {},
    };
  }

  #bookOf(dueUs: Micros): Book {
    return this.#books[Number(dueUs >= this.#startUs)]!;
  }
}

/** The counts of the calls that fell due in one stretch of time. */
class Book {
  readonly #startUs: Micros;
  readonly #durationUs: Micros;
  readonly #warmupUs: Micros;
  readonly #names: readonly CallTally[];
  readonly #calls: readonly CallTally[];
  readonly #instances = new InstanceTallies();
  readonly #outcomes: number[] = OUTCOMES.map(() => 0);
  readonly #misuse: number[] = OUTCOMES.map(() => 0);
  readonly #sendLag = new Tally();
  readonly #details = new DetailLog();
  readonly #windows: WindowLog;
  readonly #buckets: BucketLog | undefined;
  /** What every load has is called by name, which is faster than through a list; most loads have nothing else. */
  readonly #others: readonly CallMeasure[];
  #dueInTime = 0;
  #answeredInTime = 0;
  #okInTime = 0;

  constructor(
    { calls, startUs, warmupUs = 0, durationUs, fine }: RecorderOptions,
    others: readonly CallMeasure[],
  ) {
    this.#startUs = startUs;
    this.#durationUs = durationUs;
    this.#warmupUs = warmupUs;
    this.#windows = new WindowLog(durationUs);
    this.#buckets = fine === true ? new BucketLog(durationUs) : undefined;
    this.#others = others;
    const byName = new Map(calls.map((name) => [name, new CallTally(name)]));
    this.#names = [...byName.values()];
    this.#calls = calls.map((name) => byName.get(name)!);
  }

  due(call: number, dueUs: Micros): void {
    this.#calls[call]!.due += 1;
    this.#windows.due(dueUs - this.#startUs);
  }

  drop(call: number, dueUs: Micros): void {
    this.#calls[call]!.dropped += 1;
    this.#windows.dropped(dueUs - this.#startUs);
  }

  /** A call fell due at `dueUs`, whenever its flow was due. */
  offered(dueUs: Micros): void {
    const dueAt = dueUs - this.#startUs;
    if (dueAt >= 0 && dueAt < this.#durationUs) this.#dueInTime += 1;
  }

  /** An answer arrived at `doneUs`, whenever its call was due; `good`: it counts as goodput. */
  answered(doneUs: Micros, good: boolean): void {
    const doneAt = doneUs - this.#startUs;
    if (doneAt < 0 || doneAt >= this.#durationUs) return;
    this.#answeredInTime += 1;
    if (good) this.#okInTime += 1;
    this.#windows.arrived(doneAt, good);
  }

  add(sample: Sample, kind: Kind): void {
    const call = this.#calls[sample.call]!;
    const { ok } = kind;
    call.done += 1;
    // Planted misuse that is refused ended as it should, and is no failure.
    const misuse = sample.stolen === true && kind.refusal;
    if (ok) call.ok += 1;
    else if (misuse) {
      call.misuseRefused += 1;
      this.#misuse[kind.slot]! += 1;
    } else if (sample.detail !== undefined) this.#details.add(sample.outcome, sample.detail);
    this.#outcomes[kind.slot]! += 1;

    const responseUs = kind.timed ? clampTime(sample.doneUs - sample.dueUs) : undefined;
    const { connectionWaitUs = 0, cached = false } = sample;
    // Waiting for a connection is no lateness of the generator: it is a quantity of its own, `connectionWait`.
    if (kind.lagged && !cached)
      this.#sendLag.record(clampTime(sample.sentUs - sample.dueUs - connectionWaitUs));
    if (responseUs !== undefined) {
      // A call that timed out while it waited for a connection was never in service, and what a cache gave was not either.
      const served = !cached && (kind.answered || sample.sentUs < sample.doneUs);
      call.timed(ok, responseUs, served ? clampTime(sample.doneUs - sample.sentUs) : undefined);
    }
    const instance =
      sample.servedBy === undefined ? -1 : this.#instances.answered(sample.servedBy, ok, responseUs, misuse);
    for (const other of this.#others) other.add(sample);
    if (sample.outcome === 'aborted') {
      call.aborted += 1;
      return;
    }
    const dueAt = sample.dueUs - this.#startUs;
    if (kind.answered) this.#windows.answered(dueAt, Math.max(0, responseUs! - this.#warmupUs));
    else if (kind.timed) this.#windows.timedOut(dueAt);
    const doneAt = sample.doneUs - this.#startUs;
    this.#windows.sent(sample.sentUs - this.#startUs);
    this.#windows.ended(doneAt, ok, responseUs, instance, misuse);
    if (this.#buckets === undefined || misuse) return;
    const { lostSession: lost = false } = sample;
    const servedBy = this.#instances.names[instance];
    const handle = handleEnd(sample);
    this.#buckets.ended(doneAt, { ok, lost, handle, servedBy, responseUs: cached ? undefined : responseUs });
  }

  close(measuredUs: Micros): Omit<Recording, 'measuredUs' | 'measures'> {
    const open = this.#names.map((call) => call.open);
    if (open.some((count) => count < 0)) throw new Error('more calls ended than fell due');
    const outcomes = Object.fromEntries(
      OUTCOMES.map((outcome, slot) => [outcome, this.#outcomes[slot]!]),
    ) as Record<Outcome, number>;
    const misuse = OUTCOMES.flatMap((outcome, slot) =>
      this.#misuse[slot]! > 0 ? [[outcome, this.#misuse[slot]!] as const] : [],
    );
    outcomes.aborted += open.reduce((sum, count) => sum + count, 0);
    return {
      dueInTime: this.#dueInTime,
      answeredInTime: this.#answeredInTime,
      okInTime: this.#okInTime,
      outcomes,
      ...(misuse.length > 0 && { misuseRefused: Object.fromEntries(misuse) }),
      details: this.#details.close(),
      sendLag: this.#sendLag.series(),
      byCall: this.#names.map((call) => call.close()),
      byInstance: this.#instances.close(),
      windows: this.#windows.close(measuredUs, this.#instances.names),
      ...(this.#buckets && { buckets: this.#buckets.close(measuredUs) }),
    };
  }
}
