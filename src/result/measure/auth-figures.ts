/** @module The schema of the figures of authorization: `summary.auth`. Null where something does not apply. */
import { z } from 'zod';
import { Distribution } from './distribution.ts';

const count = z.int().min(0);
const us = z.int().min(0);

/** Microseconds that the check adds, against the same load without it; the interval is at 95 %. */
const Added = z.object({
  p50Us: z.number(),
  p90Us: z.number(),
  p99Us: z.number(),
  /** Of the median. */
  ciLowUs: z.number().nullable(),
  ciHighUs: z.number().nullable(),
  /** Interval of each percentile; null with fewer than three pairs of repetitions. */
  intervals: z.record(z.string(), z.object({ lowUs: z.number(), highUs: z.number() })).nullable(),
  /** Name of the variant without the check, and pairs of repetitions with the same schedule. */
  base: z.string(),
  pairs: count,
});
export type AuthAdded = z.infer<typeof Added>;

/** One of the ways in which the check is measured. Null: it could not be used; `why` says the reason as a code. */
const EstimatorName = z.enum(['header', 'paired', 'cold-warm', 'refusals', 'cpu']);

/** What explains most simply that one estimate is lower than another one. */
const DisagreementCause = z.enum([
  /** Processor time is lower: the check waits for answers of the authorization server, which it asked. */
  'waits-for-authority',
  /** What is lower leaves out that calls wait for one another: longer checks lengthen the queue. */
  'queueing',
  /** The header is lower than processor time: it leaves out work, such as reading the token, or that of other threads. */
  'untimed-work',
  /** The header is higher than what is added: stages overlap with the work for other calls. */
  'overlap',
  /** Processor time is higher than what is added: work that no caller waits for, such as writing audit records. */
  'work-beside',
  /** Refusals take less than the whole check: they end before it. */
  'refused-early',
]);
export type DisagreementCause = z.infer<typeof DisagreementCause>;

const Estimate = z.object({
  name: EstimatorName,
  /** Microseconds per call. */
  p50Us: z.number().nullable(),
  p99Us: z.number().nullable(),
  /** Interval of the median. */
  lowUs: z.number().nullable(),
  highUs: z.number().nullable(),
  /** Why there is no value. */
  missing: z
    .enum(['no-header', 'no-base', 'too-few-pairs', 'no-first-calls', 'no-refusals', 'no-cpu'])
    .nullable(),
});
export type AuthEstimate = z.infer<typeof Estimate>;

/** Calls of one identity to one kind of call. */
const MatrixRow = z.object({
  identity: z.string(),
  /** Rights changed by an event: its index; -1: as they were from the start. */
  event: z.int(),
  call: z.string(),
  expected: z.enum(['allow', 'unauthorized', 'forbidden']),
  allowed: count,
  unauthorized: count,
  forbidden: count,
  /** Against the expectation. */
  wrong: count,
});

/** One change of rights. */
const EventFigures = z.object({
  kind: z.string(),
  atMs: z.number(),
  /** From the event to its confirmation by the authorization server. */
  confirmedUs: us,
  agents: count,
  /** From the confirmation to the last call that was still allowed; 0 when none was. Null: no call could show it. */
  staleWindowUs: us.nullable(),
  /** Mean time between two calls of these agents to one instance: the window is exact to this. */
  resolutionUs: us.nullable(),
  staleAllowed: count,
  /** Whether calls were still allowed at the end of the measured time, so that the window is a lower bound. */
  open: z.boolean(),
  instances: z.array(
    z.object({ name: z.string(), staleWindowUs: us.nullable(), allowed: count, denied: count }),
  ),
  /** In steps of 100 ms from one second before. */
  steps: z.array(z.object({ atMs: z.int(), allowed: count, denied: count })),
});

/** What the load needs of the authorization server and of the fleet. */
const Sizing = z.object({
  tokensPerSecond: z.number(),
  introspectionsPerSecond: z.number(),
  keySetsPerSecond: z.number(),
  /** Readings of the list of revoked tokens. */
  revokedListsPerSecond: z.number(),
  /** Processor time of the authorization server, as a share of one core. */
  authorityCores: z.number(),
  /** Processor time of the fleet per call, and the cores that 1,000 calls/s need. */
  fleetUsPerCall: z.number().nullable(),
  /** Of the embedded balancer; null without one. In the mode `gateway` it is what checks. */
  balancerUsPerCall: z.number().nullable(),
  fleetCoresPer1000: z.number().nullable(),
});

/** The comparison of the audit logs with what was sent. */
const Audit = z.object({
  records: count,
  /** Calls without a record; calls with more than one. */
  missing: count,
  duplicate: count,
  /** Records whose decision or instance is not what the client saw. */
  contradicting: count,
  /** Records of no call that was sent. */
  unknown: count,
  /** Of the contradicting ones: another instance answered than decided. */
  elsewhere: count,
  /** Calls without an answer of which a record shows that they were executed. */
  executedUnanswered: count,
  /** Records without the trace context of a call: handshakes, probes, later pages of lists. */
  withoutTrace: count,
  /** Lines that are no records, such as the last one of an instance that was killed; lines that hold a token. */
  unreadable: count,
  secrets: count,
});

export const AuthFigures = z.object({
  mode: z.string(),
  check: Distribution.nullable(),
  policy: Distribution.nullable(),
  handler: Distribution.nullable(),
  added: Added.nullable(),
  refusals: z.record(z.string(), Distribution),
  byUse: z.record(z.string(), Distribution),
  decisions: z.object({
    allowed: count,
    denied: count,
    wrongAllow: count,
    wrongDeny: count,
    /** Refused with 401 where 403 is due, or the reverse. */
    wrongStatus: count,
    /** Calls that an instance decided otherwise than most instances did for the same identity and call. */
    disagreeing: count,
    /** Calls refused because their token had expired and nothing renewed it. */
    expiredInUse: count,
    /** Calls that were right either way, because their rights were changing or their token was about to expire. */
    unjudged: count,
  }),
  matrix: z.array(MatrixRow),
  /** Wrong decisions by instance; empty when there are none. */
  wrongByInstance: z.array(z.object({ name: z.string(), wrongAllow: count, wrongDeny: count })),
  staleWindowUs: us.nullable(),
  staleAllowed: count.nullable(),
  events: z.array(EventFigures),
  audit: Audit.nullable(),
  sizing: Sizing.nullable(),
  estimates: z.array(Estimate),
  /** Pairs of estimators whose intervals do not meet. */
  disagreements: z.array(z.object({ a: EstimatorName, b: EstimatorName, cause: DisagreementCause })),
  /** The check as a share of the median call; calls that one core-second of the fleet loses to it; core-seconds per million calls. */
  shareOfCall: z.number().nullable(),
  callsPerCoreSecondLost: z.number().nullable(),
  coreSecondsPerMillion: z.number().nullable(),
});
export type AuthFigures = z.infer<typeof AuthFigures>;
