/** @module An injected event as it happened. */
import type { FaultKind } from '../../profile/settings.ts';
import type { Micros } from '../../units/time.ts';

/** A fault as it was played. */
export interface FaultEvent {
  readonly kind: FaultKind;
  /** When it happened, from the start of the measured time. */
  readonly atUs: Micros;
  /** How long it was to last; 0 when it is done at once. */
  readonly forUs: Micros;
  /** Those it struck, or that joined. */
  readonly instances: readonly string[];
  /** Those that were given work from then on. */
  readonly serving: readonly string[];
}
