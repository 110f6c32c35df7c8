/** @module What was injected into a testbed during a load. */
import type { FaultKind } from '../../profile/settings.ts';
import type { Micros } from '../../units/time.ts';
import type { Note } from '../note.ts';

/** An event as it was injected. */
export interface InjectedEvent {
  readonly kind: FaultKind;
  /** When it began, from the start of the measured time. */
  readonly atUs: Micros;
  /** How long it was to last; 0 when it is done at once. */
  readonly forUs: Micros;
  /** The instances that it was injected into, or that joined. */
  readonly instances: readonly string[];
  /** The instances that were given work from then on. */
  readonly serving: readonly string[];
}

/** Everything that was injected. */
export interface Injected {
  /** In order of time. */
  readonly events: readonly InjectedEvent[];
  /** What could not be injected. */
  readonly notes: readonly Note[];
  /** All instances that ever were behind the balancer, in the order in which they joined it. */
  readonly instances: readonly string[];
}
