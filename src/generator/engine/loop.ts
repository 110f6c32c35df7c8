/** @module The load loop: takes arrivals as they fall due, hands them to agents, and records how they end. */

import { isGiven } from '../../protocol/caching/marks.ts';
import { answered } from '../../protocol/outcome.ts';
import { clampTime, decodeHistogram, percentileOf, Tally } from '../../recording/histogram.ts';
import type { Recorder } from '../../recording/recorder.ts';
import type { SentLogWriter } from '../../recording/sent-log.ts';
import type { Cancel, Clock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { Agent } from '../agent/agent.ts';
import type { CallEnd } from '../agent/caller.ts';
import type { Arrival, Schedule } from '../schedule/schedule.ts';
import type { StepRun } from './flow-run.ts';
import { type FlowHost, type FlowOptions, Flows } from './flows.ts';
import { OwedTurns } from './owed-turns.ts';
import { type Progress, ProgressCount } from './progress.ts';
import type { ReadLagWatch } from './read-lag.ts';
import { freshSample } from './reused-sample.ts';
import { Slot } from './slot.ts';
import type { WaitingCalls } from './waiting-calls.ts';

export interface LoopOptions {
  readonly schedule: Schedule;
  /** The agents that make the calls, by the agent index of an arrival. */
  readonly agents: { of(index: number): Pick<Agent, 'call'> };
  /** Its `add` gets one object for all calls. */
  readonly recorder: Pick<Recorder, 'due' | 'drop' | 'add'>;
  readonly clock: Clock;
  /** When the load begins, on `clock`; due times of the schedule count from here. */
  readonly startUs: Micros;
  /** When the load ends: no call is due at or after it. */
  readonly endUs: Micros;
  /** Number of calls in flight at which further due calls are dropped. */
  readonly maxInFlight: number;
  /** Arrivals whose call has this index or a higher one are arrivals of flows. Absent: the mix has single calls only. */
  readonly flows?: FlowOptions & { readonly firstIndex: number };
  /** A replay: its calls that need results of others, and how long after the end of the load they may be made. Absent: no call waits. */
  readonly replay?: { readonly waiting: WaitingCalls; readonly graceUs: Micros };
  /** Told of every answer, when it was sent for and when it was read. */
  readonly readLag?: Pick<ReadLagWatch, 'answered'>;
  /** Told of every call that was sent, when it has ended. */
  readonly sentLog?: Pick<SentLogWriter, 'ended'> | undefined;
  /** Closed loop: how many calls are kept in flight. Absent: open loop. */
  readonly concurrency?: number;
  /** Closed loop: whether the calls that follow the answers of one turn of the event loop are made in a row, at its end. Absent: each at once. */
  readonly inRow?: boolean;
}

/** A running load. */
export interface Loop {
  /** Resolves when the load's time is over, or it was stopped, and every call made has ended. */
  readonly finished: Promise<void>;
  /** Makes no further calls. */
  stop(): void;
  progress(): Progress;
  /** How late the loop itself took up due calls, 99th percentile, warm-up included: what of the send lag is not waiting for a connection. */
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
  readonly #lateness = new Tally();
  /** Slots without a call: with those that have one, as many as calls were ever in flight at the same time. */
  readonly #spare: Slot[] = [];
  readonly #onEnd = (slot: Slot, end: CallEnd): void => this.#ended(slot, end);
  readonly #owed: OwedTurns;
  readonly #flows: Flows | undefined;
  readonly #firstFlow: number;
  /** Every call's in turn: whoever takes it in copies what it keeps. */
  readonly #sample = freshSample();

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
    this.#finishWhenIdle();
  }

  progress(): Progress {
    return this.#progress;
  }

  latenessP99Us(): Micros {
    return percentileOf(decodeHistogram(this.#lateness.series().histogram), 99);
  }

  #sleep(): void {
    const { clock, startUs, endUs } = this.#options;
    // After the last call the load goes on until its end: rates are counts over the whole of its time.
    if (this.#next === undefined) this.#cancel = clock.at(endUs, () => this.#end());
    else this.#cancel = clock.at(startUs + this.#next.dueUs, () => this.#pass());
  }

  #end(): void {
    this.#over = true;
    this.#finishWhenIdle();
  }

  /** Sends all calls that are due at one reading of the clock; calls taken up late are sent late, never skipped. */
  #pass(): void {
    const { clock, startUs, schedule } = this.#options;
    const elapsed = clock.now() - startUs;
    while (this.#next !== undefined && this.#next.dueUs <= elapsed && !this.#over) {
      this.#lateness.record(clampTime(elapsed - this.#next.dueUs));
      this.#dispatch(this.#next);
      this.#next = schedule.next();
    }
    if (!this.#over) this.#sleep();
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
    this.#inFlight += 1;
    const slot = this.#spare.pop() ?? new Slot(this.#onEnd);
    slot.take(arrival, dueAtUs);
    const keepBody = this.#options.replay?.waiting.isWanted(slot.seq) ?? false;
    slot.request = this.#options.agents.of(slot.agent).call(slot, slot.onEnd, slot.request, keepBody);
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
    this.#inFlight += 1;
    const slot = this.#spare.pop() ?? new Slot(this.#onEnd);
    slot.takeStep(step, dueAtUs);
    const keepBody = planned.save.length > 0;
    slot.request = this.#options.agents.of(slot.agent).call(slot, slot.onEnd, slot.request, keepBody);
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
