/** @module Makes the planned changes of tokens and of the authorization server at their times. */
import type { AuthEventKind, PlannedAuthEvent } from '../../profile/settings.ts';
import type { Clock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { UserError } from '../../units/user-error.ts';
import type { Note } from '../note.ts';
import type { AuthControls } from '../part.ts';
import { ScheduledActions } from './scheduled-actions.ts';

export interface AuthTimelineOptions {
  /** In the order in which they begin. */
  readonly events: readonly PlannedAuthEvent[];
  readonly clock: Clock;
  /** What the testbed offers. */
  readonly controls: Partial<AuthControls>;
  /** Names of the instances behind the balancer at the start, by their number. */
  readonly instances: readonly string[];
}

/** The controls that each kind needs. */
const NEEDS: Readonly<Record<AuthEventKind, keyof AuthControls>> = {
  revoke: 'revoke',
  removeScope: 'removeScope',
  rotateKeys: 'rotateKeys',
  serverDown: 'authorityDown',
  skewClock: 'skewClock',
};

/** Events that were planned and have begun. */
export class AuthTimeline {
  readonly #options: AuthTimelineOptions;
  readonly #controls: AuthControls;
  readonly #actions: ScheduledActions;

  /** Throws a {@link UserError} when the testbed lacks a control that an event needs. */
  constructor(options: AuthTimelineOptions) {
    for (const { kind } of options.events) {
      if (options.controls[NEEDS[kind]] !== undefined) continue;
      throw new UserError({
        where: 'events',
        what: `${kind} needs identities with tokens of an authorization server that Paceline starts`,
        todo: 'set identities and auth.mode, or leave the event out',
      });
    }
    this.#options = options;
    this.#actions = new ScheduledActions(options.clock);
    this.#controls = options.controls as AuthControls;
  }

  /** Schedules the events; `startUs` is the start of the measured time on the clock. */
  start(startUs: Micros): void {
    for (const [index, event] of this.#options.events.entries())
      this.#actions.at(startUs + event.atUs, event.kind, () => this.#begin(event, index));
  }

  /** Begins no further event, and resolves when those under way are done. */
  end(): Promise<void> {
    return this.#actions.end();
  }

  /** Notes about events that failed. */
  notes(): readonly Note[] {
    return this.#actions.notes();
  }

  async #begin(event: PlannedAuthEvent, index: number): Promise<void> {
    const { authorityDown, skewClock } = this.#controls;
    switch (event.kind) {
      case 'revoke':
        return this.#controls.revoke(index, event);
      case 'removeScope':
        return this.#controls.removeScope(index, event);
      case 'rotateKeys':
        return this.#controls.rotateKeys();
      case 'serverDown':
        this.#actions.at(this.#endOf(event), event.kind, () => authorityDown(false));
        return authorityDown(true);
      case 'skewClock': {
        const { instance = 1, byUs = 0 } = event;
        const id = this.#options.instances[instance - 1];
        if (id === undefined) return undefined;
        this.#actions.at(this.#endOf(event), event.kind, () => skewClock(id, 0));
        return skewClock(id, byUs);
      }
    }
  }

  #endOf({ forUs }: PlannedAuthEvent): Micros {
    return this.#options.clock.now() + forUs;
  }
}
