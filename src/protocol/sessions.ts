/** @module Requests of MCP 2025-11-25: a handshake, a session id on every request, a standalone GET stream, a DELETE at the end. */
import {
  asciiJson,
  type Call,
  type CallEncoder,
  CLIENT_INFO,
  idJson,
  OPEN_BODY,
  openParams,
} from './call.ts';
import { CallRequest, type CallTemplate } from './call-request.ts';
import { type HeaderPair, mergeHeaders, requestHead } from './headers.ts';
import type { Expected, Request, RequestHead } from './request.ts';

/** The protocol revision that agents of the `sessions` era request. */
const SESSIONS_PROTOCOL_VERSION = '2025-11-25';

/** The data that every request after the handshake carries. */
export interface SessionContext {
  /** `Mcp-Session-Id` of the answer to `initialize`; `undefined` when the server sent none. */
  readonly id: string | undefined;
  /** The protocol version that the server chose. */
  readonly protocolVersion: string;
  /** The user's headers. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Whether `text` is a valid session id: visible ASCII. Source: MCP 2025-11-25, Session Management. */
export function isSessionId(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

const ACCEPT: HeaderPair = ['Accept', 'application/json, text/event-stream'];
const CONTENT_TYPE: HeaderPair = ['Content-Type', 'application/json'];

const INITIALIZE = asciiJson({
  protocolVersion: SESSIONS_PROTOCOL_VERSION,
  capabilities: {},
  clientInfo: CLIENT_INFO,
});

/** The first request of a session. Carries no session id and no version header. */
export function initialize(id: number | string, headers: Readonly<Record<string, string>>): Request {
  return {
    head: requestHead('POST', mergeHeaders([ACCEPT, CONTENT_TYPE], headers)),
    body: `${OPEN_BODY}${idJson(id)},"method":"initialize","params":${INITIALIZE}}`,
    ascii: true,
    expected: { kind: 'result', id },
    inSession: false,
  };
}

/** The notification that ends the handshake. The server answers 202. */
export function initialized(session: SessionContext): Request {
  const head = sessionHead('POST', [ACCEPT, CONTENT_TYPE], session);
  return inSession(session, head, '{"jsonrpc":"2.0","method":"notifications/initialized"}');
}

/** Opens the standalone stream for messages from the server. The server answers with an event stream that stays open, or with 405. */
export function openStream(session: SessionContext): Request {
  return inSession(session, sessionHead('GET', [['Accept', 'text/event-stream']], session), '');
}

/** Ends the session. The server answers 2xx, or 405 if clients may not end sessions. */
export function endSession(session: SessionContext): Request {
  return inSession(session, sessionHead('DELETE', [ACCEPT], session), '');
}

/** An encoder for `call` within `session`; see `statelessCall` for its cost. Throws a `UserError` for an illegal header. */
export function sessionCall(call: Call, session: SessionContext): CallEncoder {
  const head = sessionHead('POST', [ACCEPT, CONTENT_TYPE], session);
  const open = openParams(call);
  const isList = call.method === 'tools/list';
  const all = { head, inSession: session.id !== undefined, open: OPEN_BODY, afterArguments: '}}', end: '' };
  const bare: CallTemplate = { ...all, afterId: open };
  const full: CallTemplate = { ...all, afterId: `${open},"arguments":` };
  return (id, argumentsJson, ascii) =>
    isList || argumentsJson === undefined
      ? new CallRequest(bare, id, '', true)
      : new CallRequest(full, id, argumentsJson, ascii);
}

/** The content of an answer to `initialize`. */
export interface Initialized {
  readonly protocolVersion: string;
  readonly serverInfo: { readonly name: string; readonly version: string };
}

/** Parses the JSON text of an answer to `initialize`; `undefined` when it is invalid. */
export function parseInitialize(body: string): Initialized | undefined {
  try {
    const { result } = JSON.parse(body) as { result?: Record<string, unknown> };
    const protocolVersion = result?.['protocolVersion'];
    const info = result?.['serverInfo'] as Record<string, unknown> | null | undefined;
    // The version goes into a header of every later request.
    if (typeof protocolVersion !== 'string' || !isSessionId(protocolVersion)) return undefined;
    const text = (value: unknown): string => (typeof value === 'string' ? value : '');
    return { protocolVersion, serverInfo: { name: text(info?.['name']), version: text(info?.['version']) } };
  } catch {
    return undefined;
  }
}

const ACCEPTED: Expected = { kind: 'accepted' };

function inSession(session: SessionContext, head: RequestHead, body: string): Request {
  return { head, body, ascii: true, expected: ACCEPTED, inSession: session.id !== undefined };
}

function sessionHead(
  method: RequestHead['method'],
  own: readonly HeaderPair[],
  session: SessionContext,
): RequestHead {
  const pairs: HeaderPair[] = [...own, ['MCP-Protocol-Version', session.protocolVersion]];
  if (session.id !== undefined) pairs.push(['Mcp-Session-Id', session.id]);
  return requestHead(method, mergeHeaders(pairs, session.headers));
}
