/** @module The counts of the measure `auth`: times of the check, decisions against expectations, and what followed changes of rights. Plain data. */
import type { Micros } from '../../units/time.ts';
import type { Series } from '../histogram.ts';

/** Calls of one group of agents, to one kind of call, answered by one instance. */
export interface DecisionCell {
  readonly identity: string;
  /** Index of the event that changed the rights of these agents last; -1: none did. */
  readonly event: number;
  readonly call: string;
  /** Name of the instance; empty when the answer names none. */
  readonly instance: string;
  readonly expected: 'allow' | 'unauthorized' | 'forbidden';
  readonly allowed: number;
  readonly unauthorized: number;
  readonly forbidden: number;
}

/** What one instance answered to agents whose rights a change took away, from the moment it was confirmed. */
export interface StaleInstance {
  readonly name: string;
  readonly allowed: number;
  /** When the last call that it still allowed was sent, from the confirmation; null when it allowed none. */
  readonly lastAllowedUs: Micros | null;
  readonly denied: number;
  /** When the first call that it refused was sent, from the confirmation; null when it refused none. */
  readonly firstDeniedUs: Micros | null;
}

/** The course of one change of rights. */
export interface AuthEventCounts {
  readonly index: number;
  readonly kind: string;
  /** From the start of the measured time. */
  readonly atUs: Micros;
  /** From `atUs` to the confirmation by the authorization server. An event that was never confirmed is not counted. */
  readonly confirmedUs: Micros;
  /** Number of agents whose rights changed; of several repetitions, added up. */
  readonly agents: number;
  /** Calls of these agents that lost their right, sent from the confirmation to the end of the measured time. */
  readonly calls: number;
  readonly instances: readonly StaleInstance[];
  /** Calls of these agents, where the change took rights away only those that lost them, by the time they were sent, in steps of 100 ms from `-10` (one second before `atUs`) on. */
  readonly steps: readonly { readonly step: number; readonly allowed: number; readonly denied: number }[];
}

/** Calls since the token of an agent was issued: the first, the second to tenth, the later ones. */
export const TOKEN_USES = ['first', 'early', 'later'] as const;
export type TokenUse = (typeof TOKEN_USES)[number];

/** Counts of the measured time. */
export interface AuthCounts {
  readonly mode: string;
  /** Times of the check of allowed calls, as the answers give them; empty when they give none. */
  readonly check: Series;
  readonly policy: Series;
  /** Entry `tool` of `Server-Timing`; empty when there is none. */
  readonly handler: Series;
  /** Allowed calls whose answer had no time of the check. */
  readonly untimed: number;
  /** Service times of allowed calls, by the use of the token. */
  readonly byUse: Readonly<Record<TokenUse, Series>>;
  /** Service times of refused calls, by the kind of refusal. */
  readonly refusals: Readonly<Record<string, Series>>;
  readonly cells: readonly DecisionCell[];
  readonly events: readonly AuthEventCounts[];
  /** Tokens that expired in use because nothing renewed them: calls refused for that reason. */
  readonly expiredInUse: number;
  /** Calls that were right either way, because their rights were changing or their token was about to expire: in no cell. */
  readonly unjudged?: number;
}
