/** @module The record of the events injected into a testbed during a load. */
import type { FaultKind } from '../../profile/settings.ts';
import type { Micros } from '../../units/time.ts';
import type { Note } from '../note.ts';

/** An event as it was injected. */
export interface InjectedEvent {
  readonly kind: FaultKind;
  /** When it began, from the start of the measured time. */
  readonly atUs: Micros;
  /** Its intended duration; 0 when it has no duration. */
  readonly forUs: Micros;
  /** The instances that it was injected into, or that joined. */
  readonly instances: readonly string[];
  /** The instances in service from then on. */
  readonly serving: readonly string[];
}

/** Everything that was injected. */
export interface Injected {
  /** In order of time. */
  readonly events: readonly InjectedEvent[];
  /** Notes about events that could not be injected. */
  readonly notes: readonly Note[];
  /** All instances that were ever behind the balancer, in the order in which they joined. */
  readonly instances: readonly string[];
}
