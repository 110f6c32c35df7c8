/** @module The ways in which the check is measured, in words: what each sees, and why one could not be used. */
import type { AuthEstimate, DisagreementCause } from '../../result/measure/auth-figures.ts';
import type { Micros } from '../../units/time.ts';

type EstimatorName = AuthEstimate['name'];

interface EstimatorText {
  /** Singular, as the subject of a sentence or in a list. */
  readonly name: string;
  /** What is in its figure. */
  readonly sees: string;
}

export const ESTIMATORS: Readonly<Record<EstimatorName, EstimatorText>> = {
  header: {
    name: 'the header of the answers',
    sees: 'the check alone, as the server times it, without the wait for its turn',
  },
  paired: {
    name: 'the comparison with and without it',
    sees: 'all that a call is slower by: the check, and waiting behind the checks of other calls',
  },
  'cold-warm': {
    name: 'the comparison of first and later calls',
    sees: 'what a token that no cache knows yet costs more',
  },
  refusals: {
    name: 'the time of refused calls',
    sees: 'transport and the whole check without the handler, which bounds the check from above on any server',
  },
  cpu: {
    name: 'the processor time of the fleet',
    sees: 'the work of the fleet for the check, without waiting and without the authorization server',
  },
};

/** How much less the first calls of a token took than later ones; undefined where they took longer. A cache that saves time makes them longer, so less is chance, or another cause. */
export function firstCallsAheadUs({ name, p50Us }: AuthEstimate): Micros | undefined {
  return name === 'cold-warm' && p50Us !== null && p50Us < 0 ? -p50Us : undefined;
}

/** Why there is no figure, as a clause. */
export const MISSING: Readonly<Record<NonNullable<AuthEstimate['missing']>, string>> = {
  'no-header': 'no answer says how long the check took',
  'no-base': 'no variant without the check to compare with',
  'too-few-pairs': 'fewer than three pairs of repetitions',
  'no-first-calls': 'too few first or too few later calls of a token',
  'no-refusals': 'no refusal of a token was timed',
  'no-cpu': 'the processor time of the fleet is not known',
};

/** Why two of them disagree, most likely, as a clause. */
export const CAUSES: Readonly<Record<DisagreementCause, string>> = {
  'waits-for-authority':
    'the check waits for the authorization server, which takes no processor time of the fleet',
  queueing: 'calls also wait for the checks of other calls',
  'untimed-work':
    'the header leaves out work, such as reading the request, what other threads do, or the audit log',
  overlap: 'the check of one call overlaps with the work for others',
  'work-beside': 'part of the work is done after the answer, such as writing the audit log',
  'refused-early': 'refused calls end before the whole check was made',
};
