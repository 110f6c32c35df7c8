/** @module The quantity `sessions`: what became of them, whether calls reached their owner, and what handshakes took. */
import { z } from 'zod';
import { sessions as measure, type SessionCounts } from '../../recording/measure/sessions.ts';
import { countsOf } from '../../recording/recording.ts';
import { Distribution, distribution, statisticOf } from './distribution.ts';
import type { Metric, Quantity } from './quantity.ts';
import type { Totals } from './totals.ts';

const count = z.int().min(0);
const us = z.int().min(0);
const share = z.number().min(0).max(1);

const Counted = z.object({
  /** Sessions created by `initialize`, during warm-up too. */
  opened: count,
  /** Sessions that a call found gone (outcome `session-lost`). */
  lost: count,
  /** Sessions opened in place of a lost one. */
  reinitialised: count,
  /** `initialize` that created no session. */
  failed: count,
  /** `notifications/initialized` that the server did not accept (behind a balancer: it reached another instance). */
  handshakesBroken: count,
  /** Standalone GET streams that stayed open, and that were rejected. */
  streamsOpened: count,
  streamsRefused: count,
  /** GET streams opened again after the server had ended them. These and the next three are absent from older results. */
  streamsReopened: count.optional(),
  /** Event streams of calls that the server had closed before the answer and that were continued (GET with `Last-Event-ID`). */
  streamsResumed: count.optional(),
  /** Requests of the server that agents answered: `ping` with a result, others with -32601. */
  serverRequests: count.optional(),
  /** Handshakes in which the server gave no session id. */
  withoutId: count.optional(),
  /**
   * Share of the sessions whose first call reached the instance that created them: what the routing does to a session
   * (docs/decisions/0005-owner-hits.md). Null when no instance named itself.
   */
  ownerHitRate: share.nullable(),
  /** Its numerator and denominator: every session counts once, by its first call, warm-up included. */
  ownerHits: count,
  ownerCalls: count,
  /** Of all measured calls in a session: those that reached its owner, and how many there were. */
  callsOnOwner: count,
  callsInSession: count,
  /** Their quotient; null when there was none. */
  callsOnOwnerShare: share.nullable().optional(),
  /** What opening sessions took measured calls, for want of one or in place of a lost one: `initialize` and `notifications/initialized`. */
  handshakes: z
    .object({
      requests: count,
      timeUs: us,
      /** Sessions that they opened, and of these, those whose `notifications/initialized` was not accepted. Absent from older results. */
      opened: count.optional(),
      broken: count.optional(),
      /** The requests and their time before the load and in the warm-up, which is in none of the other figures. Absent from older results, where it is. */
      before: z.object({ requests: count, timeUs: us }).optional(),
      /** Share of all requests, handshakes and measured calls together, and of their service time without waits for a session. */
      shareOfRequests: share,
      shareOfTime: share,
      /** From the answer that reported a lost session to the new one that took its place. */
      reopenTime: Distribution,
    })
    .optional(),
  /** What measured calls took to ask a store for their session, by the account of the servers. Absent where none said so. */
  lookUp: Distribution.optional(),
});

/** With what follows from the counts, which older results do not have. */
const completed = (sessions: z.infer<typeof Counted>) => ({
  ...sessions,
  callsOnOwnerShare: sessions.callsInSession === 0 ? null : sessions.callsOnOwner / sessions.callsInSession,
});

const Sessions = Counted.transform(completed);
export type Sessions = z.infer<typeof Sessions>;

/**
 * Handshakes as shares of what the measured calls took: of the calls sent and their handshakes, and of the time of both. A call's
 * service time has its wait for a session in it, which is the time of a handshake and is not counted twice.
 */
function sessionFigures(
  { handshakes, lookUp, ...counts }: SessionCounts,
  { sent, serviceTime }: Totals,
): Sessions {
  const shareOf = (part: number, rest: number): number => (part === 0 ? 0 : part / (part + rest));
  const served = (waitedUs: number): number => Math.max(0, serviceTime.totalUs - waitedUs);
  return completed({
    ...counts,
    ...(handshakes && {
      handshakes: {
        requests: handshakes.requests,
        timeUs: handshakes.timeUs,
        opened: handshakes.opened,
        broken: handshakes.broken,
        before: handshakes.before,
        shareOfRequests: shareOf(handshakes.requests, sent),
        shareOfTime: shareOf(handshakes.timeUs, served(handshakes.waitedUs)),
        reopenTime: distribution(handshakes.reopen),
      },
    }),
    ...(lookUp && { lookUp: distribution(lookUp) }),
    ownerHitRate: counts.ownerCalls === 0 ? null : counts.ownerHits / counts.ownerCalls,
  });
}

type Row = Omit<Metric<Sessions>, 'key' | 'unit' | 'read' | 'absent'>;

const NO_OWNER = 'no call in a session was answered by an instance that named itself';

/** A plain count of sessions. */
const counted = (
  key: 'opened' | 'lost' | 'reinitialised' | 'streamsRefused' | 'callsOnOwner' | 'callsInSession',
  row: Row,
): Metric<Sessions> => ({
  ...row,
  key,
  unit: 'count',
  read: (figures) => (figures.opened === 0 ? null : figures[key]),
  absent: 'no session was opened',
  fromServer: true,
});

