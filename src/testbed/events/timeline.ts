/** @module Injects the faults of a profile into a testbed at their times, and records the events that actually took place. */
import type { PlannedFault } from '../../profile/settings.ts';
import type { Cancel, Clock } from '../../units/clock.ts';
import { randomAt } from '../../units/random.ts';
import type { Micros } from '../../units/time.ts';
import { UserError } from '../../units/user-error.ts';
import type { Note } from '../note.ts';
import type { Controls } from '../part.ts';
import type { Injected, InjectedEvent } from './injected.ts';
import type { EventKind, Step } from './kind.ts';
import { EVENT_KINDS, takesAway } from './kinds.ts';
import { Roster } from './roster.ts';

export interface TimelineOptions {
  /** The faults, in the order in which they begin. */
  readonly faults: readonly PlannedFault[];
  /** The seed that decides which instances are chosen. */
  readonly seed: number;
  readonly clock: Clock;
  /** What the testbed offers. */
  readonly controls: Partial<Controls>;
  /** Names of the instances behind the balancer at the start. */
  readonly instances: readonly string[];
}

/** The faults and events of one load. */
export interface EventTimeline {
  /** Schedules the faults; `startUs` is the start of the measured time on the clock. */
  start(startUs: Micros): void;
  /** Injects no further events, and ends those in progress immediately. Resolves when that is done. */
  end(): Promise<void>;
  /** What was injected so far. */
  injected(): Injected;
}

/** A timeline that has not been started. Throws a {@link UserError} when the testbed lacks a control that a fault needs. */
export function createTimeline(options: TimelineOptions): EventTimeline {
  return new Timeline(options, requireControls(options));
}

function requireControls({ faults, controls }: TimelineOptions): Controls {
  for (const { kind } of faults) {
    const missing = EVENT_KINDS[kind].needs.find((name) => controls[name] === undefined);
    if (missing === undefined) continue;
    throw new UserError({
      where: 'faults',
      what: `${kind} needs the control "${missing}", which this testbed does not support`,
      todo: 'leave it out, or use a fleet of the server sdk or lean',
    });
  }
  // A kind of event uses only the controls that it declares.
  return controls as Controls;
}

class Timeline implements EventTimeline {
  readonly #options: TimelineOptions;
  readonly #controls: Controls;
  readonly #roster: Roster;
  readonly #events: InjectedEvent[] = [];
  readonly #notes: Note[] = [];
  readonly #timers = new Set<Cancel>();
  /** The pending functions that end events with a duration. */
  readonly #lasting = new Set<() => Promise<void>>();
  readonly #running = new Set<Promise<void>>();
  #startUs: Micros = 0;
  #over = false;

  constructor(options: TimelineOptions, controls: Controls) {
    this.#options = options;
    this.#controls = controls;
    this.#roster = new Roster(options.instances);
  }

  start(startUs: Micros): void {
    this.#startUs = startUs;
    for (const [index, fault] of this.#options.faults.entries())
      this.#at(startUs + fault.atUs, async () => this.#begin(fault, index));
  }

  async end(): Promise<void> {
    this.#over = true;
    for (const cancel of this.#timers) cancel();
    await Promise.all(this.#running);
    for (const finish of this.#lasting) this.#run(finish);
    await Promise.all(this.#running);
  }

  injected(): Injected {
    // Some events take longer than others that began later.
    const events = this.#events.toSorted((a, b) => a.atUs - b.atUs);
    return { events, notes: [...this.#notes], instances: [...this.#roster.known] };
  }

  #at(dueUs: Micros, act: () => Promise<void>): void {
    if (this.#over) return;
    const cancel = this.#options.clock.at(dueUs, () => {
      this.#timers.delete(cancel);
      this.#run(act);
    });
    this.#timers.add(cancel);
  }

  #run(act: () => Promise<void>): void {
    const running = act().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #begin(fault: PlannedFault, index: number): void {
    const random = randomAt(this.#options.seed, 'fault', index);
    const serving = {
      names: this.#roster.serving,
      choose: (one: PlannedFault) => this.#roster.choose(one, random),
    };
    const steps = EVENT_KINDS[fault.kind].plan(fault, serving);
    if (steps.length === 0) this.#noteNoInstance(fault);
    const nowUs = this.#options.clock.now();
    for (const step of steps) {
      const act = (): Promise<void> => this.#take(step, fault);
      if (step.afterUs === 0) this.#run(act);
      else this.#at(nowUs + step.afterUs, act);
    }
  }

  async #take({ joins, targets }: Step, fault: PlannedFault): Promise<void> {
    const atUs = this.#options.clock.now() - this.#startUs;
    const left = (): readonly string[] => targets.filter((id) => this.#roster.serving.includes(id));
    // Another event may have removed the targets from service since the plan was made.
    if (targets.length > 0 && left().length === 0) return;
    const joined = joins === 0 ? [] : await this.#join(fault, joins);
    if (targets.length === 0) this.#record(fault, atUs, joined);
    else if (joined.length === joins) this.#record(fault, atUs, await this.#inject(fault, left()));
  }

  /** The instances that joined: fewer than `count` when one could not. */
  async #join(fault: PlannedFault, count: number): Promise<readonly string[]> {
    const joined: string[] = [];
    try {
      while (joined.length < count) {
        const instance = await this.#controls.join();
        this.#roster.join(instance);
        joined.push(instance);
      }
    } catch (error) {
      this.#noteFailure(fault, error);
    }
    return joined;
  }

  /** The instances that it was injected into. The others stay in service. */
  async #inject(fault: PlannedFault, instances: readonly string[]): Promise<readonly string[]> {
    const kind = EVENT_KINDS[fault.kind];
    const leaves = takesAway(fault.kind);
    if (leaves) this.#roster.leave(instances);
    const injected = await Promise.all(
      instances.map(async (instance) => {
        const done = await this.#injectInto(instance, fault, kind);
        if (!done && leaves) this.#roster.comeBack(instance);
        return done;
      }),
    );
    return instances.filter((_, index) => injected[index]);
  }

  async #injectInto(instance: string, fault: PlannedFault, kind: EventKind): Promise<boolean> {
    try {
      await kind.inject?.(this.#controls, instance, fault);
    } catch (error) {
      this.#noteFailure(fault, error, instance);
      return false;
    }
    if (kind.end !== undefined) this.#endLater(instance, fault, kind);
    return true;
  }

  #endLater(instance: string, fault: PlannedFault, kind: EventKind): void {
    const finish = async (): Promise<void> => {
      this.#lasting.delete(finish);
      try {
        await kind.end?.(this.#controls, instance);
      } catch (error) {
        this.#noteFailure(fault, error, instance);
      }
    };
    this.#lasting.add(finish);
    this.#at(this.#options.clock.now() + fault.forUs, finish);
  }

  #record({ kind, forUs }: PlannedFault, atUs: Micros, instances: readonly string[]): void {
    if (instances.length === 0) return;
    this.#events.push({ kind, atUs, forUs, instances, serving: this.#roster.serving });
  }

  #noteNoInstance({ kind, instance }: PlannedFault): void {
    this.#notes.push({
      kind: 'event-without-instance',
      part: 'events',
      event: kind,
      ...(instance !== undefined && { number: instance }),
    });
  }

  /** The load goes on when a fault cannot be injected. */
  #noteFailure({ kind }: PlannedFault, error: unknown, instance?: string): void {
    this.#notes.push({
      kind: 'event-failed',
      part: 'events',
      event: kind,
      ...(instance !== undefined && { instance }),
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}
