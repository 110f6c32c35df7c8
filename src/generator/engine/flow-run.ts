/** @module One flow under way: which of its calls is next, and what earlier ones have saved. */
import type { FlowFailure } from '../../recording/measure/flows.ts';
import { type Micros, UNSET } from '../../units/time.ts';
import type { CallEnd } from '../agent/caller.ts';
import type { Arrival } from '../schedule/schedule.ts';
import type { FlowPlan, Group, PlannedCall } from './flow-plan.ts';
import { savedFrom } from './saved-values.ts';

/** An arrival of a flow. */
export class FlowRun {
  /** Index of the flow among those of the mix. */
  readonly flow: number;
  readonly plan: FlowPlan;
  readonly seq: number;
  readonly agent: number;
  /** When it was due, as {@link Arrival.dueUs} counts and on the clock of the loop. */
  readonly dueUs: Micros;
  readonly dueAtUs: Micros;
  readonly saved: Record<string, unknown> = {};
  /** Think time so far. */
  thoughtUs: Micros = 0;
  /** When its latest call ended. */
  doneUs: Micros = UNSET;
  /** Calls of the present group that have not ended. */
  open = 0;
  /** The first failure, and the call that it was of. */
  failure: { readonly call: number; readonly how: FlowFailure } | undefined = undefined;
  #next = 0;

  constructor(flow: number, plan: FlowPlan, { seq, agent, dueUs }: Arrival, dueAtUs: Micros) {
    this.flow = flow;
    this.plan = plan;
    this.seq = seq;
    this.agent = agent;
    this.dueUs = dueUs;
    this.dueAtUs = dueAtUs;
  }

  /** The next group of calls, which becomes the present one; undefined after the last one. */
  next(): Group | undefined {
    const group = this.plan.groups[this.#next];
    this.#next += 1;
    return group;
  }

  /** One of the present calls was not sent, or ended otherwise than `ok`. */
  failed(call: number, how: FlowFailure): void {
    this.failure ??= { call, how };
  }
}

/** A call of a flow under way. */
export class StepRun {
  readonly run: FlowRun;
  readonly planned: PlannedCall;
  /** Who makes the call: the agent of the flow, or a thief. */
  readonly agent: number;

  constructor(run: FlowRun, planned: PlannedCall, agent: number) {
    this.run = run;
    this.planned = planned;
    this.agent = agent;
  }

  get isStolen(): boolean {
    return this.agent !== this.run.agent;
  }

  /** The call ended: saves what later ones need. Returns how it ended for the flow, which does not depend on a stolen call. */
  ended(end: CallEnd): CallEnd {
    const { run, planned } = this;
    const judged = savedFrom(end, planned.save, run.saved);
    run.doneUs = Number.isNaN(run.doneUs) ? judged.doneUs : Math.max(run.doneUs, judged.doneUs);
    if (judged.outcome !== 'ok' && !this.isStolen) run.failed(planned.call, judged.outcome);
    return judged;
  }
}
