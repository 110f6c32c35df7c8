/** @module One exchange of an audit: what was asked, where it was sent and who served it, and the answer. */

import type { JsonObject } from '../protocol/json-object.ts';
import { answered, type Outcome } from '../protocol/outcome.ts';

/**
 * Where a request is sent: to one instance at its own address, or over a connection of its own to the endpoint, behind which any
 * instance may answer. Requests to places of one name share a connection.
 */
export type Place =
  | { readonly kind: 'instance'; readonly name: string; readonly url: string }
  | { readonly kind: 'connection'; readonly name: string; readonly url: string };

/** What is asked, in either era. */
export interface AuditRequest {
  readonly method: string;
  /** What `Mcp-Name` repeats: a tool, a prompt, a URI or the id of a task. */
  readonly name?: string;
  /** Without `_meta`. */
  readonly params?: JsonObject;
  /** Sent with this request only; one with the name of a header of the protocol replaces it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The `clientCapabilities` that the request declares; stateless era only. */
  readonly capabilities?: JsonObject;
}

/** The answer. At most one of `result` and `error` is there; neither when there was no JSON-RPC answer. */
export interface AuditAnswer {
  readonly outcome: Outcome;
  /** HTTP status; 0 when there was none. */
  readonly status: number;
  readonly result?: JsonObject;
  readonly error?: { readonly code: number | undefined; readonly message: string; readonly data?: unknown };
  /** What went wrong, for display. */
  readonly detail: string | undefined;
  /** `Mcp-Session-Id` of the answer. */
  readonly sessionId: string | undefined;
  readonly setsCookies: boolean;
}

export interface Exchange {
  /** In the order in which the requests of the audit were sent, from 1. */
  readonly number: number;
  /** Whose request it was: the name of an identity. */
  readonly identity: string;
  readonly sentTo: Place;
  /** The instance that answered: that of the address, else the one that the answer names. */
  readonly servedBy: string | undefined;
  /** Whether the request carried a session id. */
  readonly inSession: boolean;
  readonly request: AuditRequest;
  readonly answer: AuditAnswer;
}

/** Whether the answer is a complete result that is no error of a tool. */
export const succeeded = ({ answer }: Exchange): boolean => answer.outcome === 'ok';

/** Statuses with which a gateway says that what is behind it did not answer. Source: RFC 9110, 15.6.3 to 15.6.5. */
const GATEWAY_STATUSES: readonly number[] = [502, 503, 504];

/** Whether no instance answered: nothing can be concluded from it. */
export const unanswered = ({ answer: { outcome, status } }: Exchange): boolean =>
  !answered(outcome) || (outcome === 'http-error' && GATEWAY_STATUSES.includes(status));

/** What a request is about: the tool that is called, else the method. */
export const subjectOf = ({ method, name }: AuditRequest): string =>
  method === 'tools/call' && name !== undefined ? name : method;
