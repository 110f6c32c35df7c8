/** @module A call under way, in an object that later calls use again: nothing is made for a call of its own. */
import { type Micros, UNSET } from '../../units/time.ts';
import type { AgentRequest, CallEnd } from '../agent/caller.ts';
import type { Arrival } from '../schedule/schedule.ts';
import type { StepRun } from './flow-run.ts';

/** A place for one call at a time. What it holds is that of the present call, from {@link Slot.take} to the call's end. */
export class Slot implements Arrival {
  seq = 0;
  dueUs: Micros = UNSET;
  agent = 0;
  call = 0;
  /** When the call is due on the clock of the loop; {@link Slot.dueUs} counts from the start of the load. */
  dueAtUs: Micros = UNSET;
  /** Of a step of a flow: the step, and what earlier ones have saved. */
  step: StepRun | undefined = undefined;
  saved: Arrival['saved'] = undefined;
  /** The request of the latest call, which the next one uses again. */
  request: AgentRequest | undefined = undefined;
  /** Takes the end of each call. */
  readonly onEnd: (end: CallEnd) => void;

  constructor(ended: (slot: Slot, end: CallEnd) => void) {
    this.onEnd = (end) => ended(this, end);
  }

  /** Copies `arrival`, which its schedule uses again. */
  take({ seq, dueUs, agent, call }: Arrival, dueAtUs: Micros): void {
    this.seq = seq;
    this.dueUs = dueUs;
    this.agent = agent;
    this.call = call;
    this.dueAtUs = dueAtUs;
  }

  /** Takes a call of a flow, until {@link Slot.leaveStep}. */
  takeStep(step: StepRun, dueAtUs: Micros): void {
    const { run, planned } = step;
    this.seq = run.seq + planned.offset;
    this.dueUs = run.dueUs;
    this.agent = step.agent;
    this.call = planned.call;
    this.dueAtUs = dueAtUs;
    this.step = step;
    this.saved = run.saved;
  }

  leaveStep(): void {
    this.step = undefined;
    this.saved = undefined;
  }
}
