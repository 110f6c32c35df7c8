/** @module How long calls were still allowed after a change of rights, by variant and instance. */
import { eventText, type StaleRow, staleRows } from '../../authorization/stale.ts';
import type { Model } from '../../model.ts';
import { count, millis, NOTHING } from '../../wording.ts';
import type { TextTable } from '../headline.ts';
import type { AuthorizationTable } from './section.ts';

/** Milliseconds; with `≥` when calls were still allowed at the end. */
export function windowCell(us: number | null, isOpen: boolean): string {
  if (us === null) return NOTHING;
  return `${isOpen ? '≥ ' : ''}${us === 0 ? '0' : millis(us)}`;
}

/** A row for each instance of each variant and change; the window of an instance that never refused goes on to the end. */
function table(model: Model): TextTable {
  return {
    heads: [
      'variant',
      'event',
      'instance',
      'stale ms',
      'exact to ms',
      'allowed',
      'refused',
      'a token is revoked by',
    ],
    rows: staleRows(model).flatMap((row) => row.event.instances.map((instance) => cellsOf(row, instance))),
  };
}

function cellsOf(
  { one, event, revokedBy }: StaleRow,
  { name, staleWindowUs, allowed, denied }: StaleRow['event']['instances'][number],
): readonly string[] {
  return [
    one.name,
    eventText(event),
    name || NOTHING,
    windowCell(staleWindowUs, event.open && denied === 0 && allowed > 0),
    event.resolutionUs === null ? NOTHING : millis(event.resolutionUs),
    count(allowed),
    count(denied),
    revokedBy || NOTHING,
  ];
}

export const stale: AuthorizationTable = {
  title: 'After a change of rights',
  note: 'From the confirmation of the change by the authorization server to the last call that an instance still allowed. The figure is exact to the mean time between two calls of these agents to one instance. ≥: calls were still allowed at the end of the run.',
  table,
};
