/** @module Makes the planned changes of what the servers offer at their times, and tells the load of them. */
import type { CatalogueUpdate, PlannedChange } from '../../generator/engine/load-cache.ts';
import type { PlannedCatalogueEvent } from '../../profile/settings.ts';
import type { CatalogueChange } from '../../server/catalogue-change.ts';
import type { Clock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { UserError } from '../../units/user-error.ts';
import type { Note } from '../note.ts';
import type { Controls } from '../part.ts';
import { ScheduledActions } from './scheduled-actions.ts';

export interface CatalogueTimelineOptions {
  /** In the order in which they begin. */
  readonly events: readonly PlannedCatalogueEvent[];
  readonly clock: Clock;
  /** What the testbed offers. */
  readonly controls: Partial<Controls>;
  /** Names of the instances behind the balancer at the start, by their number. */
  readonly instances: readonly string[];
}

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
  readonly #actions: ScheduledActions;

  /** Throws a {@link UserError} when the servers of the testbed cannot change what they offer. */
  constructor(options: CatalogueTimelineOptions) {
    this.#options = options;
    this.#actions = new ScheduledActions(options.clock);
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
    for (const [index, event] of this.#options.events.entries())
      this.#actions.at(startUs + event.atUs, event.kind, () => this.#change(event, index + 1));
  }

  /** Begins no further change, and resolves when those under way are done. */
  end(): Promise<void> {
    return this.#actions.end();
  }

  /** Notes about changes that failed. */
  notes(): readonly Note[] {
    return this.#actions.notes();
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
}
