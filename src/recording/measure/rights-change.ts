/** @module One change of rights during the load, and what instances answered around it. */
import type { Micros } from '../../units/time.ts';
import { byName } from '../counts.ts';
import type { AuthEventCounts, StaleInstance } from './auth-counts.ts';
import type { Expected } from './auth-load.ts';
import type { DecidedCall } from './recent-calls.ts';

const STEP: Micros = 100e3;
/** The first step that is counted: one second before the change. */
const FIRST_STEP = -10;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A change that has begun. Until it is confirmed, nobody knows what calls should get. */
export class RightsChange {
  readonly event: number;
  readonly begunUs: Micros;
  /** `undefined` until then. */
  confirmed: Confirmation | undefined = undefined;
  /** Calls of its agents that wait for the confirmation. */
  readonly waiting: DecidedCall[] = [];
  #calls = 0;
  /** By the number of an instance. */
  readonly #instances = new Map<number, Writable<Omit<StaleInstance, 'name'>>>();
  readonly #steps = new Map<number, { allowed: number; denied: number }>();

  constructor(event: number, begunUs: Micros) {
    this.event = event;
    this.begunUs = begunUs;
  }

  /** Whether a call that was sent at `sentUs` is within the time that {@link RightsChange.count} looks at. */
  concerns(sentUs: Micros): boolean {
    return sentUs >= this.begunUs + FIRST_STEP * STEP;
  }

  /**
   * Counts a call of its agents. Of a change that took rights away only calls that lost them are counted; of any other change all calls,
   * in steps only. `governs`: no later change decides about this call.
   */
  count(call: DecidedCall, governs: boolean): void {
    const { confirmed } = this;
    if (confirmed === undefined) return;
    const lost = confirmed.lost[call.call] === true;
    if (confirmed.takes && !lost) return;
    this.#countStep(call);
    if (lost && governs && call.sentUs >= confirmed.atUs)
      this.#countStale(call, call.sentUs - confirmed.atUs);
  }

  /** As plain data; undefined when it was never confirmed. `instances` has the names of instances, by number. */
  counts(kind: string, startUs: Micros, instances: readonly string[]): AuthEventCounts | undefined {
    const { confirmed, begunUs } = this;
    if (confirmed === undefined) return undefined;
    return {
      index: this.event,
      kind,
      atUs: begunUs - startUs,
      confirmedUs: confirmed.atUs - begunUs,
      agents: confirmed.agents,
      calls: this.#calls,
      instances: [...this.#instances]
        .map(([number, counts]) => ({ name: instances[number]!, ...counts }))
        .sort(byName),
      steps: [...this.#steps].map(([step, counts]) => ({ step, ...counts })).sort((a, b) => a.step - b.step),
    };
  }

  #countStep({ sentUs, decision }: DecidedCall): void {
    const step = Math.floor((sentUs - this.begunUs) / STEP);
    if (step < FIRST_STEP) return;
    let counts = this.#steps.get(step);
    if (counts === undefined) {
      counts = { allowed: 0, denied: 0 };
      this.#steps.set(step, counts);
    }
    if (decision === 0) counts.allowed += 1;
    else counts.denied += 1;
  }

  #countStale({ instance, decision }: DecidedCall, afterUs: Micros): void {
    let counts = this.#instances.get(instance);
    if (counts === undefined) {
      counts = { allowed: 0, lastAllowedUs: null, denied: 0, firstDeniedUs: null };
      this.#instances.set(instance, counts);
    }
    this.#calls += 1;
    if (decision === 0) {
      counts.allowed += 1;
      counts.lastAllowedUs = Math.max(counts.lastAllowedUs ?? 0, afterUs);
    } else {
      counts.denied += 1;
      counts.firstDeniedUs = Math.min(counts.firstDeniedUs ?? afterUs, afterUs);
    }
  }
}

/** That the authorization server has made a change. */
export interface Confirmation {
  readonly atUs: Micros;
  /** What calls should get from then on, by their index in the mix. */
  readonly expected: readonly Expected[];
  /** Calls that were allowed before and are not any more, by their index in the mix. */
  readonly lost: readonly boolean[];
  /** Whether there are any. */
  readonly takes: boolean;
  /** How many agents it concerns. */
  readonly agents: number;
}
