/** @module Requests of MCP 2025-11-25: a handshake, a session id on every request, a standalone GET stream, a DELETE at the end. */
import {
  argumentsKey,
  asciiJson,
  type Call,
  type CallEncoder,
  CLIENT_INFO,
  idJson,
  OPEN_BODY,
  openParams,
  subjectOf,
} from './call.ts';
import { NO_ARGUMENTS } from './call-arguments.ts';
import { CallRequest, CallTemplate } from './call-request.ts';
import { type HeaderFields, headerFields, NO_FIELDS, type SharedHead, sharedHead } from './header-fields.ts';
import { type HeaderPair, mergeHeaders } from './headers.ts';
import type { Expected, PlainRequest, Request, RequestHead } from './request.ts';
import { SharedRequest } from './shared-request.ts';
import type { TraceContexts } from './trace.ts';

/** The protocol revision that agents of the `sessions` era request. */
export const SESSIONS_PROTOCOL_VERSION = '2025-11-25';

/** The data that every request after the handshake carries. */
export interface SessionContext {
  /** `Mcp-Session-Id` of the answer to `initialize`; `undefined` when the server sent none. */
  readonly id: string | undefined;
  /** The protocol version that the server chose. */
  readonly protocolVersion: string;
  /** The user's headers. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A session that was opened before the load, as plain data. */
export interface OpenedSession {
  readonly id: string;
  /** The protocol version that the server chose. */
  readonly protocolVersion: string;
  /** The instance that created it, if it names itself. */
  readonly servedBy: string | undefined;
  /** The cookies that came with it. */
  readonly setCookies: readonly string[];
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

/**
 * The first request of a session. Carries no session id and no version header. Here and below, `headers` are the user's, and `fields`
 * those of the agent.
 */
export function initialize(id: number | string, headers: Headers, fields: HeaderFields = NO_FIELDS): Request {
  const head = headOf(INITIALIZE_HEAD, headers, (user) => user);
  const body = `${OPEN_BODY}${idJson(id)},"method":"initialize","params":${INITIALIZE}}`;
  return new SharedRequest(head, fields, body, { kind: 'result', id });
}

/** The notification that ends the handshake. The server answers 202. Here and below, `fields` are those of the session, and of the agent. */
export function initialized(headers: Headers, fields: HeaderFields): Request {
  const body = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
  return inSession(POST_HEAD, headers, fields, body, ACCEPTED);
}

/** Opens the standalone stream for messages from the server. The server answers with an event stream that stays open, or with 405. `lastEventId`: the stream continues after that event. */
export function openStream(headers: Headers, fields: HeaderFields, lastEventId?: string): Request {
  const own = lastEventId === undefined ? STREAM_HEAD : streamAfter(lastEventId);
  return inSession(own, headers, fields, '', ACCEPTED);
}

/** Sends the JSON text of an answer to a request of the server. */
export function answerServer(body: string, headers: Headers, fields: HeaderFields): Request {
  return inSession(POST_HEAD, headers, fields, body, ACCEPTED);
}

/**
 * Asks for the rest of the event stream that was to answer request `id`, after its event `lastEventId`.
 * Source: MCP 2025-11-25, Resumability and Redelivery.
 */
export function resumeStream(
  lastEventId: string,
  id: string | number,
  headers: Headers,
  fields: HeaderFields,
): Request {
  return inSession(streamAfter(lastEventId), headers, fields, '', { kind: 'result', id });
}

/** Ends the session. The server answers 2xx, or 405 if clients may not end sessions. */
export function endSession(headers: Headers, fields: HeaderFields): Request {
  return inSession(DELETE_HEAD, headers, fields, '', ACCEPTED);
}

/**
 * An encoder for `call` in any session: the caller passes the session's {@link sessionFields} with every call. `headers` are the
 * user's. Without `traces`, calls carry no trace context. See `statelessCall` for its cost. Throws a `UserError` for an invalid header.
 */
export function sessionCall(
  call: Call,
  headers: Readonly<Record<string, string>>,
  traces?: TraceContexts,
): CallEncoder {
  const head = sharedHead('POST', [ACCEPT, CONTENT_TYPE], splitHeaders(headers).others);
  const open = openParams(call);
  const meta = traces === undefined ? '' : '"_meta":{"traceparent":"';
  const all = { head, end: traces === undefined ? '}}' : '"}}}', traces };
  const comma = (first: boolean): string => (traces === undefined || first ? '' : ',');
  const bare = new CallTemplate({
    ...all,
    afterId: open,
    afterArguments: comma(subjectOf(call) === undefined) + meta,
  });
  const full = new CallTemplate({
    ...all,
    afterId: open + argumentsKey(call),
    afterArguments: comma(false) + meta,
  });
  return (id, args, fields, agent) =>
    args === undefined
      ? new CallRequest(bare, id, NO_ARGUMENTS, fields, agent)
      : new CallRequest(full, id, args, fields, agent);
}

/** A request of any method in `session`, for what is asked beside a load. Throws a `UserError` for an invalid header. */
export function sessionRequest(
  id: number | string,
  { method, params = {} }: PlainRequest,
  session: SessionContext,
): Request {
  const body = `${OPEN_BODY}${idJson(id)},"method":${asciiJson(method)},"params":${asciiJson(params)}}`;
  return inSession(POST_HEAD, session.headers, sessionFields(session), body, { kind: 'result', id });
}

/** The header fields of a session: its version and its id. A user's header with the same name replaces it. */
export function sessionFields({ id, protocolVersion, headers }: SessionContext): HeaderFields {
  const pairs: HeaderPair[] = [['MCP-Protocol-Version', protocolVersion]];
  if (id !== undefined) pairs.push(['Mcp-Session-Id', id]);
  return headerFields(mergeHeaders(pairs, splitHeaders(headers).ofSession), id !== undefined);
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

/**
 * The session that an answer to `initialize` opens, with an id where the server gives one that can be repeated; `undefined` when the
 * answer is invalid. `headers`: the user's.
 */
export function openedSession(
  { body = '', sessionId }: { readonly body?: string | undefined; readonly sessionId?: string | undefined },
  headers: SessionContext['headers'],
): SessionContext | undefined {
  const answer = parseInitialize(body);
  if (answer === undefined) return undefined;
  const id = sessionId !== undefined && isSessionId(sessionId) ? sessionId : undefined;
  return { id, protocolVersion: answer.protocolVersion, headers };
}

const ACCEPTED: Expected = { kind: 'accepted' };

type Headers = Readonly<Record<string, string>>;

/** The beginning of a head: what the protocol asks for. */
interface OwnHead {
  readonly method: RequestHead['method'];
  readonly pairs: readonly HeaderPair[];
}

const INITIALIZE_HEAD: OwnHead = { method: 'POST', pairs: [ACCEPT, CONTENT_TYPE] };
const POST_HEAD: OwnHead = { method: 'POST', pairs: [ACCEPT, CONTENT_TYPE] };
const DELETE_HEAD: OwnHead = { method: 'DELETE', pairs: [ACCEPT] };
const STREAM_HEAD: OwnHead = { method: 'GET', pairs: [['Accept', 'text/event-stream']] };

const streamAfter = (lastEventId: string): OwnHead => ({
  method: 'GET',
  pairs: [...STREAM_HEAD.pairs, ['Last-Event-ID', lastEventId]],
});

/** A request with the fields of a session, if there is one, and of the agent. */
function inSession(
  own: OwnHead,
  headers: Headers,
  fields: HeaderFields,
  body: string,
  expected: Expected,
): Request {
  return new SharedRequest(
    headOf(own, headers, (user) => splitHeaders(user).others),
    fields,
    body,
    expected,
  );
}

/** Heads by what they are made of: all agents of a load have the same. */
const heads = new WeakMap<OwnHead, WeakMap<Headers, SharedHead>>();

function headOf(own: OwnHead, headers: Headers, taken: (user: Headers) => Headers): SharedHead {
  let known = heads.get(own);
  if (known === undefined) {
    known = new WeakMap();
    heads.set(own, known);
  }
  let head = known.get(headers);
  if (head === undefined) {
    head = sharedHead(own.method, own.pairs, taken(headers));
    known.set(headers, head);
  }
  return head;
}

/** The user's headers that replace those of a session, and the others. */
function splitHeaders(headers: Headers): { readonly ofSession: Headers; readonly others: Headers } {
  const isOfSession = ([name]: readonly [string, string]): boolean =>
    /^(?:mcp-session-id|mcp-protocol-version)$/i.test(name);
  const entries = Object.entries(headers);
  return {
    ofSession: Object.fromEntries(entries.filter(isOfSession)),
    others: Object.fromEntries(entries.filter((entry) => !isOfSession(entry))),
  };
}
