/** @module What a tool, or a further method of a server, sees of a request and gives back: the same for every server and era. */
import type { Identity } from '../guard/guard.ts';
import { type JsonObject, objectOf } from '../protocol/json-object.ts';
import { CAPABILITIES_KEY } from '../protocol/stateless.ts';
import type { StateUse } from './server-timing.ts';

/** A request as tools see it. */
export interface ToolRequest {
  /** All of `params`, with `_meta`, `inputResponses` and `requestState` where the caller has sent them. */
  readonly params: JsonObject;
  /** Who calls; undefined when the calls are not checked, or the check reads no token. */
  readonly identity: Identity | undefined;
}

/** An answer with members of its own. */
export interface ToolResult {
  readonly kind: 'result';
  /** Members of the result, over those that every result of the era has: `content`, `structuredContent`, `isError`, `resultType` and others. */
  readonly members: JsonObject;
  /** Notifications (`method`, `params`) that are sent before the result; the answer is an event stream then. Absent: none. */
  readonly notifications?: readonly JsonObject[];
  /** Of a tool that used a handle. */
  readonly state?: StateUse;
}

/** An answer that is a JSON-RPC error. */
export interface ToolRefusal {
  readonly kind: 'refused';
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
  /** The HTTP status, where the server decides it; @default 200 */
  readonly status?: number;
}

/** What a tool answers: a text, or more. */
export type ToolAnswer = string | ToolResult | ToolRefusal;

/** A method that servers offer beside those of tools, lists and reads: `tasks/get`, `completion/complete`. Only in the era `stateless`. */
export type OfferedMethod = (
  request: ToolRequest,
) => ToolResult | ToolRefusal | Promise<ToolResult | ToolRefusal>;

/** What the client of `request` says that it can do; an empty object when it says nothing. Source: MCP 2026-07-28, `_meta`. */
export function capabilitiesOf({ params: { _meta: meta } }: ToolRequest): JsonObject {
  return objectOf(objectOf(meta)[CAPABILITIES_KEY]);
}

/** A result whose content is the JSON text of `value`, which is its structured content as well. */
export function structured(value: JsonObject, isError = false): ToolResult {
  const content = [{ type: 'text', text: JSON.stringify(value) }];
  return {
    kind: 'result',
    members: { content, structuredContent: value, ...(isError && { isError: true }) },
  };
}

/** A result that says what went wrong in the tool. Source: MCP, `CallToolResult.isError`. */
export function failed(text: string): ToolResult {
  return { kind: 'result', members: { content: [{ type: 'text', text }], isError: true } };
}
