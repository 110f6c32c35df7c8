/** @module The answers by which servers report a lost session, each seen in a public server (docs/decisions/0007-lost-session-400.md). */
import type { Row } from './row.ts';
import { forgetful, type Handle, json, openEvents, rpcError, text } from './server.ts';

/** A session is lost and a new one is opened, whatever the server says. */
const lost = (name: string, answer: Handle, detail: RegExp): Row => ({
  name: `a lost session: ${name}`,
  serve: () => forgetful(answer),
  outcomes: ['ok', 'session-lost'],
  sessions: { failed: 0 },
  detail,
});

export const LOST: readonly Row[] = [
  lost(
    '404',
    (_, response) => json(response, 404, rpcError(null, -32001, 'Session not found')),
    /Session not found/,
  ),
  lost('401', (_, response) => text(response, 401, 'Unauthorized: Session not found'), /Session not found/),
  lost('400 in text', (_, response) => text(response, 400, 'Invalid session ID'), /Invalid session ID/),
  lost(
    '400 of the Python SDK',
    (_, response) =>
      json(response, 400, rpcError('server-error', -32600, 'Bad Request: No valid session ID provided')),
    /-32600/,
  ),
  lost(
    '400 of a transport that saw no initialize',
    (_, response) => json(response, 400, rpcError(null, -32000, 'Bad Request: Server not initialized')),
    /not initialized/,
  ),
  lost(
    '200 with an error',
    ({ message }, response) => json(response, 200, rpcError(message.id, -32001, 'Session not found')),
    /-32001/,
  ),
  lost(
    '200 with an event that is not JSON-RPC',
    (_, response) => openEvents(response).end('event: message\ndata: {"error":"Session not found"}\n\n'),
    /Session not found/,
  ),
];
