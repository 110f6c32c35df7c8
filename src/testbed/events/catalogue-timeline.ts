/** @module Makes the planned changes of what the servers offer at their times, and tells the load of them. */
import type { CatalogueUpdate, PlannedChange } from '../../generator/engine/load-cache.ts';
import type { PlannedCatalogueEvent } from '../../profile/settings.ts';
import type { CatalogueChange } from '../../server/catalogue-change.ts';
import { type Cancel, type Clock, within } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { UserError } from '../../units/user-error.ts';
import type { Note } from '../note.ts';
import type { Controls } from '../part.ts';

export interface CatalogueTimelineOptions {
  /** In the order in which they begin. */
  readonly events: readonly PlannedCatalogueEvent[];
  readonly clock: Clock;
  /** What the testbed offers. */
  readonly controls: Partial<Controls>;
  /** Names of the instances behind the balancer at the start, by their number. */
  readonly instances: readonly string[];
}

/** How long a change that is under way may take when the load has ended. */
const WAIT: Micros = 5e6;

/** What the load has to know of `events`: the changes of the catalogue, in their order. */
export function plannedChanges(events: readonly PlannedCatalogueEvent[]): readonly PlannedChange[] {
  return events.map(({ list, renamed, uri, notify }, event) => ({
    event,
    what: list ?? 'resource',
    notify,
    ...(renamed && { renamed }),
    ...(uri !== undefined && { uri }),
  }));
}

/** Changes that were planned and have begun. */
export class CatalogueTimeline {
  readonly #options: CatalogueTimelineOptions;
  readonly #listeners: ((update: CatalogueUpdate) => void)[] = [];
  readonly #timers = new Set<Cancel>();
  readonly #running = new Set<Promise<void>>();
  readonly #notes: Note[] = [];

  /** Throws a {@link UserError} when the servers of the testbed cannot change what they offer. */
  constructor(options: CatalogueTimelineOptions) {
    this.#options = options;
    const [first] = options.events;
    if (first !== undefined && options.controls.changeCatalogue === undefined) {
      throw new UserError({
        where: 'events',
        what: `${first.kind} needs servers that are built into Paceline`,
        todo: 'use fleet.server: lean or sdk, or leave the event out',
      });
    }
  }

  /** Passes on when a change begins and when it is confirmed. */
  subscribe(listener: (update: CatalogueUpdate) => void): void {
    this.#listeners.push(listener);
  }

  /** Schedules the changes; `startUs` is the start of the measured time on the clock. */
  start(startUs: Micros): void {
    for (const [index, event] of this.#options.events.entries()) {
      const cancel = this.#options.clock.at(startUs + event.atUs, () => {
        this.#timers.delete(cancel);
        const running = this.#change(event, index + 1)
          .catch((error: unknown) => this.#failed(event, error))
          .finally(() => this.#running.delete(running));
        this.#running.add(running);
      });
      this.#timers.add(cancel);
    }
  }

  /** Begins no further change, and resolves when those under way are done. */
  async end(): Promise<void> {
    for (const cancel of this.#timers) cancel();
    // A process that stands still answers no event.
    await within(WAIT, Promise.all(this.#running));
  }

  /** Notes about changes that failed. */
  notes(): readonly Note[] {
    return this.#notes;
  }

  async #change(event: PlannedCatalogueEvent, version: number): Promise<void> {
    const { controls, instances } = this.#options;
    const { renamed, added, uri, notify, except } = event;
    const change: CatalogueChange = {
      version,
      what: event.list ?? 'resource',
      notify,
      ...(renamed && { renamed }),
      ...(added !== undefined && { added }),
      ...(uri !== undefined && { uri }),
    };
    this.#tell('begun', version);
    const changed = instances.filter((_, index) => index + 1 !== except);
    await Promise.all(changed.map((id) => controls.changeCatalogue!(id, change)));
    this.#tell('confirmed', version);
  }

  #tell(stage: CatalogueUpdate['stage'], version: number): void {
    const atEpochMs = this.#options.clock.date().getTime();
    for (const listener of this.#listeners) listener({ kind: 'catalogue', stage, version, atEpochMs });
  }

  /** The load goes on when an event fails. */
  #failed({ kind }: PlannedCatalogueEvent, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#notes.push({ kind: 'event-failed', part: 'events', event: kind, reason });
  }
}
