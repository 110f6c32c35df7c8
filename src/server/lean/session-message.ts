/** @module Checks a request of MCP 2025-11-25: the session first, then the body. Source: Transports, Session Management. */
import { SESSIONS_PROTOCOL_VERSION } from '../../protocol/sessions.ts';
import type { LeanHead } from './framing.ts';
import { type LeanRequest, type Notified, type Refusal, readBody, readHead, refusal } from './message.ts';
import type { Sessions } from './session-store.ts';

/** A request to listen to messages of the server, or to end the session. */
interface SessionRequest {
  readonly kind: 'listen' | 'end';
  readonly sessionId: string;
}

/** `sessionId`: the session that the request is made in; absent outside of one. */
type InSession = ((LeanRequest | Notified | Refusal) & { readonly sessionId?: string }) | SessionRequest;

/** The HTTP methods of the era. */
export const SESSION_METHODS: readonly string[] = ['GET', 'POST', 'DELETE'];

/** Reads what `head` and `body` ask for. Never throws. */
export function readInSession(head: LeanHead, body: string, sessions: Sessions): InSession {
  const refused = readHead(head, SESSION_METHODS) ?? readVersion(head);
  if (refused !== undefined) return refused;
  const sessionId = head.headers.get('mcp-session-id');
  // Unknown or ended: the client has to initialize again.
  if (sessionId !== undefined && !sessions.has(sessionId)) return refusal(404, -32001, 'Session not found');
  if (head.method !== 'POST') {
    if (sessionId === undefined) return WITHOUT_SESSION;
    return { kind: head.method === 'GET' ? 'listen' : 'end', sessionId };
  }
  const message = readBody(body);
  if (sessionId !== undefined) {
    if (message.kind !== 'request' || message.method !== 'initialize') return { ...message, sessionId };
    return { ...refusal(400, -32600, 'Invalid Request: the session is initialized'), id: message.id };
  }
  if (message.kind === 'refusal') return message;
  if (message.kind === 'request' && message.method === 'initialize') return message;
  return message.kind === 'request' ? { ...WITHOUT_SESSION, id: message.id } : WITHOUT_SESSION;
}

const WITHOUT_SESSION: Refusal = refusal(400, -32000, 'Bad Request: Mcp-Session-Id header is required');

function readVersion(head: LeanHead): Refusal | undefined {
  const version = head.headers.get('mcp-protocol-version');
  if (version === undefined || version === SESSIONS_PROTOCOL_VERSION) return undefined;
  return refusal(
    400,
    -32000,
    `Bad Request: unsupported protocol version (supported: ${SESSIONS_PROTOCOL_VERSION})`,
  );
}
