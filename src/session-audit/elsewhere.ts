/** @module What is made at one place and used at another: the way in which all checks of handed-over state ask. */
import { type CheckContext, type Finding, firstFinding, type NotRun } from './check.ts';
import type { Client } from './client.ts';
import { type Exchange, type Place, unanswered } from './exchange.ts';
import type { Flow } from './flow.ts';
import type { Order } from './places.ts';
import type { AuditSurvey } from './survey.ts';

/** Something that a server gives out and is then asked for: a handle, a resource, a task, a cursor, a `requestState`. */
export interface HandedOver<Made> {
  /** `undefined`: nothing was given out. */
  make(client: Client, place: Place): Promise<Made | undefined>;
  use(made: Made, client: Client, place: Place): Promise<Exchange>;
}

/** A complete result, a task, or a question; no error of any kind. */
export const accepted = ({ answer: { outcome } }: Exchange): boolean =>
  outcome === 'ok' || outcome === 'task' || outcome === 'input-required';

/** An answer, and not {@link accepted}. */
export const refused = (exchange: Exchange): boolean => !unanswered(exchange) && !accepted(exchange);

/**
 * The use that was accepted where the thing was made, and the use that another place refused. Before that counts, the other place has to
 * accept what it has made itself, and to refuse the foreign one although the same calls came before there: so neither a lack of rights
 * nor a session is taken for it. `undefined` when every place accepts it, and when it cannot be told.
 */
async function usedElsewhere<Made>(
  context: CheckContext,
  { home, others }: Order,
  handed: HandedOver<Made>,
): Promise<readonly [Exchange, Exchange] | undefined> {
  for (const place of others) {
    const maker = context.client();
    const made = await handed.make(maker, home);
    if (made === undefined) return undefined;
    const there = await handed.use(made, maker, place);
    if (!refused(there)) continue;
    const here = await handed.use(made, context.client(), home);
    if (!accepted(here)) return undefined;
    const other = context.client();
    const own = await handed.make(other, place);
    if (own === undefined || !refused(await handed.use(made, other, place))) continue;
    if (accepted(await handed.use(own, other, place))) return [here, there];
  }
  return undefined;
}

/** What {@link usedElsewhere} finds of each subject, in both orders of the places; `seen` says it. */
export async function findingsElsewhere<Made>(
  context: CheckContext,
  subjects: readonly { readonly subject: string; readonly handed: HandedOver<Made> }[],
  seen: (here: Exchange, there: Exchange) => string,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { subject, handed } of subjects) {
    const finding = await firstFinding(context.places.orders, async (order) => {
      const evidence = await usedElsewhere(context, order, handed);
      return evidence && { subject, seen: seen(...evidence), evidence };
    });
    if (finding !== undefined) findings.push(finding);
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
