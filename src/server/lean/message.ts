/** @module What a request to the lean server says, in either era: its head, and the JSON-RPC message in its body. */

import { isObject, type JsonObject } from '../../protocol/json-object.ts';
import { foreignOrigin, MCP_PATH } from '../instance.ts';
import type { LeanHead } from './framing.ts';

/** A request fit to be served. */
export interface LeanRequest {
  readonly kind: 'request';
  readonly id: string | number;
  readonly method: string;
  readonly params: JsonObject;
}

/** A rejected request: HTTP status and JSON-RPC error; `id` when it could be read. */
export interface Refusal {
  readonly kind: 'refusal';
  /** What was asked for, when that could be read. */
  readonly request?: LeanRequest;
  readonly status: number;
  readonly id?: string | number;
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** A notification: accepted, without effect. */
export interface Notified {
  readonly kind: 'notification';
  readonly method: string;
}

/** What the JSON-RPC message in `body` is. Parameters that are absent, or no object, are an empty object. Never throws. */
export function readBody(body: string): LeanRequest | Notified | Refusal {
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
  if (id === undefined) return { kind: 'notification', method };
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) {
    return refusal(400, -32600, 'Invalid Request: an id is a string or an integer');
  }
  return { kind: 'request', id: id as string | number, method, params: isObject(params) ? params : {} };
}

/** What the head alone decides, where `methods` of HTTP are served. */
export function readHead(head: LeanHead, methods: readonly string[]): Refusal | undefined {
  if (head.path !== MCP_PATH) return refusal(404, -32600, `Not found: MCP is served at ${MCP_PATH}`);
  if (foreignOrigin(head.headers.get('origin'))) return refusal(403, -32600, 'Forbidden: foreign Origin');
  if (!methods.includes(head.method)) {
    return refusal(405, -32000, `Method not allowed: use ${methods.join(', ')}`);
  }
  if (head.method !== 'POST') return undefined;
  const type = head.headers.get('content-type') ?? '';
  if (!/^application\/json[ \t]*(;|$)/i.test(type)) {
    return refusal(415, -32000, 'Unsupported Media Type: Content-Type must be application/json');
  }
  return undefined;
}

/** A refusal whose request is not known yet. */
export function refusal(status: number, code: number, message: string): Refusal {
  return { kind: 'refusal', status, code, message };
}
