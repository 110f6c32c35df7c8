/** @module Tries each call once, one after the other, and keeps how it ended, how long it took and what it gave. */
import type { JsonObject } from '../protocol/json-object.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Client } from '../session-audit/client.ts';
import { AuditEnded, type EndReason } from '../session-audit/ended.ts';
import { type Place, succeeded } from '../session-audit/exchange.ts';
import { askInSession } from '../session-audit/own-session.ts';
import type { Clock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import type { Candidate, NotTried } from './candidates.ts';

/** How a call ended: well, in another way, or it was not tried; `time` and `requests`: no more were allowed. */
export type Ended =
  | { readonly kind: 'ok'; readonly tookUs: Micros }
  | { readonly kind: 'failed'; readonly outcome: Outcome; readonly detail: string }
  | { readonly kind: 'not-tried'; readonly why: NotTried | EndReason };

export interface Tried {
  readonly candidate: Candidate;
  readonly ended: Ended;
  /** Of a call that ended well. */
  readonly result?: JsonObject | undefined;
}

export interface TrialOptions {
  readonly client: Client;
  readonly place: Place;
  readonly clock: Clock;
  /** Makes what a server says safe to show. */
  readonly safe: (text: string) => string;
  /** Is told of each call as it ends. */
  readonly onTried: (tried: Tried) => void;
}

/** Tries `candidates`. Throws `AuditEnded` when the user interrupts. */
export async function tryEach(
  candidates: readonly Candidate[],
  options: TrialOptions,
): Promise<readonly Tried[]> {
  const all: Tried[] = [];
  let over: EndReason | undefined;
  for (const candidate of candidates) {
    let tried: Tried;
    if (candidate.request === undefined)
      tried = { candidate, ended: { kind: 'not-tried', why: candidate.notTried ?? 'too-many' } };
    else if (over !== undefined) tried = { candidate, ended: { kind: 'not-tried', why: over } };
    else {
      tried = { candidate, ...(await tryOne(candidate.request, options)) };
      if (tried.ended.kind === 'not-tried') over = tried.ended.why as EndReason;
    }
    options.onTried(tried);
    all.push(tried);
  }
  return all;
}

/** Makes `request`, and says how it ended and how long the last attempt took. Throws `AuditEnded` when the user interrupts. */
export async function tryOne(
  request: NonNullable<Candidate['request']>,
  { client, place, clock, safe }: TrialOptions,
): Promise<Omit<Tried, 'candidate'>> {
  let startedUs = clock.now();
  const timed: Pick<Client, 'ask'> = {
    ask(...asked) {
      startedUs = clock.now();
      return client.ask(...asked);
    },
  };
  try {
    const exchange = await askInSession(timed, request, place);
    const { outcome, detail = '', result } = exchange.answer;
    if (succeeded(exchange)) return { ended: { kind: 'ok', tookUs: clock.now() - startedUs }, result };
    return { ended: { kind: 'failed', outcome, detail: safe(detail) } };
  } catch (error) {
    if (!(error instanceof AuditEnded) || error.reason === 'interrupted') throw error;
    return { ended: { kind: 'not-tried', why: error.reason } };
  }
}
