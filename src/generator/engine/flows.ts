/** @module Runs the flows of a load: makes each call due when the one before has ended and its think time is over. */
import type { FlowTally } from '../../recording/measure/flows.ts';
import type { Cancel, Clock } from '../../units/clock.ts';
import { drawAt, streamKey } from '../../units/random.ts';
import type { Micros } from '../../units/time.ts';
import type { Arrival } from '../schedule/schedule.ts';
import { DueHeap } from './due-heap.ts';
import type { FlowPlan, Group, PlannedCall } from './flow-plan.ts';
import { FlowRun, StepRun } from './flow-run.ts';

/** The flows of a load. */
export interface FlowOptions {
  readonly plans: readonly FlowPlan[];
  /** Decides think times, and which calls are stolen. */
  readonly seed: number;
  /** Groups of agents of which each could use what another agent of the group was given: its identity. Absent: each agent is alone. */
  readonly groupOf?: ((agent: number) => number) | undefined;
  /** How long after the end of the load a call may become due: flows under way are given as much time as a call. */
  readonly graceUs: Micros;
  readonly tally: FlowTally | undefined;
}

/** What flows need of the loop that they run in. */
export interface FlowHost {
  /** Calls `take` with the time: it makes the steps due whose think time is over. */
  timeIsUp(take: (nowUs: Micros) => void): void;
  /** A step is due; returns whether it was sent, and not dropped. */
  stepDue(step: StepRun, dueAtUs: Micros): boolean;
  /** A flow is over, whichever way. */
  flowOver(): void;
}

/** A group of calls that is due when its think time is over. */
interface Thinking {
  readonly run: FlowRun;
  readonly group: Group;
}

/** The flows of one thread. */
export class Flows {
  readonly #options: FlowOptions;
  readonly #host: FlowHost;
  readonly #clock: Clock;
  /** No call becomes due after it. */
  readonly #lastDueUs: Micros;
  readonly #thinking = new DueHeap<Thinking>();
  readonly #thinkKey: number;
  readonly #stolenKey: number;
  /** Of the latest flow that has begun, and of the latest before it that was of another group. */
  #latestAgents: readonly (number | undefined)[] = [];
  #alarmUs: Micros = Number.POSITIVE_INFINITY;
  #cancel: Cancel = () => undefined;
  #stopped = false;
  /** Flows that have begun and are not over. */
  #open = 0;

  readonly #sendThought = (nowUs: Micros): void => {
    while (this.#thinking.firstUs <= nowUs) {
      const dueAtUs = this.#thinking.firstUs;
      const { run, group } = this.#thinking.pop()!;
      this.#send(run, group, dueAtUs);
    }
  };

  constructor(options: FlowOptions, host: FlowHost, clock: Clock, endUs: Micros) {
    this.#options = options;
    this.#host = host;
    this.#clock = clock;
    this.#lastDueUs = endUs + options.graceUs;
    this.#thinkKey = streamKey(options.seed, 'think');
    this.#stolenKey = streamKey(options.seed, 'stolen');
  }

  get isIdle(): boolean {
    return this.#open === 0;
  }

  /** Flow number `flow` is due. */
  begin(flow: number, arrival: Arrival, dueAtUs: Micros): void {
    const run = new FlowRun(flow, this.#options.plans[flow]!, arrival, dueAtUs);
    this.#remember(run.agent);
    this.#open += 1;
    this.#options.tally?.due(flow, dueAtUs);
    this.#send(run, run.next()!, dueAtUs);
  }

  /** Goes on with the flow of a call that has ended and was recorded. */
  goOn({ run }: StepRun): void {
    run.open -= 1;
    if (run.open === 0) this.#advance(run);
  }

  /** Makes no further calls: what is under way stays unfinished. */
  stop(): void {
    this.#stopped = true;
    this.#cancel();
    const waiting = this.#thinking.size;
    this.#thinking.clear();
    for (let left = waiting; left > 0; left -= 1) this.#over();
  }

  #send(run: FlowRun, { calls }: Group, dueAtUs: Micros): void {
    // Counted first: a flow of which one call was dropped goes on to its end when the others have ended.
    run.open = calls.length;
    let dropped = 0;
    for (const planned of calls) {
      const step = new StepRun(run, planned, this.#callerOf(run, planned));
      if (this.#host.stepDue(step, dueAtUs)) continue;
      run.failed(planned.call, 'dropped');
      dropped += 1;
    }
    run.open -= dropped;
    if (run.open === 0) this.#advance(run);
  }

  #remember(agent: number): void {
    const [last, before] = this.#latestAgents;
    const isAlike = last !== undefined && this.#groupOf(last) === this.#groupOf(agent);
    this.#latestAgents = [agent, isAlike ? before : last];
  }

  /** The agent of the flow; for the share of calls that are stolen, the latest of another group that has begun a flow, once there is one. */
  #callerOf({ agent, seq }: FlowRun, { stolen, offset }: PlannedCall): number {
    if (stolen === 0 || drawAt(this.#stolenKey, seq + offset) >= stolen) return agent;
    const group = this.#groupOf(agent);
    return this.#latestAgents.find((each) => each !== undefined && this.#groupOf(each) !== group) ?? agent;
  }

  #groupOf(agent: number): number {
    return this.#options.groupOf?.(agent) ?? agent;
  }

  #advance(run: FlowRun): void {
    const { tally } = this.#options;
    const { failure, flow, dueAtUs } = run;
    if (failure !== undefined) {
      if (failure.how !== 'aborted') tally?.failed(flow, failure.call, failure.how, dueAtUs);
      this.#over();
      return;
    }
    const group = run.next();
    if (group === undefined) {
      tally?.completed(flow, dueAtUs, run.doneUs - dueAtUs, run.thoughtUs);
      this.#over();
      return;
    }
    const thinkUs = this.#thinkTime(run, group);
    run.thoughtUs += thinkUs;
    const nowUs = this.#clock.now();
    if (this.#stopped || nowUs + thinkUs > this.#lastDueUs) this.#over();
    else if (thinkUs === 0) this.#send(run, group, nowUs);
    else {
      this.#thinking.push(nowUs + thinkUs, { run, group });
      this.#sleep();
    }
  }

  #thinkTime({ seq }: FlowRun, { minThinkUs, maxThinkUs, calls }: Group): Micros {
    if (minThinkUs === maxThinkUs) return minThinkUs;
    return minThinkUs + drawAt(this.#thinkKey, seq + calls[0]!.offset) * (maxThinkUs - minThinkUs);
  }

  /** One alarm, for the think time that is over first. */
  #sleep(): void {
    const { firstUs } = this.#thinking;
    if (firstUs >= this.#alarmUs) return;
    this.#cancel();
    this.#alarmUs = firstUs;
    this.#cancel = this.#clock.at(firstUs, () => this.#wake());
  }

  #wake(): void {
    this.#alarmUs = Number.POSITIVE_INFINITY;
    this.#host.timeIsUp(this.#sendThought);
    if (this.#thinking.size > 0) this.#sleep();
  }

  #over(): void {
    this.#open -= 1;
    this.#host.flowOver();
  }
}
