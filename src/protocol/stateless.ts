/** @module Requests of MCP 2026-07-28: one POST per call, self-describing, no session. */
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
import { type HeaderFields, NO_FIELDS, type SharedHead, sharedHead } from './header-fields.ts';
import { encodeHeaderValue, type HeaderPair } from './headers.ts';
import type { JsonObject } from './json-object.ts';
import type { PlainRequest, Request } from './request.ts';
import type { TraceContexts } from './trace.ts';

/** The protocol revision of the `stateless` era. */
export const PROTOCOL_VERSION = '2026-07-28';

/** The member of `_meta` in which a client says what it can do. */
export const CAPABILITIES_KEY = 'io.modelcontextprotocol/clientCapabilities';

/** The required members of `params._meta`, without the closing brace, of a client with `capabilities`. Source: MCP 2026-07-28, Base Protocol, `_meta`. */
const metaOf = (capabilities: JsonObject): string =>
  `"_meta":${asciiJson({
    'io.modelcontextprotocol/protocolVersion': PROTOCOL_VERSION,
    'io.modelcontextprotocol/clientInfo': CLIENT_INFO,
    [CAPABILITIES_KEY]: capabilities,
  }).slice(0, -1)}`;

/**
 * An encoder for `call`. The constant parts are made here, once; each call allocates one object. `headers` are the user's; one
 * with the name of a protocol header replaces it. Without `traces`, calls carry no trace context. `capabilities` are those that the
 * client declares. Throws a `UserError` for an invalid header.
 */
export function statelessCall(
  call: Call,
  headers: Readonly<Record<string, string>>,
  traces?: TraceContexts,
  capabilities: JsonObject = {},
): CallEncoder {
  const subject = subjectOf(call);
  const head = statelessHead(call.method, subject, headers);
  const open = openParams(call);
  const known = metaOf(capabilities);
  const meta = traces === undefined ? `${known}}}}` : `${known},"traceparent":"`;
  const all = { head, end: traces === undefined ? '' : '"}}}', traces };
  const bare = new CallTemplate({
    ...all,
    afterId: `${open}${subject === undefined ? '' : ','}`,
    afterArguments: meta,
  });
  const full = new CallTemplate({
    ...all,
    afterId: open + argumentsKey(call),
    afterArguments: `,${meta}`,
  });
  return (id, args, fields, agent) =>
    args === undefined
      ? new CallRequest(bare, id, NO_ARGUMENTS, fields, agent)
      : new CallRequest(full, id, args, fields, agent);
}

/** A `server/discover` request: the probe that detects the era. */
export function discover(id: number | string, headers: Readonly<Record<string, string>>): Request {
  return statelessEncoder({ method: 'server/discover' }, headers)(id, NO_FIELDS);
}

/** An encoder of requests that are no calls of the load: what is asked is the same each time, with the `capabilities` that the client declares. Throws a `UserError` for an invalid header. */
export function statelessEncoder(
  { method, name, params = {} }: PlainRequest,
  headers: Readonly<Record<string, string>>,
  capabilities: JsonObject = {},
): (id: number | string, fields: HeaderFields) => Request {
  const head = statelessHead(method, name, headers);
  const given = asciiJson(params).slice(1, -1);
  const rest = `,"method":${asciiJson(method)},"params":{${given}${given === '' ? '' : ','}${metaOf(capabilities)}}}}`;
  return (id, fields) => ({
    // A copy, because fields remember the last head that was made with them: that of a call should stay.
    head: fields.copy().within(head),
    body: `${OPEN_BODY}${idJson(id)}${rest}`,
    ascii: true,
    expected: { kind: 'result', id },
    inSession: false,
  });
}

function statelessHead(
  method: string,
  name: string | undefined,
  user: Readonly<Record<string, string>>,
): SharedHead {
  const own: HeaderPair[] = [
    ['Accept', 'application/json, text/event-stream'],
    ['Content-Type', 'application/json'],
    ['MCP-Protocol-Version', PROTOCOL_VERSION],
    ['Mcp-Method', method],
  ];
  if (name !== undefined) own.push(['Mcp-Name', encodeHeaderValue(name)]);
  return sharedHead('POST', own, user);
}
