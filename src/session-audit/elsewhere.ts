/** @module What is made at one place and used at another: the way in which all checks of handed-over state ask. */
import type { CheckContext, Finding, NotRun } from './check.ts';
import type { Client } from './client.ts';
import { type Exchange, type Place, unanswered } from './exchange.ts';
import type { Flow } from './flow.ts';
import type { Order } from './places.ts';
import type { AuditSurvey } from './survey.ts';

/** Something that a server gives out and is then asked for: a handle, a resource, a task, a cursor, a `requestState`. */
export interface HandedOver<Made> {
  /** `undefined`: nothing was given out. */
  make(client: Client, place: Place): Promise<Made | undefined>;
  /** Why it was not checked when nothing was given out; absent: there was nothing to ask. */
  readonly unmade?: NotRun;
  use(made: Made, client: Client, place: Place): Promise<Exchange>;
}

/** A complete result, a task, or a question; no error of any kind. */
export const accepted = ({ answer: { outcome } }: Exchange): boolean =>
  outcome === 'ok' || outcome === 'task' || outcome === 'input-required';

/** An answer, and not {@link accepted}. */
export const refused = (exchange: Exchange): boolean => !unanswered(exchange) && !accepted(exchange);

/** The two uses that prove a fault, `clean`, or why neither can be told. */
type Told = readonly [Exchange, Exchange] | 'clean' | NotRun;

/**
 * The use that was accepted where the thing was made, and the use that `place` refused. Before that counts, `place` has to accept what it
 * has made itself, and to refuse the foreign one although the same calls came before there: so neither a lack of rights nor a session is
 * taken for it.
 */
async function usedAt<Made>(
  context: CheckContext,
  home: Place,
  place: Place,
  handed: HandedOver<Made>,
): Promise<Told> {
  const maker = context.client();
  const made = await handed.make(maker, home);
  if (made === undefined) return handed.unmade ?? 'nothing-to-ask';
  const there = await handed.use(made, maker, place);
  if (!refused(there)) return accepted(there) ? 'clean' : 'no-answer';
  const here = await handed.use(made, context.client(), home);
  const other = context.client();
  const own = await handed.make(other, place);
  if (!accepted(here) || own === undefined) return 'no-success';
  const again = await handed.use(made, other, place);
  if (!refused(again)) return accepted(again) ? 'clean' : 'no-answer';
  return accepted(await handed.use(own, other, place)) ? [here, there] : 'no-success';
}

/** The first fault at a place; otherwise `clean` if all places are. */
async function usedElsewhere<Made>(
  context: CheckContext,
  orders: readonly Order[],
  handed: HandedOver<Made>,
): Promise<Told> {
  let all: Told = 'clean';
  for (const { home, others } of orders) {
    for (const place of others) {
      const told = await usedAt(context, home, place, handed);
      if (typeof told !== 'string') return told;
      if (told !== 'clean') all = told;
    }
  }
  return all;
}

/** What {@link usedElsewhere} finds of each subject, in both orders of the places; `seen` says it. */
export async function findingsElsewhere<Made>(
  context: CheckContext,
  subjects: readonly { readonly subject: string; readonly handed: HandedOver<Made> }[],
  seen: (here: Exchange, there: Exchange) => string,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { subject, handed } of subjects) {
    const told = await usedElsewhere(context, context.places.orders, handed);
    if (typeof told !== 'string') findings.push({ subject, seen: seen(...told), evidence: told });
    else if (told !== 'clean') context.skip(subject, told);
  }
  return findings;
}

/** Why a check cannot be made which needs several requests to one and the same instance. */
export const notOnOneInstance = ({ pinned, instances }: AuditSurvey): NotRun | undefined =>
  pinned || instances.length === 1 ? undefined : 'not-pinned';

/** Flows whose last call, when it was tried, was answered in this way: the others have nothing to hand over. */
export const flowsWith = (
  { flows, tried }: CheckContext,
  holds: (exchange: Exchange) => boolean,
): readonly Flow[] =>
  flows.filter(({ tool }) => tried.some((exchange) => exchange.request.name === tool && holds(exchange)));

/** The name of who answered, for display. */
export const placeOf = ({ servedBy, sentTo }: Exchange): string => servedBy ?? sentTo.name;

/** How an exchange ended, for display: the code of an error, or the outcome. */
export function endOf({ answer: { error, outcome, status } }: Exchange): string {
  if (error?.code !== undefined) return `error ${error.code}`;
  if (outcome === 'tool-error') return 'a result with isError';
  return outcome === 'ok' ? 'a result' : `${outcome} (HTTP ${status})`;
}

/** What both answered, for display. */
export const bothEnds = (here: Exchange, there: Exchange): string =>
  `${placeOf(here)} answered with ${endOf(here)}, ${placeOf(there)} with ${endOf(there)}`;
