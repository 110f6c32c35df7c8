/** @module The changes of rights of all variants that have any: what changed, and how long calls were still allowed. */
import type { AuthFigures } from '../../result/measure/auth-figures.ts';
import type { Model } from '../model.ts';
import { moment, plural } from '../wording.ts';
import { type Authorized, checked, revocationText } from './authorized.ts';

export type AuthEvent = AuthFigures['events'][number];

/** A change of rights in a variant that checks calls. */
export interface StaleRow {
  readonly one: Authorized;
  readonly event: AuthEvent;
  /** Among the events of its variant, from 0. */
  readonly place: number;
  /** How a token is revoked, as a clause; empty when that is not known. */
  readonly revokedBy: string;
}

/** The changes after which calls should have been refused, of every variant with a check. */
export function staleRows(model: Model): readonly StaleRow[] {
  return checked(model).flatMap((one) =>
    one.auth.events.flatMap((event, place) =>
      event.agents > 0 && TAKES_RIGHTS.includes(event.kind)
        ? [{ one, event, place, revokedBy: revocationText(one) }]
        : [],
    ),
  );
}

/** The kinds of events after which calls should be refused. */
const TAKES_RIGHTS = ['revoke', 'removeScope'];

/** What was changed, as the object of a sentence: `calls of 8 revoked agents`. */
export function changeText({ event: { kind, agents } }: Pick<StaleRow, 'event'>): string {
  return kind === 'removeScope'
    ? `calls of ${plural(agents, 'agent')} that had lost the scope for them`
    : `calls of ${plural(agents, 'revoked agent')}`;
}

/** A name of an event for a table: `revoke at 1.5 s`. */
export const eventText = ({ kind, atMs }: AuthEvent): string => `${kind} at ${moment(atMs)}`;
