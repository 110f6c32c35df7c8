/** @module Reads a request of MCP 2025-11-25, all but whether its session is known. Source: Transports, Session Management. */
import { SESSIONS_PROTOCOL_VERSION } from '../../protocol/sessions.ts';
import type { LeanHead } from './framing.ts';
import { type LeanRequest, type Notified, type Refusal, readBody, refusal } from './message.ts';

/** A request to listen to messages of the server, or to end the session. */
interface SessionRequest {
  readonly kind: 'listen' | 'end';
  readonly sessionId: string;
}

/** `sessionId`: the session that the request names. When that is unknown, this is all that is wrong with it. */
export type InSession =
  | ((LeanRequest | Notified | Refusal) & { readonly sessionId?: string | undefined })
  | SessionRequest;

/** The HTTP methods of the era. */
export const SESSION_METHODS: readonly string[] = ['GET', 'POST', 'DELETE'];

/** Reads what `head`, of a method and path that are served, and `body` ask for. Never throws. */
export function readInSession(head: LeanHead, body: string): InSession {
  const message = head.method === 'POST' ? readBody(body) : undefined;
  const sessionId = head.headers.get('mcp-session-id');
  const refused = readVersion(head);
  if (refused !== undefined) return message?.kind === 'request' ? { ...refused, request: message } : refused;
  if (message === undefined) {
    if (sessionId === undefined) return WITHOUT_SESSION;
    return { kind: head.method === 'GET' ? 'listen' : 'end', sessionId };
  }
  if (message.kind !== 'request') {
    if (sessionId !== undefined) return { ...message, sessionId };
    return message.kind === 'refusal' ? message : WITHOUT_SESSION;
  }
  // Exactly the first request of a session has no session id.
  if ((message.method === 'initialize') === (sessionId === undefined)) {
    return sessionId === undefined ? message : { ...message, sessionId };
  }
  const mistake = sessionId === undefined ? WITHOUT_SESSION : INITIALIZED;
  return { ...mistake, id: message.id, request: message, sessionId };
}

const WITHOUT_SESSION: Refusal = refusal(400, -32000, 'Bad Request: Mcp-Session-Id header is required');
const INITIALIZED: Refusal = refusal(400, -32600, 'Invalid Request: the session is initialized');

/** Unknown or ended: the client has to initialize again. */
export const UNKNOWN_SESSION: Refusal = refusal(404, -32001, 'Session not found');

function readVersion(head: LeanHead): Refusal | undefined {
  const version = head.headers.get('mcp-protocol-version');
  if (version === undefined || version === SESSIONS_PROTOCOL_VERSION) return undefined;
  return refusal(
    400,
    -32000,
    `Bad Request: unsupported protocol version (supported: ${SESSIONS_PROTOCOL_VERSION})`,
  );
}
