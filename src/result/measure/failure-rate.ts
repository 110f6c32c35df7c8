/** @module The share of calls that failed: what keeps times from being those of answers. A refusal that is right is no failure. */
import type { Summary } from '../document.ts';

/** Of all calls that were due, or of one kind of call, without those that Paceline ended; 0 when there was none. */
export function failureRateOf(summary: Pick<Summary, 'calls' | 'byCall' | 'auth'>, call?: string): number {
  const right = refusedRightly(summary, call);
  if (call === undefined) {
    const { due, errors, errorRate, outcomes } = summary.calls;
    return right === 0 ? errorRate : shareOf(errors - right, due - (outcomes.aborted ?? 0));
  }
  const { calls = 0, ok = 0, aborted = 0, misuseRefused = 0, errorRate = null } = summary.byCall[call] ?? {};
  return right === 0
    ? (errorRate ?? 0)
    : shareOf(calls - aborted - ok - misuseRefused - right, calls - aborted);
}

/** Calls that had to be refused, and were, with the right status; of all calls, also those that were refused while their rights changed. */
function refusedRightly({ auth, calls }: Pick<Summary, 'auth' | 'calls'>, call: string | undefined): number {
  const rows = (auth?.matrix ?? []).filter((row) => call === undefined || row.call === call);
  const right = rows
    .filter(({ expected }) => expected !== 'allow')
    .reduce((sum, row) => sum + row.allowed + row.unauthorized + row.forbidden - row.wrong, 0);
  if (call !== undefined || auth === undefined) return right;
  const { unauthorized = 0, forbidden = 0 } = calls.outcomes;
  const refused = unauthorized + forbidden;
  // No other end of a call is a refusal, whatever the matrix says of calls.
  if (auth.decisions.unjudged === 0) return Math.min(right, refused);
  const judged = rows.reduce((sum, { unauthorized, forbidden }) => sum + unauthorized + forbidden, 0);
  return Math.min(refused, right + Math.max(0, refused - judged - auth.decisions.expiredInUse));
}

const shareOf = (failed: number, ended: number): number => (ended <= 0 ? 0 : Math.max(0, failed) / ended);
