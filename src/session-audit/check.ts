/** @module The interface of a check: what it looks for, when it can be made, and how it asks. */
import type { JsonObject } from '../protocol/json-object.ts';
import type { Client } from './client.ts';
import type { Difference } from './differing.ts';
import type { AuditRequest, Exchange, Place } from './exchange.ts';
import type { Flow, Step } from './flow.ts';
import type { Order, Places } from './places.ts';
import type { AuditSurvey } from './survey.ts';

/** `bad`: calls fail or are decided wrongly where several instances serve them. `warning`: they will, or may. `info`: for knowledge. */
type Severity = 'bad' | 'warning' | 'info';

/**
 * Why a check, or a check of one tool, was not made:
 * - `not-pinned`: there are no two instances that can be asked at addresses of their own.
 * - `one-identity`: fewer than two identities were given.
 * - `no-tools`: the server lists no tools.
 * - `not-listed`: the list of tools could not be read.
 * - `other-era`: the rule belongs to the other era.
 * - `not-offered`: the server does not offer what the check is about.
 * - `nothing-to-ask`: the server has nothing of what the check is about.
 * - `no-success`: a call did not succeed that it needs for a comparison, at home or elsewhere.
 * - `same-instance`: no other instance was reached than the one that opened the session.
 * - `not-told-apart`: answers do not name their instance.
 * - `no-answer`: a request of it got no answer.
 * - `ended`: the audit ended before.
 */
export type NotRun =
  | 'not-pinned'
  | 'one-identity'
  | 'no-tools'
  | 'not-listed'
  | 'other-era'
  | 'not-offered'
  | 'nothing-to-ask'
  | 'no-success'
  | 'same-instance'
  | 'not-told-apart'
  | 'no-answer'
  | 'ended';

/** What a check found, with the two exchanges that prove it: what was right, or was made, and what depends on the place. */
export interface Finding {
  /** The tool, or the method. */
  readonly subject: string;
  /** What was seen, in one sentence without the full stop; for people. */
  readonly seen: string;
  readonly evidence: readonly [Exchange, Exchange];
  /** Where the results of the two differ, and what they have there; absent: it is not their content that matters. */
  readonly differing?: Difference;
  /** Absent: that of the check. */
  readonly severity?: Severity;
}

/** What a check asks with. */
export interface CheckContext {
  readonly survey: AuditSurvey;
  /** The tools that can be called, each with the calls that make what it needs. */
  readonly flows: readonly Flow[];
  /** The calls of tools by which flows were looked for, those that failed too. */
  readonly tried: readonly Exchange[];
  readonly places: Places;
  readonly seed: number;
  /** A new client with no session yet, of the identity with that place in `survey.identities`; 0 when absent. It is closed after the check. */
  client(identity?: number): Client;
  /** Calls a flow's steps in order, until one does not succeed. */
  run(
    flow: Flow,
    client: Client,
    placeOf: (step: Step, index: number) => Place,
  ): Promise<readonly Exchange[]>;
  /** The call of a step, with values from results so far, by tool. */
  requestOf(step: Step, results: ReadonlyMap<string, JsonObject>): AuditRequest;
  /** Says that `subject` was not checked, and why. */
  skip(subject: string, why: NotRun): void;
  /** Says that `subject` was checked by what it answered before. */
  saw(subject: string): void;
}

export interface Check {
  /** In lower case with hyphens; stable, since results of CI systems are kept by it. */
  readonly name: string;
  /** What is wrong when it finds something, as a statement. */
  readonly title: string;
  readonly severity: Severity;
  /** What to do about it. */
  readonly fix: string;
  /** What there was none of when there was nothing to ask, in words; absent: there is always something. */
  readonly nothingToAsk?: string;
  /** `undefined`: it can be made. */
  notApplicable(survey: AuditSurvey): NotRun | undefined;
  /** At most one finding for each subject and kind of fault. */
  run(context: CheckContext): Promise<readonly Finding[]>;
}

/** Why a check of what tools do cannot be made. */
export function noTools({ tools, notListed }: AuditSurvey): NotRun | undefined {
  if (tools.length > 0) return undefined;
  return notListed.includes('tools/list') ? 'not-listed' : 'no-tools';
}

/** The first finding of `look` over `orders`; `undefined` when none of them gives one. */
export async function firstFinding(
  orders: readonly Order[],
  look: (order: Order) => Promise<Finding | undefined>,
): Promise<Finding | undefined> {
  for (const order of orders) {
    const finding = await look(order);
    if (finding !== undefined) return finding;
  }
  return undefined;
}
