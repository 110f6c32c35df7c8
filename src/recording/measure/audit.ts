/** @module The comparison of audit logs with the calls that were sent, as counts. It is made after the load. */
import { addCounts } from '../counts.ts';
import type { Measure } from './measure.ts';

const COUNTS = [
  'records',
  'missing',
  'duplicate',
  'contradicting',
  'unknown',
  'elsewhere',
  'executedUnanswered',
] as const;

/** Records and calls, as `summary.auth.audit` has them. */
export type AuditCounts = Readonly<Record<(typeof COUNTS)[number], number>>;

export const audit: Measure<AuditCounts> = {
  name: 'audit',
  start: () => undefined,
  merge: (list) => addCounts(COUNTS, list),
};
