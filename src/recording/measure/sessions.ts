/** @module Sessions: how many were opened, lost and opened again, whether calls reached their owner, and what handshakes took. */
import type { Micros } from '../../units/time.ts';
import { addCounts } from '../counts.ts';
import { clampTime, mergeSeries, type Series, Tally } from '../histogram.ts';
import type { Sample } from '../sample.ts';
import type { Measure, MeasureTally } from './measure.ts';
import { durationOf, NO_DURATION } from './server-timing.ts';

const COUNTS = [
  'opened',
  'lost',
  'reinitialised',
  'failed',
  'handshakesBroken',
  'streamsOpened',
  'streamsRefused',
  'streamsReopened',
  'streamsResumed',
  'serverRequests',
  'withoutId',
  'ownerHits',
  'ownerCalls',
  'callsOnOwner',
  'callsInSession',
] as const;

/** What became of the sessions of all agents. As in the result file; docs/decisions/0005-owner-hits.md. */
export interface SessionCounts extends Readonly<Record<(typeof COUNTS)[number], number>> {
  /** What opening them took. */
  readonly handshakes?: RecordedHandshakes;
  /** What measured calls took to ask a store for their session, by the account of the servers; absent where none said so. */
  readonly lookUp?: Series;
}

/** Requests and their service times, added up. */
interface Requests {
  readonly requests: number;
  readonly timeUs: Micros;
}

/**
 * `initialize` and `notifications/initialized` of sessions that measured calls opened: for want of one, or in place of one that
 * they found lost.
 */
interface RecordedHandshakes extends Requests {
  /** How many sessions they opened, and of these, how many whose `notifications/initialized` was not accepted. */
  readonly opened: number;
  readonly broken: number;
  /** How long measured calls waited for a session. It is in their service times. */
  readonly waitedUs: Micros;
  /** The same of all other sessions: opened before the load and in the warm-up. */
  readonly before: Requests;
  /** From the answer that reported a lost session to a measured call, to the session that took its place. */
  readonly reopen: Series;
}

/** The sessions of one worker while they are counted; its agents write to it. */
export class SessionTally implements MeasureTally<SessionCounts> {
  opened = 0;
  lost = 0;
  reinitialised = 0;
  failed = 0;
  handshakesBroken = 0;
  streamsOpened = 0;
  streamsRefused = 0;
  streamsReopened = 0;
  streamsResumed = 0;
  serverRequests = 0;
  withoutId = 0;
  ownerHits = 0;
  ownerCalls = 0;
  callsOnOwner = 0;
  callsInSession = 0;
  /** Handshakes of measured calls and, apart from them, those before the measured time. */
  readonly handshakes = {
    requests: 0,
    timeUs: 0,
    opened: 0,
    broken: 0,
    waitedUs: 0,
    before: { requests: 0, timeUs: 0 },
    reopen: new Tally(),
  };

  counts(): SessionCounts {
    const { before, reopen, ...counts } = this.handshakes;
    return {
      ...addCounts(COUNTS, [this]),
      handshakes: { ...counts, before: { ...before }, reopen: reopen.series() },
    };
  }
}

/** With what looking sessions up in a store took. */
class StoredSessionTally extends SessionTally {
  readonly #lookUp = new Tally();

  add({ serverTiming }: Sample): void {
    if (serverTiming === undefined) return;
    const us = durationOf(serverTiming, 'session');
    if (us !== NO_DURATION) this.#lookUp.record(clampTime(us));
  }

  override counts(): SessionCounts {
    const lookUp = this.#lookUp.series();
    return lookUp.count === 0 ? super.counts() : { ...super.counts(), lookUp };
  }
}

export const sessions: Measure<SessionCounts, SessionTally> = {
  name: 'sessions',
  start({ era, keepsState }) {
    if (era !== 'sessions') return undefined;
    return keepsState === true ? new StoredSessionTally() : new SessionTally();
  },
  merge(list) {
    const handshakes = list.flatMap((counts) => counts.handshakes ?? []);
    const lookUps = list.flatMap((counts) => counts.lookUp ?? []);
    return {
      ...addCounts(COUNTS, list),
      ...(handshakes.length > 0 && { handshakes: mergeHandshakes(handshakes) }),
      ...(lookUps.length > 0 && { lookUp: mergeSeries(lookUps) }),
    };
  },
};

function mergeHandshakes(list: readonly RecordedHandshakes[]): RecordedHandshakes {
  return {
    ...addCounts(['requests', 'timeUs', 'opened', 'broken', 'waitedUs'], list),
    before: addCounts(
      ['requests', 'timeUs'],
      list.map(({ before }) => before),
    ),
    reopen: mergeSeries(list.map(({ reopen }) => reopen)),
  };
}

/** `counts` without anything about owners: the instances that answered are unknown. */
export function withoutOwners(counts: SessionCounts): SessionCounts {
  return { ...counts, ownerHits: 0, ownerCalls: 0, callsOnOwner: 0, callsInSession: 0 };
}
