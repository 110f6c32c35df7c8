/** @module Counts of authorization for tests, from a few numbers. */
import { Tally } from '../../recording/histogram.ts';
import type { AuthCounts, AuthEventCounts, DecisionCell } from '../../recording/measure/auth-counts.ts';
import type { Recording } from '../../recording/recording.ts';

/** The series of these times, in microseconds. */
export function seriesOf(times: readonly number[]): AuthCounts['check'] {
  const tally = new Tally();
  for (const us of times) tally.record(us);
  return tally.series();
}

/** So many equal times. */
export const equal = (count: number, us: number): readonly number[] => new Array<number>(count).fill(us);

/** A cell of which `over` says what matters. */
export function cellOf(over: Partial<DecisionCell>): DecisionCell {
  return {
    identity: 'readers',
    event: -1,
    call: 'tools/call echo',
    instance: '1',
    expected: 'allow',
    allowed: 0,
    unauthorized: 0,
    forbidden: 0,
    ...over,
  };
}

/** A revocation at one second that takes 10 ms. */
export function eventOf(over: Partial<AuthEventCounts>): AuthEventCounts {
  return {
    index: 0,
    kind: 'revoke',
    atUs: 1e6,
    confirmedUs: 10_000,
    agents: 5,
    calls: 0,
    instances: [],
    steps: [],
    ...over,
  };
}

/** Counts of the mode `jwt` in which nothing happened, apart from `over`. */
export function authCountsOf(over: Partial<AuthCounts> = {}): AuthCounts {
  const none = seriesOf([]);
  return {
    mode: 'jwt',
    check: none,
    policy: none,
    handler: none,
    untimed: 0,
    byUse: { first: none, early: none, later: none },
    refusals: {},
    cells: [],
    events: [],
    expiredInUse: 0,
    ...over,
  };
}

/** `recording` with counts of authorization, and of other measures. */
export function withAuth(
  recording: Recording,
  over: Partial<AuthCounts> = {},
  measures: Recording['measures'] = {},
): Recording {
  return { ...recording, measures: { ...recording.measures, auth: authCountsOf(over), ...measures } };
}
