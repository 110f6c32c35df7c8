/** @module The finding of calls lost with their sessions, and why, as far as the numbers show. */
import { describeExit } from '../../process/exit.ts';
import { takesAway } from '../../testbed/events/kinds.ts';
import type { Measured } from '../model.ts';
import { processOf } from '../note-text.ts';
import { count, list, moment, percentWithUnit, plural } from '../wording.ts';
import { endedProcesses } from './exits.ts';
import { type Finding, quoted } from './finding.ts';

/** From this share of owner hits on, the way to the owners was right. */
const RIGHT_WAY = 0.99;

/** More faults are counted, not named. */
const MOST_FAULTS = 2;

/** Fewer repetitions have no range worth a word. */
const FEWEST_FOR_RANGE = 3;

/** `74 % of its calls`, with the range over repetitions where that is wider than a point. */
export function shareLost({ variant, summary: { calls } }: Measured): string {
  const spread = variant.spreads['calls.lostShare'];
  const { length } = variant.repetitions;
  const range =
    spread && length >= FEWEST_FOR_RANGE && spread.max - spread.min > 0.01
      ? ` (${percentWithUnit(spread.min)} to ${percentWithUnit(spread.max)} over ${length} repetitions)`
      : '';
  return `${percentWithUnit(calls.lostShare)} of its ${plural(calls.due, 'call')}${range}`;
}

/** What took owners away during the run: injected faults, or their own end. */
function endOfOwners({ variant }: Measured): string {
  const faults = (variant.faults ?? []).filter(({ kind }) => takesAway(kind));
  if (faults.length > 0) {
    const named = faults.slice(0, MOST_FAULTS).map(({ kind, atMs }) => `${kind} at ${moment(atMs)}`);
    const others = faults.length - named.length;
    return list(others === 0 ? named : [...named, `${count(others)} more`]);
  }
  const ended = endedProcesses(variant).find(({ note }) => note.part === 'fleet');
  return ended === undefined ? '' : `${processOf(ended.note)} ${describeExit(ended.note)}`;
}

/** Why sessions were gone, as far as the numbers show: only calls that missed their owner prove that they were routed to the wrong instance. */
function cause(one: Measured): string {
  const { sessions } = one.summary;
  const rate = sessions?.ownerHitRate ?? null;
  if (sessions === null || rate === null) return 'the server answered that it does not know their session';
  const end = rate >= RIGHT_WAY ? endOfOwners(one) : '';
  if (end !== '') return `the instance that held their session was gone (${end})`;
  if (sessions.callsOnOwner === sessions.callsInSession) {
    return `the instance that created their session did not know it any more (owner hits ${percentWithUnit(rate)})`;
  }
  const first = rate === 1 ? 'their sessions began on the instance that created them, but later ' : '';
  return `${first}they reached an instance that did not know their session (owner hits ${percentWithUnit(rate)})`;
}

function handshakes({ summary }: Measured): string {
  const { sessions } = summary;
  if (sessions === null) return '';
  // Older results have those before the load among the others.
  const { broken = sessions.handshakesBroken, opened = sessions.opened } = sessions.handshakes ?? {};
  if (broken === 0) return '';
  return `; ${count(broken)} of ${plural(opened, 'session handshake')} did not complete`;
}

export function lost(one: Measured): Finding {
  return {
    tone: 'bad',
    text: `${quoted(one.name)} lost ${shareLost(one)}: ${cause(one)}${handshakes(one)}.`,
  };
}
