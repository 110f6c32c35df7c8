/** @module Requests of MCP 2025-11-25: a handshake, a session id on everything, a standing stream, a farewell. */
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

/** The protocol revision that the `sessions` era asks for. */
const SESSIONS_PROTOCOL_VERSION = '2025-11-25';

/** What every request after the handshake carries. */
export interface SessionContext {
  /** `Mcp-Session-Id` of the answer to `initialize`; `undefined` when the server minted none. */
  readonly id: string | undefined;
  /** The version the server settled on. */
  readonly protocolVersion: string;
  /** The user's headers. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Whether `text` may be a session id: visible ASCII. Source: MCP 2025-11-25, Session Management. */
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

/** The notification that ends the handshake; answered by 202. */
export function initialized(session: SessionContext): Request {
  const head = sessionHead('POST', [ACCEPT, CONTENT_TYPE], session);
  return inSession(session, head, '{"jsonrpc":"2.0","method":"notifications/initialized"}');
}

/** The standing stream for messages of the server; answered by an event stream that stays open, or 405. */
export function openStream(session: SessionContext): Request {
  return inSession(session, sessionHead('GET', [['Accept', 'text/event-stream']], session), '');
}

/** The end of the session; answered by 2xx, or 405 by a server that keeps its sessions to itself. */
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

/** What an answer to `initialize` settles. */
export interface Initialized {
  readonly protocolVersion: string;
  readonly serverInfo: { readonly name: string; readonly version: string };
}

/** Reads the JSON text of an answer to `initialize`; `undefined` when it is not one. */
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
