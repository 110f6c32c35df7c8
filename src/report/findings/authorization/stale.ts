/** @module Findings about changes of rights: how long calls were still allowed afterwards, with how many, and why. */
import { formatMicros } from '../../../units/time.ts';
import { arrivalsText } from '../../authorization/authorized.ts';
import { changeText, type StaleRow, staleRows } from '../../authorization/stale.ts';
import type { Model } from '../../model.ts';
import { capital, list, plural } from '../../wording.ts';
import { type Finding, quoted } from '../finding.ts';

/** Of more variants, one sentence names them all. */
const MOST_SENTENCES = 3;

/** For each change: the variants that went on allowing calls, those that did so to the end first, and then the others. */
export function staleFindings(model: Model): readonly Finding[] {
  const rows = staleRows(model);
  const places = [...new Set(rows.map(({ place }) => place))];
  return places.flatMap((place) => {
    const of = rows.filter((row) => row.place === place);
    return [
      ...say(
        of.filter(({ event }) => event.open),
        'bad',
        openOf,
        openOfMany,
      ),
      ...say(of.filter(isLate), 'warning', lateOf, lateOfMany),
      ...atOnce(of.filter(({ event }) => !event.open && !isLate({ event }))),
    ];
  });
}

/** Calls were still allowed for longer than the figure is exact to. */
const isLate = ({ event: { open, staleWindowUs, resolutionUs } }: Pick<StaleRow, 'event'>): boolean =>
  !open && staleWindowUs !== null && staleWindowUs > (resolutionUs ?? 0);

function say(
  rows: readonly StaleRow[],
  tone: Finding['tone'],
  one: (row: StaleRow) => string,
  many: (rows: readonly StaleRow[]) => string,
): readonly Finding[] {
  if (rows.length === 0) return [];
  return rows.length <= MOST_SENTENCES
    ? rows.map((row) => ({ tone, text: one(row) }))
    : [{ tone, text: many(rows) }];
}

const because = ({ revokedBy }: StaleRow): string => (revokedBy === '' ? '' : ` (${revokedBy})`);

const exact = ({ event: { resolutionUs } }: StaleRow): string =>
  resolutionUs === null ? '' : ` (exact to ${formatMicros(resolutionUs)})`;

const under = (rows: readonly StaleRow[]): string => `under ${arrivalsText(rows.map(({ one }) => one))}`;

function openOf(row: StaleRow): string {
  const { one, event } = row;
  return `${quoted(one.name)} kept allowing ${changeText(row)} to the end of the run, for at least ${formatMicros(event.staleWindowUs ?? 0)}: ${plural(event.staleAllowed, 'call')}, ${under([row])}${because(row)}.`;
}

function openOfMany(rows: readonly StaleRow[]): string {
  // Those with the same reason are named together.
  const reasons = [...new Set(rows.map(because))];
  const names = reasons.map((reason) => {
    const same = rows.filter((row) => because(row) === reason);
    return `${list(same.map(({ one }) => quoted(one.name)))}${reason}`;
  });
  return `${capital(changeText(rows[0]!))} were allowed to the end of the run, ${under(rows)}, by ${names.join('; by ')}.`;
}

function lateOf(row: StaleRow): string {
  const { one, event } = row;
  return `${quoted(one.name)} kept allowing ${changeText(row)} for ${formatMicros(event.staleWindowUs!)}${exact(row)}: ${plural(event.staleAllowed, 'call')}, ${under([row])}${because(row)}.`;
}

function lateOfMany(rows: readonly StaleRow[]): string {
  const names = rows.map(
    ({ one, event }) =>
      `${formatMicros(event.staleWindowUs!)} by ${quoted(one.name)} (${plural(event.staleAllowed, 'call')})`,
  );
  return `${capital(changeText(rows[0]!))} were still allowed for ${list(names)}, ${under(rows)}.`;
}

/** Those that refused such calls as soon as a call could show it. */
function atOnce(rows: readonly StaleRow[]): readonly Finding[] {
  const shown = rows.filter(({ event }) => event.staleWindowUs !== null);
  if (shown.length === 0) return [];
  const coarsest = Math.max(...shown.map(({ event }) => event.resolutionUs ?? 0));
  const names = list(shown.map(({ one }) => quoted(one.name)));
  const text = `${names} refused ${changeText(shown[0]!)} at once (as exact as ${formatMicros(coarsest)}, the time between two such calls), ${under(shown)}.`;
  return [{ tone: 'good', text }];
}