/** A time of re-opening; none where no session was re-opened, since 0 would be a time. */
const reopening = (name: string, key: 'p50Us' | 'p99Us'): Metric<Sessions> => ({
  name: `reopen_time_${name}`,
  key: `handshakes.reopenTime.${key}`,
  label: `${name} time to re-open a session`,
  unit: 'time',
  better: 'lower',
  read: ({ handshakes }) => (handshakes?.reopenTime.count ? handshakes.reopenTime[key] : null),
  absent: 'no session was re-opened',
  column: { head: `re-opening ${name}`, in: 'own' },
});

const NO_LOOK_UP = 'no answer said that a store was asked for its session';

/** What a call took to ask a store for its session. */
const lookingUp = (name: string, key: 'p50Us' | 'p99Us'): Metric<Sessions> => ({
  name: `session_look_up_${name}`,
  key: `lookUp.${key}`,
  label: `${name} time to look a session up`,
  unit: 'time',
  better: 'lower',
  read: ({ lookUp }) => lookUp && statisticOf(lookUp, key),
  absent: NO_LOOK_UP,
  fromServer: true,
  column: { head: `look-up ${name}`, in: 'own', shownFor: ({ lookUp }) => lookUp !== undefined },
});

/** What handshakes took, as a share. */
const handshakeShare = (key: 'shareOfRequests' | 'shareOfTime', row: Row): Metric<Sessions> => ({
  ...row,
  key: `handshakes.${key}`,
  unit: 'share',
  read: ({ opened, handshakes }) => (opened === 0 ? null : handshakes?.[key]),
  absent: 'no handshake was recorded',
});

const METRICS: readonly Metric<Sessions>[] = [
  {
    name: 'owner_hit_rate',
    key: 'ownerHitRate',
    label: 'owner hits',
    meaning: 'share of the calls in a session that reached the instance that owns it',
    unit: 'share',
    better: 'higher',
    read: ({ ownerHitRate }) => ownerHitRate,
    absent: NO_OWNER,
    fromServer: true,
    column: {
      head: 'owner hits',
      in: 'both',
      isBad: ({ lost, ownerHitRate }) => lost > 0 && (ownerHitRate ?? 1) < 1,
    },
  },
  counted('callsOnOwner', {
    name: 'calls_on_owner',
    label: 'calls that reached the owner of their session',
    better: 'neither',
  }),
  counted('callsInSession', { name: 'calls_in_session', label: 'calls in a session', better: 'neither' }),
  {
    name: 'calls_on_owner_share',
    key: 'callsOnOwnerShare',
    label: 'share of calls that reached the owner of their session',
    unit: 'share',
    better: 'higher',
    read: ({ callsOnOwnerShare }) => callsOnOwnerShare,
    absent: NO_OWNER,
    fromServer: true,
  },
  counted('opened', {
    name: 'sessions_opened',
    label: 'sessions opened',
    better: 'neither',
    column: { head: 'opened', in: 'own' },
  }),
  counted('lost', {
    name: 'sessions_lost',
    label: 'sessions lost',
    better: 'lower',
    column: { head: 'lost', in: 'own' },
  }),
  counted('reinitialised', {
    name: 'sessions_reopened',
    label: 'sessions re-opened',
    better: 'lower',
    column: { head: 're-opened', in: 'own' },
  }),
  reopening('p50', 'p50Us'),
  reopening('p99', 'p99Us'),
  lookingUp('p50', 'p50Us'),
  lookingUp('p99', 'p99Us'),
  handshakeShare('shareOfRequests', {
    name: 'handshake_share_of_requests',
    label: 'share of handshakes in all requests',
    better: 'lower',
    column: { head: 'handshakes', unit: '% of requests', in: 'own' },
  }),
  handshakeShare('shareOfTime', {
    name: 'handshake_share_of_time',
    label: 'share of handshakes in the service time',
    better: 'lower',
    column: { head: 'handshakes', unit: '% of service time', in: 'own' },
  }),
  counted('streamsRefused', {
    name: 'streams_rejected',
    label: 'GET streams rejected',
    better: 'lower',
    column: { head: 'GET streams rejected', in: 'own' },
  }),
];

/** Null in the stateless era. */
export const sessions: Quantity<'sessions', Sessions | null> = {
  name: 'sessions',
  schema: Sessions.nullable(),
  figures(recording, totals) {
    const counts = countsOf(recording, measure);
    return counts === undefined ? null : sessionFigures(counts, totals);
  },
  metrics: METRICS,
  parts: [
    {
      key: 'lookUp',
      word: 'session_look_up',
      series: (recording) => countsOf(recording, measure)?.lookUp,
      read: ({ lookUp }) => lookUp ?? null,
      absent: NO_LOOK_UP,
      fromServer: true,
    },
  ],
  note: 'Owner hits: the share of sessions whose first call reached the instance that created them.',
  table: {
    title: 'Sessions',
    hasRow: ({ handshakes, opened, withoutId = 0 }) =>
      handshakes !== undefined && (opened > 0 || withoutId === 0),
    note(all) {
      const isKnown = all.every(({ handshakes }) => handshakes?.before !== undefined);
      const extent = isKnown
        ? 'as far as measured calls needed them: none from before the load or from the warm-up'
        : 'those before the load included';
      const lookUps = all.some(({ lookUp }) => lookUp !== undefined)
        ? ' Look-up: what a request took to ask the store for its session, by the account of the servers.'
        : '';
      return `Re-opening: from the answer that reported the lost session to the new one. Handshakes are initialize and notifications/initialized, ${extent}. A GET stream that is rejected (404) stands for a client that waits for it up to its time-out of 30 s.${lookUps}`;
    },
  },
};
