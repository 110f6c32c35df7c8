/** @module The load loop: takes arrivals as they fall due, hands them to agents, and records how they end. */

import { isGiven } from '../../protocol/caching/marks.ts';
import { answered } from '../../protocol/outcome.ts';
import type { Cancel } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { CallEnd } from '../agent/caller.ts';
import type { Arrival } from '../schedule/schedule.ts';
import type { StepRun } from './flow-run.ts';
import { type FlowHost, Flows } from './flows.ts';
import type { LoopOptions } from './loop-options.ts';
import { OwedTurns } from './owed-turns.ts';
import { Portions } from './portions.ts';
import { type Progress, ProgressCount } from './progress.ts';
import { freshSample } from './reused-sample.ts';
import { Slot } from './slot.ts';

/** A running load. */
export interface Loop {
  /** Resolves when the load's time is over, or it was stopped, and every call made has ended. */
  readonly finished: Promise<void>;
  /** Makes no further calls. */
  stop(): void;
  progress(): Progress;
  /** How late the loop itself sent calls that were due by their time, 99th percentile, warm-up included: what of the send lag is not waiting for a connection. */
  latenessP99Us(): Micros;
}

/** Starts the load. */
export function startLoop(options: LoopOptions): Loop {
  const run = new LoadLoop(options);
  if (options.concurrency === undefined) run.openLoop();
  else run.closedLoop(options.concurrency);
  return run;
}

class LoadLoop implements Loop, FlowHost {
  readonly finished: Promise<void>;
  readonly #options: LoopOptions;
  #finish: () => void = () => undefined;
  #cancel: Cancel = () => undefined;
  #next: Arrival | undefined;
  #over = false;
  readonly #progress = new ProgressCount();
  #inFlight = 0;
  readonly #portions = new Portions((slot) => this.#send(slot));
  /** Slots without a call: with those that have one, as many as calls were ever in flight at the same time. */
  readonly #spare: Slot[] = [];
  readonly #onEnd = (slot: Slot, end: CallEnd): void => this.#ended(slot, end);
  readonly #owed: OwedTurns;
  readonly #flows: Flows | undefined;
  readonly #firstFlow: number;
  /** Every call's in turn: whoever takes it in copies what it keeps. */
  readonly #sample = freshSample();

