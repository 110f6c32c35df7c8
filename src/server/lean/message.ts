/** @module Checks a request of MCP 2026-07-28: body first, then that the headers say the same. */
import { decodeHeaderValue } from '../../protocol/headers.ts';
import { PROTOCOL_VERSION } from '../../protocol/stateless.ts';
import { foreignOrigin, MCP_PATH } from '../instance.ts';
import type { LeanHead } from './framing.ts';

/** A request fit to be served. */
export interface LeanRequest {
  readonly kind: 'request';
  readonly id: string | number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A rejected request: HTTP status and JSON-RPC error; `id` when it could be read. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly status: number;
  readonly id?: string | number;
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** A notification: accepted, without effect. */
interface Notified {
  readonly kind: 'notification';
}

/** Methods whose `Mcp-Name` header repeats a parameter. Source: MCP 2026-07-28, Streamable HTTP, Standard Request Headers. */
const NAMED: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
export const CAPABILITIES_KEY = 'io.modelcontextprotocol/clientCapabilities';

type JsonObject = Readonly<Record<string, unknown>>;

/** Reads what `head` and `body` ask for. Never throws. */
export function readMessage(head: LeanHead, body: string): LeanRequest | Notified | Refusal {
  const closed = readHead(head);
  if (closed !== undefined) return closed;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return refusal(400, -32700, 'Parse error: the body is not JSON');
  }
  if (!isObject(parsed) || parsed['jsonrpc'] !== '2.0' || typeof parsed['method'] !== 'string') {
    return refusal(400, -32600, 'Invalid Request: expected one JSON-RPC 2.0 request');
  }
  const { id, method, params } = parsed;
  if (id === undefined) return { kind: 'notification' };
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) {
    return refusal(400, -32600, 'Invalid Request: an id is a string or an integer');
  }
  const read = readParams(head, method, params);
  if ('kind' in read) return { ...read, id: id as string | number };
  return { kind: 'request', id: id as string | number, method, params: read.params };
}

/** What the head alone decides. */
function readHead(head: LeanHead): Refusal | undefined {
  if (head.path !== MCP_PATH) return refusal(404, -32600, `Not found: MCP is served at ${MCP_PATH}`);
  if (foreignOrigin(head.headers.get('origin'))) return refusal(403, -32600, 'Forbidden: foreign Origin');
  if (head.method !== 'POST') return refusal(405, -32000, 'Method not allowed: use POST');
  const type = head.headers.get('content-type') ?? '';
  if (!/^application\/json[ \t]*(;|$)/i.test(type)) {
    return refusal(415, -32000, 'Unsupported Media Type: Content-Type must be application/json');
  }
  return undefined;
}

function readParams(
  head: LeanHead,
  method: string,
  params: unknown,
): Refusal | { readonly params: JsonObject } {
  const meta = isObject(params) ? params['_meta'] : undefined;
  if (!isObject(params) || !isObject(meta) || typeof meta[VERSION_KEY] !== 'string') {
    // A client of an earlier revision starts like this: report the supported versions.
    if (method === 'initialize') return unsupported(isObject(params) ? params['protocolVersion'] : undefined);
    return refusal(400, -32602, `Invalid params: params._meta must carry ${VERSION_KEY}`);
  }
  const version = head.headers.get('mcp-protocol-version');
  if (version !== undefined && version !== meta[VERSION_KEY]) {
    return mismatch('MCP-Protocol-Version', version, meta[VERSION_KEY]);
  }
  if (meta[VERSION_KEY] !== PROTOCOL_VERSION) return unsupported(meta[VERSION_KEY]);
  if (version === undefined) return mismatch('MCP-Protocol-Version', version, PROTOCOL_VERSION);
  if (!isObject(meta[CAPABILITIES_KEY])) {
    return refusal(400, -32602, `Invalid params: params._meta must carry ${CAPABILITIES_KEY}`);
  }
  const said = head.headers.get('mcp-method');
  if (said !== method) return mismatch('Mcp-Method', said, method);
  return nameMismatch(head, method, params) ?? { params };
}

function nameMismatch(head: LeanHead, method: string, params: JsonObject): Refusal | undefined {
  const key = NAMED[method];
  if (key === undefined) return undefined;
  const raw = head.headers.get('mcp-name');
  const name = raw === undefined ? undefined : decodeHeaderValue(raw);
  return name === params[key] && name !== undefined ? undefined : mismatch('Mcp-Name', raw, params[key]);
}

function mismatch(header: string, said: string | undefined, body: unknown): Refusal {
  const what = said === undefined ? 'is missing' : `says ${JSON.stringify(said)}`;
  return refusal(400, -32020, `Header mismatch: ${header} ${what}, the body says ${JSON.stringify(body)}`);
}

function unsupported(requested: unknown): Refusal {
  const data = {
    supported: [PROTOCOL_VERSION],
    requested: typeof requested === 'string' ? requested : 'unknown',
  };
  return { ...refusal(400, -32022, 'Unsupported protocol version'), data };
}

/** A refusal whose request is not known yet. */
export function refusal(status: number, code: number, message: string): Refusal {
  return { kind: 'refusal', status, code, message };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
