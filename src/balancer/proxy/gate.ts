/** @module The hook before forwarding: what decides from a request's head whether an upstream gets to see the request. */
import { withoutFields } from './fields.ts';
import type { ClientHead } from './heads.ts';
import { errorAnswer, type OwnAnswer } from './own-answer.ts';
import type { Piece } from './piece.ts';

/** How a gate changes a request on its way, and the answer to it. */
export interface Changes {
  /** Names, in lower case, of the client's fields that are not passed on. */
  readonly removed: ReadonlySet<string>;
  /** Field lines that are added to the request, each closed by CR LF. */
  readonly added: string;
  /** The same for the final answer of the upstream. */
  readonly addedToAnswer: string;
}

/** The field lines of a request as they are passed on with `changes`. */
export function changedFields({ fields }: ClientHead, { removed, added }: Changes): string {
  return `${withoutFields(fields.text, (name) => removed.has(name))}${added}`;
}

/** The same with the start line: a whole head. */
export function changedHead(head: ClientHead, changes: Changes): string {
  return `${head.startLine}${changedFields(head, changes)}\r\n`;
}

/** What a gate decides. */
export type GateDecision =
  | { readonly kind: 'forward'; readonly changes?: Changes }
  | { readonly kind: 'answer'; readonly answer: OwnAnswer };

/**
 * Called once per request, when its head is complete, with the piece that it begins; the client's next request waits for the decision. An answer ends
 * the connection unless the request's body has arrived completely.
 */
export type Gate = (head: ClientHead, first: Piece<ClientHead>) => GateDecision | Promise<GateDecision>;

/** The decision of `gate`. One that throws or rejects is answered 502: without a decision no request is forwarded. */
export function askGate(
  gate: Gate,
  head: ClientHead,
  first: Piece<ClientHead>,
): GateDecision | Promise<GateDecision> {
  try {
    const decision = gate(head, first);
    return decision instanceof Promise ? decision.catch(failed) : decision;
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): GateDecision {
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: 'answer', answer: errorAnswer(502, `the gate failed: ${reason}`) };
}
