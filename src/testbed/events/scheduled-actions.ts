/** @module Actions that events begin at planned times: awaited when the load ends, and noted when they fail. */
import type { AuthEventKind, CatalogueEventKind } from '../../profile/settings.ts';
import { type Cancel, type Clock, within } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { Note } from '../note.ts';

/** How long actions that are under way may take when the load has ended. */
const WAIT: Micros = 5e6;

/** Those that are planned and those under way. */
export class ScheduledActions {
  readonly #clock: Clock;
  readonly #timers = new Set<Cancel>();
  readonly #running = new Set<Promise<void>>();
  readonly #notes: Note[] = [];
  #over = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins `act`, which is part of an event of `kind`, at `dueUs` on the clock; never after {@link end}. */
  at(dueUs: Micros, kind: AuthEventKind | CatalogueEventKind, act: () => Promise<void>): void {
    if (this.#over) return;
    const cancel = this.#clock.at(dueUs, () => {
      this.#timers.delete(cancel);
      const running = act()
        .catch((error: unknown) => this.#failed(kind, error))
        .finally(() => this.#running.delete(running));
      this.#running.add(running);
    });
    this.#timers.add(cancel);
  }

  /** Begins no further action, and resolves when those under way are done. */
  async end(): Promise<void> {
    this.#over = true;
    for (const cancel of this.#timers) cancel();
    // A process that stands still answers no event.
    await within(WAIT, Promise.all(this.#running));
  }

  /** Notes about actions that failed. */
  notes(): readonly Note[] {
    return this.#notes;
  }

  /** The load goes on when an event fails. */
  #failed(event: AuthEventKind | CatalogueEventKind, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#notes.push({ kind: 'event-failed', part: 'events', event, reason });
  }
}
