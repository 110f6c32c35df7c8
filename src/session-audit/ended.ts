/** @module Ends an audit from within: thrown where no further request may be made. */

/** The time or the number of requests is used up, or the user has interrupted. */
export type EndReason = 'time' | 'requests' | 'interrupted';

/** Passes through checks up to the engine, which keeps what was found so far. */
export class AuditEnded extends Error {
  override readonly name = 'AuditEnded';
  readonly reason: EndReason;

  constructor(reason: EndReason) {
    super(reason);
    this.reason = reason;
  }
}
