/** @module How a call can end: a closed union. */

export const OUTCOMES = [
  'ok',
  'tool-error',
  'rpc-error',
  'http-error',
  'unauthorized',
  'forbidden',
  'session-lost',
  'input-required',
  'task',
  'timeout',
  'refused',
  'reset',
  'tls-error',
  'malformed',
  'aborted',
] as const;

/**
 * - `ok`: a complete result without `isError`.
 * - `tool-error`: a result with `isError: true`.
 * - `rpc-error`: a JSON-RPC error, whatever the HTTP status.
 * - `http-error`: an HTTP status that says failure and a body that says nothing in JSON-RPC.
 * - `unauthorized`, `forbidden`: HTTP 401, 403.
 * - `session-lost`: to a request that carried a session id (2025-11-25), HTTP 404, or 400 with an error that speaks of the session.
 * - `input-required`, `task`: `resultType` of a multi round-trip request, of the Tasks extension.
 * - `timeout`: no complete answer in time. `refused`: no connection. `reset`: the connection ended in mid-answer.
 * - `tls-error`: the handshake failed, or the certificate was not accepted.
 * - `malformed`: an answer that is not HTTP, not JSON-RPC, has an unknown `resultType` or carries another call's id.
 * - `aborted`: still under way when the run was ended.
 */
export type Outcome = (typeof OUTCOMES)[number];

/** Whether the call got an answer: everything but the failures of transport. */
export function answered(outcome: Outcome): boolean {
  return (
    outcome !== 'timeout' &&
    outcome !== 'refused' &&
    outcome !== 'reset' &&
    outcome !== 'tls-error' &&
    outcome !== 'aborted'
  );
}
