/** @module What became of each call of a load, by its number: kept to be compared with the audit logs of instances. Two bytes a call. */

/** What is known of a call. */
export const SENT = {
  /** Never sent: dropped, or not of this log. */
  none: 0,
  /** Answered, and neither with 401 nor with 403. */
  allowed: 1,
  unauthorized: 2,
  forbidden: 3,
  /** Sent, and not answered: it may have been executed or not. */
  unanswered: 4,
} as const;

/** The calls of a load, warm-up included. The index is the number of a call: its JSON-RPC id, from which its trace context follows. */
export interface SentLog {
  /** A value of {@link SENT} for each call. */
  readonly outcomes: Uint8Array;
  /** For each call one more than the index in `names` of the instance that answered; 0: unknown. */
  readonly instances: Uint8Array;
  /** At most 254. */
  readonly names: readonly string[];
}
