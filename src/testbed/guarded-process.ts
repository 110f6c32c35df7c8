/** @module The processes of a fleet that check calls, and what makes the input of their checks. */
import type { GuardInput } from '../guard/guard.ts';

/** A process with a check: instance number `index` (from 0), or the balancer. */
type GuardedProcess =
  | { readonly kind: 'instance'; readonly id: string; readonly index: number }
  | { readonly kind: 'balancer' };

/** Makes the input of the check of each process. */
export type GuardInputOf = (process: GuardedProcess) => GuardInput;
