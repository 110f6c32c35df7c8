/** @module One measured call, as the engine hands it to the recorder. */
import type { Outcome } from '../protocol/outcome.ts';
import type { Micros } from '../units/time.ts';

export interface Sample {
  /** Index into the mix of calls. */
  readonly call: number;
  readonly outcome: Outcome;
  /** Error detail for display, when the outcome is not `ok`. */
  readonly detail: string | undefined;
  /** The instance that answered, if the answer names it. */
  readonly servedBy: string | undefined;
  /** Whether it was the first call to find its session lost. */
  readonly lostSession?: boolean;
  /** Times on the engine's clock. */
  readonly dueUs: Micros;
  readonly sentUs: Micros;
  readonly doneUs: Micros;
}