  /** Takes up all calls that are due at one reading of the clock; calls taken up late are sent late, never skipped. */
  readonly #takeDue = (nowUs: Micros): void => {
    const { startUs, schedule } = this.#options;
    while (this.#next !== undefined && this.#next.dueUs <= nowUs - startUs && !this.#over) {
      this.#dispatch(this.#next);
      this.#next = schedule.next();
    }
  };

  constructor(options: LoopOptions) {
    this.#options = options;
    const { flows, clock, endUs, inRow = false } = options;
    this.#owed = new OwedTurns(inRow, (turns) => this.#turns(turns));
    this.#flows = flows && new Flows(flows, this, clock, endUs);
    this.#firstFlow = flows?.firstIndex ?? Number.POSITIVE_INFINITY;
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  openLoop(): void {
    this.#next = this.#options.schedule.next();
    this.#sleep();
  }

  closedLoop(concurrency: number): void {
    this.#cancel = this.#options.clock.at(this.#options.startUs, () => this.#turns(concurrency));
  }

  stop(): void {
    this.#cancel();
    this.#over = true;
    this.#options.replay?.waiting.stop();
    this.#flows?.stop();
    // Those that wait were due: they are in flight.
    if (this.#portions.isBehind) this.#sleep();
    this.#finishWhenIdle();
  }

  progress(): Progress {
    return this.#progress;
  }

  latenessP99Us(): Micros {
    return this.#portions.latenessP99Us();
  }

  #sleep(): void {
    const { clock, startUs, endUs } = this.#options;
    if (this.#portions.isBehind) this.#cancel = clock.at(clock.now(), () => this.#pass());
    // After the last call the load goes on until its end: rates are counts over the whole of its time.
    else if (this.#next === undefined) this.#cancel = clock.at(endUs, () => this.#end());
    else this.#cancel = clock.at(startUs + this.#next.dueUs, () => this.#pass());
  }

  #end(): void {
    this.#over = true;
    this.#finishWhenIdle();
  }

  timeIsUp(take: (nowUs: Micros) => void): void {
    this.#portions.next(this.#options.clock.now(), take);
    if (!this.#portions.isBehind) return;
    this.#cancel();
    this.#sleep();
  }

  #pass(): void {
    this.#portions.next(this.#options.clock.now(), this.#takeDue);
    if (!this.#over || this.#portions.isBehind) this.#sleep();
  }

  #dispatch(arrival: Arrival): void {
    const dueAtUs = this.#options.startUs + arrival.dueUs;
    if (arrival.call >= this.#firstFlow) {
      this.#flows!.begin(arrival.call - this.#firstFlow, arrival, dueAtUs);
      return;
    }
    if (this.#options.replay?.waiting.take(arrival) ?? true) this.#due(arrival, dueAtUs, dueAtUs);
  }

  /** A call is due, in the open loop; it counts as one of those of `countedUs`. */
  #due(arrival: Arrival, dueAtUs: Micros, countedUs: Micros): void {
    const { recorder, maxInFlight } = this.#options;
    this.#progress.due += 1;
    recorder.due(arrival.call, dueAtUs, countedUs);
    if (this.#inFlight < maxInFlight) {
      this.#call(arrival, dueAtUs);
      return;
    }
    recorder.drop(arrival.call, dueAtUs, countedUs);
    this.#release(arrival.seq, undefined);
  }

  /** A call of a replay has ended, or was dropped: makes those that waited for it. */
  #release(seq: number, end: CallEnd | undefined): void {
    const { replay, clock, startUs, endUs } = this.#options;
    if (replay === undefined) return;
    const nowUs = clock.now();
    if (nowUs > endUs + replay.graceUs) replay.waiting.stop();
    for (const arrival of replay.waiting.ended(seq, end)) this.#due(arrival, nowUs, startUs + arrival.dueUs);
  }

  #turns(count: number): void {
    for (let turn = 0; turn < count; turn += 1) this.#turn();
    this.#finishWhenIdle();
  }

  /**
   * One turn of a closed loop: a call is due now. The clock is read for it: the end of the call before is earlier where the answer
   * was complete before its stream, or was given from a cache, and the difference would count as lateness of the generator.
   */
  #turn(): void {
    const { clock, startUs, endUs, schedule, recorder } = this.#options;
    const dueAtUs = clock.now();
    if (dueAtUs >= endUs) this.#over = true;
    const arrival = this.#over ? undefined : schedule.next(dueAtUs - startUs);
    if (arrival === undefined) return;
    if (arrival.call >= this.#firstFlow) {
      this.#flows!.begin(arrival.call - this.#firstFlow, arrival, dueAtUs);
      return;
    }
    this.#progress.due += 1;
    recorder.due(arrival.call, dueAtUs);
    this.#call(arrival, dueAtUs);
  }

  #call(arrival: Arrival, dueAtUs: Micros): void {
    const slot = this.#freeSlot();
    slot.take(arrival, dueAtUs);
    this.#portions.add(slot);
  }

  /** For a call that is in flight from now on. */
  #freeSlot(): Slot {
    this.#inFlight += 1;
    return this.#spare.pop() ?? new Slot(this.#onEnd);
  }

  #send(slot: Slot): void {
    const { agents, replay } = this.#options;
    const { step, seq, agent, onEnd } = slot;
    const isWanted = step === undefined ? replay?.waiting.isWanted(seq) : step.planned.save.length > 0;
    slot.request = agents.of(agent).call(slot, onEnd, slot.request, isWanted ?? false);
  }

  /** A limit on calls in flight is one of the open loop: a closed loop limits flows. */
  stepDue(step: StepRun, dueAtUs: Micros): boolean {
    const { recorder, maxInFlight, concurrency } = this.#options;
    const { run, planned } = step;
    this.#progress.due += 1;
    recorder.due(planned.call, dueAtUs, run.dueAtUs);
    if (concurrency === undefined && this.#inFlight >= maxInFlight) {
      recorder.drop(planned.call, dueAtUs, run.dueAtUs);
      return false;
    }
    const slot = this.#freeSlot();
    slot.takeStep(step, dueAtUs);
    this.#portions.add(slot);
    return true;
  }

  flowOver(): void {
    if (this.#options.concurrency !== undefined && !this.#over) this.#owed.owe();
    if (this.#over) this.#finishWhenIdle();
  }

  #ended(slot: Slot, end: CallEnd): void {
    this.#inFlight -= 1;
    if (slot.step !== undefined) {
      this.#stepEnded(slot, slot.step, end);
      return;
    }
    const { replay, startUs } = this.#options;
    this.#record(slot, end, replay && startUs + slot.dueUs);
    this.#spare.push(slot);
    this.#release(slot.seq, end);
    if (this.#options.concurrency !== undefined) this.#owed.owe(end.cached);
    if (this.#over) this.#finishWhenIdle();
  }

  #stepEnded(slot: Slot, step: StepRun, end: CallEnd): void {
    this.#record(slot, step.ended(end), step.run.dueAtUs, step.isStolen);
    slot.leaveStep();
    this.#spare.push(slot);
    this.#flows!.goOn(step);
  }

  #record(
    { seq, agent, call, dueAtUs }: Slot,
    end: CallEnd,
    flowDueUs: Micros | undefined,
    stolen = false,
  ): void {
    const { outcome, doneUs, cached = false, connectionWaitUs = 0 } = end;
    this.#progress.ended(outcome, doneUs - dueAtUs);
    this.#note(seq, end);
    if (answered(outcome) && !cached) this.#options.readLag?.answered(end.sentUs, doneUs);
    const sample = this.#sample;
    sample.call = call;
    sample.seq = seq;
    sample.agent = agent;
    sample.outcome = outcome;
    sample.detail = end.detail;
    sample.servedBy = end.servedBy;
    sample.serverTiming = end.serverTiming;
    sample.flowDueUs = flowDueUs;
    sample.stolen = stolen;
    sample.dueUs = dueAtUs;
    // The wait for a connection lies before the sending, also where a session had to be opened first.
    sample.sentUs = end.begunUs === undefined ? end.sentUs : end.begunUs + connectionWaitUs;
    sample.doneUs = doneUs;
    sample.lostSession = end.lostSession ?? false;
    sample.cached = cached;
    sample.connectionWaitUs = connectionWaitUs;
    this.#options.recorder.add(sample);
  }

  /** Logs the request of a call, if one was sent that an instance may have seen. */
  #note(seq: number, end: CallEnd): void {
    const { sentLog } = this.#options;
    if (sentLog === undefined) return;
    const reply: CallEnd | undefined = end.cached === true ? end.failed : end;
    if (end.unsent === true || reply === undefined || isGiven(reply.serverTiming)) return;
    sentLog.ended(seq, reply.outcome, reply.firstServedBy ?? reply.servedBy);
  }

  #finishWhenIdle(): void {
    if (this.#over && this.#inFlight === 0 && (this.#flows?.isIdle ?? true)) this.#finish();
  }
}
