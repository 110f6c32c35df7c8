/** @module The comparison of audit logs with the calls that were sent, as counts. It is made after the load. */
import { addCounts } from '../counts.ts';
import type { Measure } from './measure.ts';

/** Records of all logs, and calls with their warm-up, as `summary.auth.audit` has them. */
export interface AuditCounts {
  /** Records of decisions in all logs. */
  readonly records: number;
  /** Answered calls without a record. */
  readonly missing: number;
  /** Calls with more than one record: decided, and perhaps executed, twice. */
  readonly duplicate: number;
  /** Records whose decision or instance is not what the client saw. */
  readonly contradicting: number;
  /** Of the contradicting ones: another instance answered than decided. */
  readonly elsewhere: number;
  /** Records with a trace context of no call that was sent. */
  readonly unknown: number;
  /** Records without the trace context of a call: handshakes, probes, later pages of lists. */
  readonly withoutTrace: number;
  /** Calls that were allowed, as a record says, and whose client got no answer. */
  readonly executedUnanswered: number;
  /** Lines that are no records, such as the last one of an instance that was killed. */
  readonly unreadable: number;
  /** Lines that hold a token. */
  readonly secrets: number;
}

const COUNTS = [
  'records',
  'missing',
  'duplicate',
  'contradicting',
  'elsewhere',
  'unknown',
  'withoutTrace',
  'executedUnanswered',
  'unreadable',
  'secrets',
] as const satisfies readonly (keyof AuditCounts)[];

export const audit: Measure<AuditCounts> = {
  name: 'audit',
  start: () => undefined,
  merge: (list) => addCounts(COUNTS, list),
};
