/** @module Plays the faults of a profile against a fleet, at their times, and keeps a log of what really happened. */
import type { PlannedFault } from '../../profile/settings.ts';
import type { Cancel, Clock } from '../../units/clock.ts';
import { randomAt } from '../../units/random.ts';
import type { Micros } from '../../units/time.ts';
import type { FaultEvent } from './event.ts';

/** What faults act upon. */
export interface Stage {
  /** Behind the balancer at the start, by name. */
  readonly instances: readonly string[];
  kill(id: string): Promise<void>;
  pause(id: string): void;
  resume(id: string): void;
  slow(id: string, us: Micros): Promise<void>;
  /** Gives it no new work. */
  drain(id: string): Promise<void>;
  /** Puts one more instance behind the balancer; resolves with its name. */
  join(): Promise<string>;
}

export interface TimelineOptions {
  /** In the order in which they come. */
  readonly faults: readonly PlannedFault[];
  /** Decides which instances are struck. */
  readonly seed: number;
  readonly clock: Clock;
  /** Start of the measured time on `clock`. */
  readonly startUs: Micros;
  readonly stage: Stage;
}

/** Faults under way. */
export interface FaultTimeline {
  /** What happened so far. */
  readonly events: readonly FaultEvent[];
  /** What could not be done, in words. */
  readonly notes: readonly string[];
  /** Plays nothing more, and lets go on whatever is paused or slow. */
  end(): Promise<void>;
}

/** Begins to play. */
export function playFaults(options: TimelineOptions): FaultTimeline {
  return new Timeline(options);
}

class Timeline implements FaultTimeline {
  readonly events: FaultEvent[] = [];
  readonly notes: string[] = [];
  readonly #options: TimelineOptions;
  /** All that ever were behind the balancer, by number. */
  readonly #known: string[];
  /** Behind the balancer and given work. */
  readonly #serving: string[];
  readonly #timers = new Set<Cancel>();
  /** What undoes a pause or slowness that lasts. */
  readonly #undo = new Map<string, () => void | Promise<void>>();
  readonly #busy = new Set<Promise<void>>();
  #over = false;

  constructor(options: TimelineOptions) {
    this.#options = options;
    this.#known = [...options.stage.instances];
    this.#serving = [...options.stage.instances];
    for (const [index, fault] of options.faults.entries())
      this.#at(options.startUs + fault.atUs, () => this.#strike(fault, index));
  }

  async end(): Promise<void> {
    this.#over = true;
    for (const cancel of this.#timers) cancel();
    await Promise.all(this.#busy);
    for (const undo of this.#undo.values()) this.#do(async () => undo());
    this.#undo.clear();
    await Promise.all(this.#busy);
  }

  #at(dueUs: Micros, act: () => Promise<void>): void {
    const cancel = this.#options.clock.at(dueUs, () => {
      this.#timers.delete(cancel);
      if (!this.#over) this.#do(act);
    });
    this.#timers.add(cancel);
  }

  #do(act: () => Promise<void>): void {
    const doing = act()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#busy.delete(doing));
    this.#busy.add(doing);
  }

  /** An action that fails is told in a note: the load goes on. */
  #fail(error: unknown): void {
    this.notes.push(`a fault could not be played: ${error instanceof Error ? error.message : error}`);
  }

  async #strike(fault: PlannedFault, index: number): Promise<void> {
    if (fault.kind === 'restart') this.#restart(fault);
    else if (fault.kind === 'add') await this.#add(fault);
    else {
      const struck = this.#choose(fault, index);
      if (struck.length > 0) await this.#harmAll(fault, struck, this.#nowUs());
      else {
        const which = fault.instance === undefined ? 'no instance' : `no instance ${fault.instance}`;
        this.notes.push(`${fault.kind} found ${which} that still served`);
      }
    }
  }

  async #add(fault: PlannedFault): Promise<void> {
    const atUs = this.#nowUs();
    const added: string[] = [];
    try {
      for (let made = 0; made < fault.count; made += 1) added.push(await this.#join());
    } finally {
      this.#log(fault, atUs, added);
    }
  }

  /** Those that could not be harmed go on serving, and are not in the log. */
  async #harmAll(fault: PlannedFault, ids: readonly string[], atUs: Micros): Promise<void> {
    const leaving = fault.kind === 'kill' || fault.kind === 'drain' || fault.kind === 'restart';
    if (leaving) this.#leave(ids);
    const struck: string[] = [];
    const harm = async (id: string): Promise<void> => {
      try {
        await this.#harm(fault, id);
        struck.push(id);
      } catch (error) {
        if (leaving) this.#serving.push(id);
        this.#fail(error);
      }
    };
    await Promise.all(ids.map(harm));
    this.#log(fault, atUs, struck);
  }

  async #harm({ kind, forUs, byUs }: PlannedFault, id: string): Promise<void> {
    const { stage } = this.#options;
    switch (kind) {
      case 'kill':
        return stage.kill(id);
      case 'pause':
        stage.pause(id);
        return this.#lasting(`pause ${id}`, forUs, () => stage.resume(id));
      case 'slow':
        await stage.slow(id, byUs);
        return this.#lasting(`slow ${id}`, forUs, () => stage.slow(id, 0));
      case 'drain':
      case 'restart':
        await stage.drain(id);
        return this.#later(forUs, () => stage.kill(id));
    }
  }

  /** Each instance in turn: a new one joins, the old one gets no new work, and ends when the turn is over. */
  #restart(fault: PlannedFault): void {
    for (const [turn, old] of [...this.#serving].entries()) {
      this.#later(turn * fault.forUs, async () => {
        if (!this.#serving.includes(old)) return;
        const atUs = this.#nowUs();
        await this.#join();
        // Another fault may have struck it in the meantime.
        if (this.#serving.includes(old)) await this.#harmAll(fault, [old], atUs);
      });
    }
  }

  #lasting(key: string, forUs: Micros, undo: () => void | Promise<void>): void {
    this.#undo.set(key, undo);
    this.#later(forUs, async () => {
      this.#undo.delete(key);
      await undo();
    });
  }

  #later(us: Micros, act: () => Promise<void>): void {
    if (!this.#over) this.#at(this.#options.clock.now() + us, act);
  }

  async #join(): Promise<string> {
    const id = await this.#options.stage.join();
    this.#known.push(id);
    this.#serving.push(id);
    return id;
  }

  #leave(ids: readonly string[]): void {
    for (const id of ids) this.#serving.splice(this.#serving.indexOf(id), 1);
  }

  /** The one that is named, or as many as asked for, drawn among those that serve. */
  #choose({ instance, count }: PlannedFault, index: number): readonly string[] {
    if (instance !== undefined) {
      const named = this.#known[instance - 1];
      return named !== undefined && this.#serving.includes(named) ? [named] : [];
    }
    const random = randomAt(this.#options.seed, 'fault', index);
    const left = [...this.#serving];
    return Array.from({ length: Math.min(count, left.length) }, () =>
      left.splice(random.below(left.length), 1).join(),
    );
  }

  #nowUs(): Micros {
    return this.#options.clock.now() - this.#options.startUs;
  }

  /** In order of time, although some take longer than others; nothing when nobody was struck. */
  #log({ kind, forUs }: PlannedFault, atUs: Micros, instances: readonly string[]): void {
    if (instances.length === 0) return;
    const later = this.events.findIndex((event) => event.atUs > atUs);
    const event = { kind, atUs, forUs, instances, serving: [...this.#serving] };
    this.events.splice(later < 0 ? this.events.length : later, 0, event);
  }
}
