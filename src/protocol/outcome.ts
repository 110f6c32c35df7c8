/** @module The outcomes of a call: a closed union. */

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
 * - `http-error`: an HTTP error status, and no JSON-RPC message in the body.
 * - `unauthorized`, `forbidden`: HTTP 401, 403.
 * - `session-lost`: to a request that carried a session id (2025-11-25), HTTP 404, or 400 with an error about the session.
 * - `input-required`, `task`: `resultType` of a multi round-trip request, of the Tasks extension.
 * - `timeout`: no complete answer in time. `refused`: no connection. `reset`: the connection closed before the answer was complete.
 * - `tls-error`: the handshake failed, or the certificate was not accepted.
 * - `malformed`: an answer that is not HTTP or not JSON-RPC, has an unknown `resultType`, or carries the id of another call.
 * - `aborted`: still in flight when the run ended.
 */
export type Outcome = (typeof OUTCOMES)[number];

/** Whether the call got an answer: true for all outcomes except transport failures. */
export function answered(outcome: Outcome): boolean {
  return (
    outcome !== 'timeout' &&
    outcome !== 'refused' &&
    outcome !== 'reset' &&
    outcome !== 'tls-error' &&
    outcome !== 'aborted'
  );
}
