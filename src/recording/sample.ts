/** @module One measured call, as the engine hands it to the recorder. */
import type { Outcome } from '../protocol/outcome.ts';
import type { Micros } from '../units/time.ts';

export interface Sample {
  /** Index into the mix of calls. */
  readonly call: number;
  readonly outcome: Outcome;
  /** For people, when the outcome is not `ok`. */
  readonly detail: string | undefined;
  /** The instance that answered, when it said so. */
  readonly servedBy: string | undefined;
  /** Whether it found its session gone, the first to do so. */
  readonly lostSession?: boolean;
  /** Times on the engine's clock. */
  readonly dueUs: Micros;
  readonly sentUs: Micros;
  readonly doneUs: Micros;
}
